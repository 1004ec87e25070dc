/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* weights-header.c: the header of a .safetensors file, which may be hostile. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/json.h"
#include "onnx/weights-private.h"

/* Real checkpoints have below 5,000; with an average of their weights beside
 * them, twice that. */
#define MAX_TENSORS 200000
#define MAX_NAME 1024

/* Bits of an element; types of less than a byte exist. */
static const struct
{
  const gchar *name;
  gint bits;
  PmtWeightType type;
} dtypes[] = {
  { "F32", 32, PMT_WEIGHT_FLOAT32 },   { "F16", 16, PMT_WEIGHT_FLOAT16 },
  { "BF16", 16, PMT_WEIGHT_BFLOAT16 }, { "F64", 64, PMT_WEIGHT_FLOAT64 },
  { "I64", 64, PMT_WEIGHT_INT64 },     { "U8", 8, PMT_WEIGHT_UINT8 },
  { "I8", 8, PMT_WEIGHT_OTHER },       { "BOOL", 8, PMT_WEIGHT_OTHER },
  { "I16", 16, PMT_WEIGHT_OTHER },     { "U16", 16, PMT_WEIGHT_OTHER },
  { "I32", 32, PMT_WEIGHT_OTHER },     { "U32", 32, PMT_WEIGHT_OTHER },
  { "U64", 64, PMT_WEIGHT_OTHER },     { "C64", 64, PMT_WEIGHT_OTHER },
  { "F8_E4M3", 8, PMT_WEIGHT_OTHER },  { "F8_E5M2", 8, PMT_WEIGHT_OTHER },
  { "F8_E8M0", 8, PMT_WEIGHT_OTHER },  { "F6_E2M3", 6, PMT_WEIGHT_OTHER },
  { "F6_E3M2", 6, PMT_WEIGHT_OTHER },  { "F4", 4, PMT_WEIGHT_OTHER },
};

typedef struct
{
  const gchar *label;
  guint64 data_start;
  guint64 data_size;
  GError **error;
} Header;

gsize
pmt_weight_type_size (PmtWeightType type)
{
  for (guint i = 0; i < G_N_ELEMENTS (dtypes); i++)
    if (type != PMT_WEIGHT_OTHER && dtypes[i].type == type)
      return dtypes[i].bits / 8;
  return 0;
}

void
pmt_weight_free (PmtWeight *weight)
{
  g_free (weight->name);
  g_free (weight);
}

static gboolean G_GNUC_PRINTF (2, 3)
    fail (const Header *header, const gchar *format, ...)
{
  g_autofree gchar *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  /* Translators: the first %s is a file, the second a sentence */
  g_set_error (header->error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The model file “%s” is damaged: %s Download it again."),
               header->label, reason);
  return FALSE;
}

static gboolean
to_count (const cJSON *node, guint64 *value)
{
  if (!cJSON_IsNumber (node) || node->valuedouble < 0
      || node->valuedouble > PMT_JSON_MAX_INT
      || node->valuedouble != (gdouble)(guint64)node->valuedouble)
    return FALSE;
  *value = (guint64)node->valuedouble;
  return TRUE;
}

static gboolean
read_dtype (const Header *header,
            const cJSON *entry,
            PmtWeight *weight,
            gint *bits)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (entry, "dtype");

  if (!cJSON_IsString (node))
    return fail (header, _ ("The tensor “%s” has no type."), weight->name);
  for (guint i = 0; i < G_N_ELEMENTS (dtypes); i++)
    if (g_str_equal (dtypes[i].name, node->valuestring))
      {
        g_strlcpy (weight->dtype, dtypes[i].name, sizeof weight->dtype);
        weight->type = dtypes[i].type;
        *bits = dtypes[i].bits;
        return TRUE;
      }
  return fail (header, _ ("The tensor “%s” has an unknown type."),
               weight->name);
}

static gboolean
read_shape (const Header *header,
            const cJSON *entry,
            PmtWeight *weight,
            guint64 *count)
{
  const cJSON *shape = cJSON_GetObjectItemCaseSensitive (entry, "shape");
  const cJSON *node;
  guint64 size;

  if (!cJSON_IsArray (shape))
    return fail (header, _ ("The tensor “%s” has no shape."), weight->name);
  *count = 1;
  cJSON_ArrayForEach (node, shape)
  {
    if (weight->rank == PMT_TENSOR_MAX_RANK || !to_count (node, &size)
        || size > G_MAXINT64 || !g_uint64_checked_mul (count, *count, size))
      return fail (header, _ ("The tensor “%s” has a shape that can't be."),
                   weight->name);
    weight->dims[weight->rank++] = (gint64)size;
  }
  return TRUE;
}

