/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* embeddings.c: the folder of the user's textual inversions. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/embeddings-private.h"

#define MAX_DEPTH 4
#define MAX_FILES 4096

/* Of all vectors of a prompt: 256 MB. */
#define MAX_VALUES (1 << 26)

/* The index is by folded names and tokens; the files belong to the list. */
struct _PmtEmbeddings
{
  GPtrArray *files;
  GHashTable *index;
};

void
pmt_embeddings_free (PmtEmbeddings *embeddings)
{
  if (embeddings == NULL)
    return;
  g_hash_table_unref (embeddings->index);
  g_ptr_array_unref (embeddings->files);
  g_free (embeddings);
}

/* The same for names that differ in case or in how accents are written. */
static gchar *
fold (const gchar *name)
{
  g_autofree gchar *composed =
      g_utf8_normalize (name, -1, G_NORMALIZE_DEFAULT_COMPOSE);

  return g_utf8_casefold (composed != NULL ? composed : name, -1);
}

/* The bytes before a suffix of such files; 0 when it is none. */
static gsize
stem_length (const gchar *file)
{
  static const gchar *suffixes[] = {
    ".safetensors", ".pt", ".bin", ".ckpt", ".pth",
  };
  g_autofree gchar *lower = g_ascii_strdown (file, -1);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (lower, suffixes[i]))
      return strlen (file) - strlen (suffixes[i]);
  return 0;
}

/* -------------------------------------------------------------- folder -- */

static guint
count_folders (const gchar *path)
{
  guint n = 0;

  for (; *path != '\0'; path++)
    n += G_IS_DIR_SEPARATOR (*path);
  return n;
}

/* Those outside folders first. */
static gint
compare_paths (gconstpointer a, gconstpointer b)
{
  const gchar *one = *(const gchar *const *)a;
  const gchar *two = *(const gchar *const *)b;
  const guint n_one = count_folders (one);
  const guint n_two = count_folders (two);

  return n_one != n_two ? (n_one < n_two ? -1 : 1) : strcmp (one, two);
}

/* Paths below @root, of files and folders that end up in @paths. */
static gboolean
list_folder (const gchar *root,
             const gchar *below,
             guint depth,
             GPtrArray *paths,
             GError **error)
{
  g_autofree gchar *folder = g_build_filename (root, below, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  const gchar *name;

  if (dir == NULL)
    return FALSE;
  while (paths->len < MAX_FILES && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (folder, name, NULL);
      g_autofree gchar *relative = *below != '\0'
                                       ? g_build_filename (below, name, NULL)
                                       : g_strdup (name);

      if (name[0] == '.')
        continue;
      if (stem_length (name) > 0)
        g_ptr_array_add (paths, g_steal_pointer (&relative));
      else if (depth < MAX_DEPTH && g_file_test (path, G_FILE_TEST_IS_DIR))
        /* A folder inside that can't be read hides no other file. */
        list_folder (root, relative, depth + 1, paths, NULL);
    }
  return TRUE;
}

static void
add_name (PmtEmbeddings *embeddings, const gchar *name, PmtEmbedding *embedding)
{
  g_autofree gchar *key = fold (name);
  const PmtEmbedding *other = g_hash_table_lookup (embeddings->index, key);

  if (other == NULL || (other->error != NULL && embedding->error == NULL))
    g_hash_table_insert (embeddings->index, g_steal_pointer (&key), embedding);
}

/* @relative: the path below the folder. */
static void
add_file (PmtEmbeddings *embeddings, const gchar *root, const gchar *relative)
{
  g_autofree gchar *path = g_build_filename (root, relative, NULL);
  g_autofree gchar *shown = g_filename_display_name (relative);
  g_autofree gchar *file = g_path_get_basename (shown);
  g_autofree gchar *name = g_strndup (file, stem_length (file));
  g_autofree gchar *stem = g_strndup (shown, stem_length (shown));
  PmtEmbedding *embedding = pmt_embedding_new (path, name);

  g_ptr_array_add (embeddings->files, embedding);
  add_name (embeddings, name, embedding);
  add_name (embeddings, file, embedding);
  add_name (embeddings, stem, embedding);
  add_name (embeddings, shown, embedding);
}

gboolean
pmt_embeddings_add (PmtEmbeddings *embeddings,
                    const gchar *folder,
                    GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  const guint first = embeddings->files->len;

  if (!list_folder (folder, "", 1, paths, &local)
      && !g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The embeddings can't be listed: %s"), local->message);
      return FALSE;
    }
  g_ptr_array_sort (paths, compare_paths);
  for (guint i = 0; i < paths->len; i++)
    add_file (embeddings, folder, paths->pdata[i]);
  /* Last, so that they hide no file's name. */
  for (guint i = first; i < embeddings->files->len; i++)
    {
      PmtEmbedding *embedding = embeddings->files->pdata[i];

      if (embedding->token != NULL)
        add_name (embeddings, embedding->token, embedding);
    }
  return TRUE;
}

PmtEmbeddings *
pmt_embeddings_open (const gchar *folder, GError **error)
{
  g_autoptr (PmtEmbeddings) embeddings = g_new0 (PmtEmbeddings, 1);

  g_return_val_if_fail (folder != NULL, NULL);
  embeddings->files =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_embedding_free);
  embeddings->index =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!pmt_embeddings_add (embeddings, folder, error))
    return NULL;
  return g_steal_pointer (&embeddings);
}

