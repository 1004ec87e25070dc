/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* weights.c: the tensors of .safetensors files. */
#include "config.h"

#include "onnx/weights.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "onnx/weights-private.h"

/* Elements that are widened at once. */
#define BLOCK 32768

/* Elements of a tensor that does not stay in a cache once it is widened. */
#define LARGE ((guint64)1 << 20)

typedef struct
{
  gint fd;
  gchar *path;  /* resolved */
  gchar *file;  /* its last part */
  gchar *label; /* as the user named it, for messages */
  struct stat status;
} Source;

struct _PmtWeights
{
  gatomicrefcount ref_count;
  gchar *folder;
  GPtrArray *sources;
  GPtrArray *list; /* of PmtWeight, sorted by name */
  GHashTable *by_name;
  GHashTable *metadata;
};

static void
source_free (Source *source)
{
  if (source->fd >= 0)
    close (source->fd);
  g_free (source->path);
  g_free (source->file);
  g_free (source->label);
  g_free (source);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Source, source_free)

static gboolean
fail_read (const Source *source, const gchar *reason, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("The model file “%s” can't be read: %s"), source->label,
               reason);
  return FALSE;
}

/* Read, not mapped: a file that is cut short meanwhile is an error then, and
 * not a crash. */
static gboolean
read_at (const Source *source,
         guint64 offset,
         gsize length,
         gpointer bytes,
         GError **error)
{
  gsize done = 0;

  while (done < length)
    {
      gssize got = pread (source->fd, (guint8 *)bytes + done, length - done,
                          (off_t)(offset + done));

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return fail_read (source, g_strerror (errno), error);
      if (got == 0)
        return fail_read (source, _ ("It ends too early."), error);
      done += (gsize)got;
    }
  return TRUE;
}

static Source *
source_open (const gchar *path, GError **error)
{
  g_autoptr (Source) source = g_new0 (Source, 1);
  g_autofree gchar *base = g_path_get_basename (path);
  gchar *real;

  source->fd = -1;
  source->label = g_filename_display_name (base);
  real = realpath (path, NULL);
  if (real == NULL)
    {
      fail_read (source, g_strerror (errno), error);
      return NULL;
    }
  source->path = g_strdup (real);
  free (real);
  source->file = g_path_get_basename (source->path);
  /* A pipe would keep the opening waiting. */
  source->fd = open (source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (source->fd < 0 || fstat (source->fd, &source->status) != 0)
    {
      fail_read (source, g_strerror (errno), error);
      return NULL;
    }
  if (!S_ISREG (source->status.st_mode))
    {
      fail_read (source, _ ("It is not a file."), error);
      return NULL;
    }
  return g_steal_pointer (&source);
}

/* Zip archives and pickles are what PyTorch writes. */
static gboolean
refuse_foreign (const Source *source, const guint8 *start, GError **error)
{
  const gboolean is_pickle = memcmp (start, "PK\003\004", 4) == 0
                             || (start[0] == 0x80 && start[1] < 6);

  if (is_pickle)
    g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                 _ ("“%s” is a PyTorch file, which can run programs when it "
                    "is opened, so Pentimento does not open it. Convert it "
                    "to .safetensors first; its publisher often offers that "
                    "as well."),
                 source->label);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                 _ ("“%s” is not a .safetensors file, or it is damaged. "
                    "Download it again."),
                 source->label);
  return FALSE;
}

static gchar *
read_header (const Source *source, guint64 *length, GError **error)
{
  const guint64 size = (guint64)source->status.st_size;
  guint8 start[8] = { 0 };
  g_autofree gchar *text = NULL;
  guint64 header = 0;

  if (!read_at (source, 0, MIN (size, sizeof start), start, error))
    return NULL;
  for (gint i = 7; i >= 0; i--)
    header = header << 8 | start[i];
  if (size < 8 + 2 || header < 2 || header > size - 8
      || header > PMT_WEIGHTS_MAX_HEADER)
    {
      refuse_foreign (source, start, error);
      return NULL;
    }
  text = g_try_malloc (header + 1);
  if (text == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
                   _ ("There is not enough memory to open the model file "
                      "“%s”. Close other programs and try again."),
                   source->label);
      return NULL;
    }
  if (!read_at (source, 8, header, text, error))
    return NULL;
  text[header] = '\0';
  if (text[0] != '{')
    {
      refuse_foreign (source, start, error);
      return NULL;
    }
  *length = header;
  return g_steal_pointer (&text);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const PmtWeight *const *)a)->name,
                 (*(const PmtWeight *const *)b)->name);
}