static gboolean
read_offsets (const Header *header,
              const cJSON *entry,
              PmtWeight *weight,
              guint64 count,
              gint bits)
{
  const cJSON *offsets =
      cJSON_GetObjectItemCaseSensitive (entry, "data_offsets");
  guint64 total_bits;
  guint64 begin;
  guint64 end;

  if (!cJSON_IsArray (offsets) || cJSON_GetArraySize (offsets) != 2
      || !to_count (cJSON_GetArrayItem (offsets, 0), &begin)
      || !to_count (cJSON_GetArrayItem (offsets, 1), &end) || begin > end)
    return fail (header, _ ("The tensor “%s” has no valid place."),
                 weight->name);
  if (end > header->data_size)
    return fail (header, _ ("The tensor “%s” lies behind the end of the file."),
                 weight->name);
  if (!g_uint64_checked_mul (&total_bits, count, (guint64)bits)
      || total_bits % 8 != 0 || total_bits / 8 != end - begin)
    return fail (header, _ ("The tensor “%s” has another size than its shape."),
                 weight->name);
  weight->offset = header->data_start + begin;
  weight->length = end - begin;
  return TRUE;
}

static PmtWeight *
read_weight (const Header *header, const cJSON *entry)
{
  PmtWeight *weight = g_new0 (PmtWeight, 1);
  guint64 count;
  gint bits;

  weight->name = g_strdup (entry->string);
  if ((cJSON_IsObject (entry)
       || fail (header, _ ("The tensor “%s” is not described."), weight->name))
      && read_dtype (header, entry, weight, &bits)
      && read_shape (header, entry, weight, &count)
      && read_offsets (header, entry, weight, count, bits))
    return weight;
  pmt_weight_free (weight);
  return NULL;
}

static gboolean
read_metadata (const Header *header, const cJSON *object, GHashTable *metadata)
{
  const cJSON *node;

  if (!cJSON_IsObject (object))
    return fail (header, _ ("Its description is not valid."));
  cJSON_ArrayForEach (node, object)
  {
    if (!cJSON_IsString (node))
      return fail (header, _ ("Its description is not valid."));
    g_hash_table_replace (metadata, g_strdup (node->string),
                          g_strdup (node->valuestring));
  }
  return TRUE;
}

static gint
compare_places (gconstpointer a, gconstpointer b)
{
  const PmtWeight *one = *(const PmtWeight *const *)a;
  const PmtWeight *two = *(const PmtWeight *const *)b;

  if (one->offset != two->offset)
    return one->offset < two->offset ? -1 : 1;
  return (one->length > two->length) - (one->length < two->length);
}

static gboolean
check_overlaps (const Header *header, GPtrArray *weights)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (weights, NULL, NULL);

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_places);
  for (guint i = 1; i < sorted->len; i++)
    {
      const PmtWeight *last = sorted->pdata[i - 1];
      const PmtWeight *next = sorted->pdata[i];

      if (next->offset < last->offset + last->length)
        return fail (header, _ ("The tensors “%s” and “%s” overlap."),
                     last->name, next->name);
    }
  return TRUE;
}

static gboolean
read_entry (const Header *header,
            const cJSON *entry,
            GHashTable *seen,
            GPtrArray *weights,
            GHashTable *metadata)
{
  PmtWeight *weight;

  if (g_str_equal (entry->string, "__metadata__"))
    return read_metadata (header, entry, metadata);
  if (entry->string[0] == '\0' || strlen (entry->string) > MAX_NAME)
    return fail (header, _ ("A tensor has no valid name."));
  if (weights->len == MAX_TENSORS)
    return fail (header, _ ("It has more than %d tensors."), MAX_TENSORS);
  weight = read_weight (header, entry);
  if (weight == NULL)
    return FALSE;
  g_ptr_array_add (weights, weight);
  return g_hash_table_add (seen, weight->name)
         || fail (header, _ ("It has the tensor “%s” twice."), weight->name);
}

GPtrArray *
pmt_weights_parse_header (const gchar *label,
                          const gchar *text,
                          gsize length,
                          guint64 data_start,
                          guint64 data_size,
                          GHashTable *metadata,
                          GError **error)
{
  const Header header = { label, data_start, data_size, error };
  g_autoptr (GPtrArray) weights =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_weight_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) local = NULL;
  g_autoptr (cJSON) root = pmt_json_parse_large (
      label, text, length, PMT_WEIGHTS_MAX_HEADER, PMT_ERROR_MODEL, &local);
  const cJSON *entry;

  if (!cJSON_IsObject (root))
    {
      fail (&header, _ ("Its header is not valid."));
      return NULL;
    }
  cJSON_ArrayForEach (entry, root)
  {
    if (!read_entry (&header, entry, seen, weights, metadata))
      return NULL;
  }
  if (!check_overlaps (&header, weights))
    return NULL;
  return g_steal_pointer (&weights);
}
