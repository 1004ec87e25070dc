/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* chunks-comfyui.c: chunks as ComfyUI makes them. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/chunk-builder.h"
#include "prompt/prompt-text.h"

#define MARK "embedding:"

/* Groups of that many tokens and more are cut where a chunk ends; shorter
 * ones move to the next chunk. */
#define LARGE_GROUP 8

static void
add_group (PmtChunkBuilder *builder, const GArray *ids, gdouble weight)
{
  const gboolean is_large = ids->len >= LARGE_GROUP;
  guint at = 0;

  while (at < ids->len)
    {
      const guint room = PMT_CHUNK_ROOM - builder->items->len;
      const gboolean fits = ids->len - at <= room;
      const guint n = fits ? ids->len - at : is_large ? room : 0;

      for (guint i = 0; i < n; i++)
        pmt_chunk_builder_add (builder, g_array_index (ids, gint64, at + i),
                               weight);
      at += n;
      if (!fits)
        pmt_chunk_builder_finish (builder);
    }
}

static void
add_text (PmtChunkBuilder *builder, const gchar *text, gdouble weight)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  pmt_tokenizer_encode (builder->tokenizer, text, ids);
  add_group (builder, ids, weight);
}

static void
add_embedding (PmtChunkBuilder *builder,
               const gchar *name,
               guint n_vectors,
               gdouble weight)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  const gint64 first = pmt_chunk_builder_use (builder, name, n_vectors);

  for (guint i = 0; i < n_vectors; i++)
    {
      const gint64 id = first - i;

      g_array_append_val (ids, id);
    }
  add_group (builder, ids, weight);
}

/* The first word of @text; @rest gets the others, with single spaces. */
static gchar *
cut_word (const gchar *text, gchar **rest)
{
  g_autoptr (GString) others = g_string_new (NULL);
  gchar *first = NULL;
  const gchar *p = text;

  for (;;)
    {
      const gchar *start = pmt_prompt_skip_space (p, text + strlen (text));
      g_autofree gchar *word = NULL;

      for (p = start; *p != '\0' && !pmt_prompt_is_space (g_utf8_get_char (p));)
        p = g_utf8_next_char (p);
      if (p == start)
        break;
      word = g_strndup (start, p - start);
      if (first == NULL)
        first = g_steal_pointer (&word);
      else
        g_string_append_printf (others, "%s%s", others->len > 0 ? " " : "",
                                word);
    }
  *rest = g_string_free (g_steal_pointer (&others), FALSE);
  return first;
}

/* @word without commas at both ends. */
static gchar *
strip_commas (const gchar *word)
{
  const gchar *start = word + strspn (word, ",");
  gsize length = strlen (start);

  while (length > 0 && start[length - 1] == ',')
    length--;
  return g_strndup (start, length);
}

/* A name that nobody knows may have a comma behind it.  What is then left of
 * it counts from the length of the name alone: so it is in ComfyUI, also for
 * commas before the name. */
static void
move_commas (gchar **name, gchar **rest)
{
  g_autofree gchar *bare = strip_commas (*name);
  g_autofree gchar *words = g_steal_pointer (rest);

  *rest = g_strdup_printf (
      "%s %s", g_utf8_offset_to_pointer (*name, g_utf8_strlen (bare, -1)),
      words);
  g_free (*name);
  *name = g_steal_pointer (&bare);
}

/* What follows "embedding:": a name, perhaps with commas, and text. */
static gboolean
add_marked (PmtChunkBuilder *builder,
            const gchar *text,
            gdouble weight,
            GError **error)
{
  g_autofree gchar *rest = NULL;
  g_autofree gchar *name = cut_word (text, &rest);
  guint n_vectors;

  if (name == NULL)
    {
      g_set_error_literal (
          error, PMT_ERROR, PMT_ERROR_ARGUMENT,
          _ ("A name must follow “embedding:” in the prompt."));
      return FALSE;
    }
  n_vectors = builder->lookup (name, builder->data);
  if (n_vectors == 0 && (name[0] == ',' || g_str_has_suffix (name, ",")))
    {
      move_commas (&name, &rest);
      n_vectors = builder->lookup (name, builder->data);
    }
  if (n_vectors > 0)
    add_embedding (builder, name, n_vectors, weight);
  else
    g_ptr_array_add (builder->chunks->missing, g_strdup (name));
  if (*rest != '\0')
    add_text (builder, rest, weight);
  return TRUE;
}

/* A space or line feed before the next mark from @p on; or the end. */
static const gchar *
find_mark (const gchar *p)
{
  for (; *p != '\0'; p++)
    if ((*p == ' ' || *p == '\n') && g_str_has_prefix (p + 1, MARK))
      return p;
  return p;
}

static gboolean
add_part (PmtChunkBuilder *builder, const PmtPromptPart *part, GError **error)
{
  const gchar *p = part->text;

  for (;;)
    {
      const gchar *end = find_mark (p);
      g_autofree gchar *text = g_strndup (p, end - p);

      /* Without any embeddings too, each mark begins a group. */
      if (builder->lookup == NULL || !g_str_has_prefix (text, MARK))
        add_text (builder, text, part->weight);
      else if (!add_marked (builder, text + strlen (MARK), part->weight, error))
        return FALSE;
      if (*end == '\0')
        return TRUE;
      p = end + 1;
    }
}

gboolean
pmt_chunk_builder_fill_comfyui (PmtChunkBuilder *builder,
                                const GPtrArray *parts,
                                GError **error)
{
  for (guint i = 0; i < parts->len; i++)
    if (!add_part (builder, parts->pdata[i], error))
      return FALSE;
  builder->chunks->n_tokens =
      builder->chunks->chunks->len * PMT_CHUNK_ROOM + builder->items->len;
  pmt_chunk_builder_finish (builder);
  return TRUE;
}