static gboolean
check_new (PmtWeights *weights,
           const Source *source,
           const GPtrArray *list,
           GError **error)
{
  g_autofree gchar *folder = g_path_get_dirname (source->path);

  if (weights->folder != NULL && !g_str_equal (weights->folder, folder))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The parts of the model “%s” lie in several folders. "
                      "Put them into one."),
                   source->label);
      return FALSE;
    }
  for (guint i = 0; i < list->len; i++)
    {
      const PmtWeight *weight = list->pdata[i];

      if (!g_hash_table_contains (weights->by_name, weight->name))
        continue;
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("Two parts of the model “%s” hold the tensor “%s”. "
                      "Download it again."),
                   source->label, weight->name);
      return FALSE;
    }
  return TRUE;
}

gboolean
pmt_weights_add (PmtWeights *weights, const gchar *path, GError **error)
{
  g_autoptr (Source) source = source_open (path, error);
  g_autoptr (GPtrArray) list = NULL;
  g_autofree gchar *text = NULL;
  guint64 length;

  if (source == NULL)
    return FALSE;
  text = read_header (source, &length, error);
  if (text == NULL)
    return FALSE;
  list = pmt_weights_parse_header (source->label, text, length, 8 + length,
                                   (guint64)source->status.st_size - 8 - length,
                                   weights->metadata, error);
  if (list == NULL || !check_new (weights, source, list, error))
    return FALSE;
  if (weights->folder == NULL)
    weights->folder = g_path_get_dirname (source->path);
  for (guint i = 0; i < list->len; i++)
    {
      PmtWeight *weight = list->pdata[i];

      weight->file = source->file;
      weight->source = (gint)weights->sources->len;
      g_hash_table_insert (weights->by_name, weight->name, weight);
    }
  g_ptr_array_add (weights->sources, g_steal_pointer (&source));
  g_ptr_array_extend_and_steal (weights->list, g_steal_pointer (&list));
  g_ptr_array_sort (weights->list, compare_names);
  return TRUE;
}

PmtWeights *
pmt_weights_open (const gchar *path, GError **error)
{
  g_autoptr (PmtWeights) weights = g_new0 (PmtWeights, 1);

  g_atomic_ref_count_init (&weights->ref_count);
  weights->sources =
      g_ptr_array_new_with_free_func ((GDestroyNotify)source_free);
  weights->list =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_weight_free);
  weights->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  weights->metadata =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return pmt_weights_add (weights, path, error) ? g_steal_pointer (&weights)
                                                : NULL;
}

PmtWeights *
pmt_weights_ref (PmtWeights *weights)
{
  g_atomic_ref_count_inc (&weights->ref_count);
  return weights;
}

void
pmt_weights_unref (PmtWeights *weights)
{
  if (weights == NULL || !g_atomic_ref_count_dec (&weights->ref_count))
    return;
  g_hash_table_unref (weights->by_name);
  g_hash_table_unref (weights->metadata);
  g_ptr_array_unref (weights->list);
  g_ptr_array_unref (weights->sources);
  g_free (weights->folder);
  g_free (weights);
}

static const Source *
get_source (PmtWeights *weights, guint i)
{
  return g_ptr_array_index (weights->sources, i);
}

const gchar *
pmt_weights_get_name (PmtWeights *weights)
{
  return get_source (weights, 0)->label;
}

const gchar *
pmt_weights_get_folder (PmtWeights *weights)
{
  return weights->folder;
}

guint64
pmt_weights_get_size (PmtWeights *weights)
{
  guint64 size = 0;

  for (guint i = 0; i < weights->sources->len; i++)
    size += (guint64)get_source (weights, i)->status.st_size;
  return size;
}

guint
pmt_weights_get_n (PmtWeights *weights)
{
  return weights->list->len;
}

