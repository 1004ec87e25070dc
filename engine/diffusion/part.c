/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* part.c: looking up the tensors of one network. */
#include "config.h"

#include "diffusion/part.h"

#include <glib/gi18n-lib.h>
#include <sys/stat.h>

#define MAX_SIZE (1 << 24)
#define MAX_NAMED 3

gboolean
pmt_part_has (const PmtPart *part)
{
  return part->weights != NULL || part->onnx != NULL;
}

void
pmt_part_clear (PmtPart *part)
{
  g_clear_pointer (&part->weights, pmt_weights_unref);
  g_clear_pointer (&part->prefix, g_free);
  g_clear_pointer (&part->onnx, g_free);
  g_clear_pointer (&part->onnx_encoder, g_free);
  g_clear_pointer (&part->stamp, g_free);
}

static void
append_stamp (GString *stamp, const gchar *path)
{
  struct stat status;

  if (path != NULL && stat (path, &status) == 0)
    g_string_append_printf (
        stamp,
        "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT
        " %" G_GINT64_FORMAT ".%09ld\n",
        (guint64)status.st_dev, (guint64)status.st_ino, (gint64)status.st_size,
        (gint64)status.st_mtim.tv_sec, (glong)status.st_mtim.tv_nsec);
}

static gchar *
make_stamp (const PmtPart *part)
{
  GString *stamp = g_string_new (NULL);

  append_stamp (stamp, part->onnx);
  append_stamp (stamp, part->onnx_encoder);
  return g_string_free (stamp, FALSE);
}

void
pmt_part_set_onnx (PmtPart *part, gchar *onnx, gchar *encoder)
{
  part->onnx = onnx;
  part->onnx_encoder = encoder;
  part->stamp = make_stamp (part);
}

gboolean
pmt_part_is_unchanged (const PmtPart *part)
{
  g_autofree gchar *stamp = NULL;

  if (part->weights != NULL)
    return pmt_weights_check (part->weights, NULL);
  if (part->onnx == NULL)
    return TRUE;
  stamp = make_stamp (part);
  return g_strcmp0 (stamp, part->stamp) == 0;
}

static const PmtWeight *G_GNUC_PRINTF (2, 0) find (const PmtPart *part,
                                                   const gchar *format,
                                                   va_list arguments,
                                                   gchar **name)
{
  g_autofree gchar *tail = g_strdup_vprintf (format, arguments);
  g_autofree gchar *full = g_strconcat (part->prefix, tail, NULL);
  const PmtWeight *weight =
      part->weights != NULL ? pmt_weights_find (part->weights, full) : NULL;

  if (name != NULL)
    *name = g_steal_pointer (&full);
  return weight;
}

const PmtWeight *
pmt_part_find (const PmtPart *part, const gchar *format, ...)
{
  const PmtWeight *weight;
  va_list arguments;

  va_start (arguments, format);
  weight = find (part, format, arguments, NULL);
  va_end (arguments);
  return weight;
}

void
pmt_part_reader_begin (PmtPartReader *reader, const PmtPart *part)
{
  reader->part = part;
  reader->missing = g_ptr_array_new_with_free_func (g_free);
  reader->wrong = g_ptr_array_new_with_free_func (g_free);
}

gchar *
pmt_weight_shape_text (const PmtWeight *weight)
{
  GString *text = g_string_new (NULL);

  for (gint i = 0; i < weight->rank; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? " × " : "",
                            weight->dims[i]);
  return g_string_free (text, FALSE);
}

void
pmt_part_reader_reject (PmtPartReader *reader, const PmtWeight *weight)
{
  g_autofree gchar *shape = pmt_weight_shape_text (weight);

  g_ptr_array_add (reader->wrong,
                   g_strdup_printf ("%s (%s)", weight->name, shape));
}

static const PmtWeight *G_GNUC_PRINTF (3, 0) need (PmtPartReader *reader,
                                                   gint rank,
                                                   const gchar *format,
                                                   va_list arguments)
{
  g_autofree gchar *name = NULL;
  const PmtWeight *weight = find (reader->part, format, arguments, &name);

  if (weight == NULL)
    {
      g_ptr_array_add (reader->missing, g_steal_pointer (&name));
      return NULL;
    }
  for (gint i = 0; i < weight->rank; i++)
    if (weight->rank != rank || weight->dims[i] < 1
        || weight->dims[i] > MAX_SIZE)
      {
        pmt_part_reader_reject (reader, weight);
        return NULL;
      }
  if (weight->rank == rank)
    return weight;
  pmt_part_reader_reject (reader, weight);
  return NULL;
}

const PmtWeight *
pmt_part_reader_need (PmtPartReader *reader,
                      gint rank,
                      const gchar *format,
                      ...)
{
  const PmtWeight *weight;
  va_list arguments;

  va_start (arguments, format);
  weight = need (reader, rank, format, arguments);
  va_end (arguments);
  return weight;
}

gint
pmt_part_reader_need_dim (
    PmtPartReader *reader, gint rank, gint i, const gchar *format, ...)
{
  const PmtWeight *weight;
  va_list arguments;

  va_start (arguments, format);
  weight = need (reader, rank, format, arguments);
  va_end (arguments);
  return weight != NULL ? (gint)weight->dims[i] : 0;
}

/* (transfer full): the first few, in the order in which they were noted. */
static gchar *
list_names (const GPtrArray *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (names->len, MAX_NAMED); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            (const gchar *)names->pdata[i]);
  if (names->len > MAX_NAMED)
    g_string_append (text, ", …");
  return g_string_free (text, FALSE);
}

gboolean
pmt_part_reader_end (PmtPartReader *reader, GError **error)
{
  g_autoptr (GPtrArray) missing = g_steal_pointer (&reader->missing);
  g_autoptr (GPtrArray) wrong = g_steal_pointer (&reader->wrong);
  const gchar *label = pmt_weights_get_name (reader->part->weights);
  g_autofree gchar *names = list_names (missing->len > 0 ? missing : wrong);

  if (missing->len > 0)
    g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                 _ ("The model “%s” lacks tensors that it should have: %s. It "
                    "is incomplete; download it again."),
                 label, names);
  else if (wrong->len > 0)
    g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                 _ ("The model “%s” has tensors of sizes that do not fit "
                    "together: %s. It is damaged, or of a kind that is not "
                    "supported."),
                 label, names);
  return missing->len == 0 && wrong->len == 0;
}