guint
pmt_embeddings_get_n (const PmtEmbeddings *embeddings)
{
  return embeddings->files->len;
}

const PmtEmbedding *
pmt_embeddings_get (const PmtEmbeddings *embeddings, guint i)
{
  g_return_val_if_fail (i < embeddings->files->len, NULL);
  return embeddings->files->pdata[i];
}

const PmtEmbedding *
pmt_embeddings_find (const PmtEmbeddings *embeddings, const gchar *name)
{
  g_autofree gchar *key = fold (name);

  return g_hash_table_lookup (embeddings->index, key);
}

/* ------------------------------------------------------------- vectors -- */

static guint
count_texts (PmtFamily family)
{
  return family == PMT_FAMILY_SDXL ? 2 : 1;
}

guint
pmt_embeddings_look_up (const gchar *name, gpointer target)
{
  const PmtEmbeddingTarget *wanted = target;
  const PmtEmbedding *embedding =
      pmt_embeddings_find (wanted->embeddings, name);

  if (embedding == NULL)
    return 0;
  return embedding->n_texts > wanted->which
             ? embedding->n_vectors[wanted->which]
             : 1;
}

/* What a file was made for, by the widths of the published families. */
static const gchar *
describe_origin (const PmtEmbedding *embedding)
{
  if (embedding->n_texts == 2)
    return "SDXL";
  switch (embedding->widths[0])
    {
    case 768:
      return "Stable Diffusion 1.x";
    case 1024:
      return "Stable Diffusion 2.x";
    case 1280:
    case 2048:
      return "SDXL";
    default:
      return NULL;
    }
}

static gboolean
fail_other (const PmtEmbedding *embedding,
            const PmtEmbeddingTarget *target,
            GError **error)
{
  static const gchar *families[] = {
    "Stable Diffusion 1.x",
    "Stable Diffusion 2.x",
    "SDXL",
  };
  const gchar *made = describe_origin (embedding);
  const gchar *wanted = families[target->family];
  const guint which = MIN (target->which, embedding->n_texts - 1);

  if (made != NULL && !g_str_equal (made, wanted))
    g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                 _ ("The embedding “%s” was made for %s, but the checkpoint "
                    "is %s. Take its name out of the prompt, or use one that "
                    "was made for %s."),
                 embedding->name, made, wanted, wanted);
  else if (embedding->n_texts < count_texts (target->family))
    g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                 _ ("The embedding “%s” was made for one text encoder, but "
                    "%s has two. Take its name out of the prompt."),
                 embedding->name, wanted);
  else
    g_set_error (
        error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
        _ ("The embedding “%s” was made for another checkpoint: its "
           "vectors have %lld values, and the text encoder takes %lld. "
           "Take its name out of the prompt."),
        embedding->name, (long long)embedding->widths[which],
        (long long)target->width);
  return FALSE;
}

static gboolean
check_fits (const PmtEmbedding *embedding,
            const PmtEmbeddingTarget *target,
            GError **error)
{
  if (embedding->error != NULL)
    {
      g_propagate_error (error, g_error_copy (embedding->error));
      return FALSE;
    }
  if (embedding->n_texts != count_texts (target->family)
      || embedding->widths[target->which] != target->width)
    return fail_other (embedding, target, error);
  return TRUE;
}

gfloat *
pmt_embeddings_read (const PmtEmbeddingTarget *target,
                     const PmtChunks *chunks,
                     guint *n,
                     GError **error)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (gfloat));
  guint sum = 0;

  g_return_val_if_fail (target != NULL && chunks != NULL && n != NULL, NULL);
  g_return_val_if_fail (target->which < count_texts (target->family), NULL);
  for (guint i = 0; i < chunks->embeddings->len; i++)
    {
      const PmtEmbedding *embedding = pmt_embeddings_find (
          target->embeddings, chunks->embeddings->pdata[i]);
      const guint size = g_array_index (chunks->embedding_sizes, guint, i);
      const guint start = values->len;

      g_return_val_if_fail (embedding != NULL, NULL);
      if (!check_fits (embedding, target, error))
        return NULL;
      g_return_val_if_fail (embedding->n_vectors[target->which] == size, NULL);
      sum += size;
      if (sum > MAX_VALUES / target->width)
        {
          g_set_error_literal (
              error, PMT_ERROR, PMT_ERROR_MEMORY,
              _ ("The prompt names too many embeddings at once."));
          return NULL;
        }
      g_array_set_size (values, start + size * (guint)target->width);
      if (!pmt_embedding_read (embedding, target->which,
                               &g_array_index (values, gfloat, start), error))
        return NULL;
    }
  *n = sum;
  if (values->len == 0)
    g_array_set_size (values, 1);
  return (gfloat *)(gpointer)g_array_free (g_steal_pointer (&values), FALSE);
}