const PmtWeight *
pmt_weights_get (PmtWeights *weights, guint i)
{
  return g_ptr_array_index (weights->list, i);
}

const PmtWeight *
pmt_weights_find (PmtWeights *weights, const gchar *name)
{
  return g_hash_table_lookup (weights->by_name, name);
}

const PmtWeight *
pmt_weights_find_format (PmtWeights *weights, const gchar *format, ...)
{
  g_autofree gchar *name = NULL;
  va_list arguments;

  va_start (arguments, format);
  name = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return pmt_weights_find (weights, name);
}

const gchar *
pmt_weights_get_metadata (PmtWeights *weights, const gchar *key)
{
  return g_hash_table_lookup (weights->metadata, key);
}

guint64
pmt_weight_count (const PmtWeight *weight)
{
  guint64 count = 1;

  for (gint i = 0; i < weight->rank; i++)
    count *= (guint64)weight->dims[i];
  return count;
}

gboolean
pmt_weight_has_shape (const PmtWeight *weight, gint rank, const gint64 *dims)
{
  if (weight->rank != rank)
    return FALSE;
  for (gint i = 0; i < rank; i++)
    if (dims[i] >= 0 && dims[i] != weight->dims[i])
      return FALSE;
  return TRUE;
}

gboolean
pmt_weights_read_bytes (PmtWeights *weights,
                        const PmtWeight *weight,
                        guint64 offset,
                        gsize length,
                        gpointer bytes,
                        GError **error)
{
  g_return_val_if_fail (
      offset <= weight->length && length <= weight->length - offset, FALSE);
  return read_at (get_source (weights, (guint)weight->source),
                  weight->offset + offset, length, bytes, error);
}

static gboolean
read_floats (PmtWeights *weights,
             const PmtWeight *weight,
             guint64 first,
             gsize n,
             gfloat *values,
             GError **error)
{
  if (!pmt_weights_read_bytes (weights, weight, 4 * first, 4 * n, values,
                               error))
    return FALSE;
  if (G_BYTE_ORDER == G_BIG_ENDIAN)
    for (gsize i = 0; i < n; i++)
      {
        guint32 bits;

        memcpy (&bits, values + i, sizeof bits);
        bits = GUINT32_FROM_LE (bits);
        memcpy (values + i, &bits, sizeof bits);
      }
  return TRUE;
}

gboolean
pmt_weights_read (PmtWeights *weights,
                  const PmtWeight *weight,
                  guint64 first,
                  gsize n,
                  gfloat *values,
                  GError **error)
{
  const gsize size = pmt_weight_type_size (weight->type);
  const gboolean is_large = pmt_weight_count (weight) >= LARGE;
  g_autofree guint8 *block = NULL;

  if (size == 0)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("The tensor “%s” of the model file “%s” has the type "
                      "%s, which Pentimento can't use. Look for a version of "
                      "the model in half or full precision."),
                   weight->name,
                   get_source (weights, (guint)weight->source)->label,
                   weight->dtype);
      return FALSE;
    }
  if (weight->type == PMT_WEIGHT_FLOAT32)
    return read_floats (weights, weight, first, n, values, error);
  block = g_malloc (BLOCK * size);
  for (gsize done = 0; done < n; done += BLOCK)
    {
      const gsize part = MIN (BLOCK, n - done);

      if (!pmt_weights_read_bytes (weights, weight, (first + done) * size,
                                   part * size, block, error))
        return FALSE;
      pmt_weights_widen (weight->type, block, part, is_large, values + done);
    }
  return TRUE;
}

gboolean
pmt_weights_check (PmtWeights *weights, GError **error)
{
  for (guint i = 0; i < weights->sources->len; i++)
    {
      const Source *source = get_source (weights, i);
      const struct stat *old = &source->status;
      struct stat now;

      if (stat (source->path, &now) == 0 && now.st_dev == old->st_dev
          && now.st_ino == old->st_ino && now.st_size == old->st_size
          && now.st_mtim.tv_sec == old->st_mtim.tv_sec
          && now.st_mtim.tv_nsec == old->st_mtim.tv_nsec)
        continue;
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The model file “%s” was changed or removed while it "
                      "was in use. Run again to open it anew."),
                   source->label);
      return FALSE;
    }
  return TRUE;
}
