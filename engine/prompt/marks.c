/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* marks.c: what the characters of a prompt mean, for editors that color it. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "catalog/model.h"
#include "prompt/flag-params.h"
#include "prompt/flags-private.h"
#include "prompt/multi.h"
#include "prompt/prompt-text.h"
#include "prompt/weights.h"

#define MAX_MARKS 4096

/* There are fewer flags, and none may be given twice. */
#define MAX_FLAGS 64

/**
 * Reader:
 * @end: of the words: where the first flag starts
 * @colon: (nullable): the last one that was read
 * @round, @square: (element-type utf8): brackets that are open
 */
typedef struct
{
  const gchar *text;
  const gchar *end;
  const gchar *colon;
  GPtrArray *marks;
  GPtrArray *round;
  GPtrArray *square;
  PmtPromptSyntax syntax;
} Reader;

void
pmt_prompt_mark_free (PmtPromptMark *mark)
{
  if (mark == NULL)
    return;
  g_free (mark->message);
  g_free (mark);
}

static void
add_mark (Reader *reader,
          PmtPromptMarkKind kind,
          const gchar *start,
          const gchar *end,
          const gchar *message)
{
  PmtPromptMark *mark;

  if (reader->marks->len >= MAX_MARKS || end <= start)
    return;
  mark = g_new0 (PmtPromptMark, 1);
  mark->kind = kind;
  mark->start = start - reader->text;
  mark->length = end - start;
  mark->message = g_strdup (message);
  g_ptr_array_add (reader->marks, mark);
}

/* --------------------------------------------------------------- brackets -- */

/* Whether what stands between a colon and the bracket behind it is a number. */
static gboolean
is_weight (const Reader *reader, const gchar *start, const gchar *end)
{
  const gchar *stop;
  gdouble weight;

  if (reader->syntax == PMT_PROMPT_COMFYUI)
    return pmt_prompt_parse_float (start, end, &weight);
  start = pmt_prompt_skip_space (start, end);
  stop = pmt_prompt_scan_decimal (start, end, &weight);
  return stop != NULL && pmt_prompt_skip_space (stop, end) == end;
}

static void
close_bracket (Reader *reader, GPtrArray *open, const gchar *p)
{
  const gchar *first;
  const gchar *start = p;

  if (open->len == 0)
    {
      add_mark (reader, PMT_PROMPT_MARK_LOOSE, p, p + 1,
                _ ("No bracket is open here; this one is plain text."));
      return;
    }
  first = g_ptr_array_steal_index (open, open->len - 1);
  if (reader->colon != NULL && reader->colon > first
      && is_weight (reader, reader->colon + 1, p))
    start = reader->colon;
  add_mark (reader, PMT_PROMPT_MARK_WEIGHT, first, first + 1, NULL);
  add_mark (reader, PMT_PROMPT_MARK_WEIGHT, start, p + 1, NULL);
}

/* Behind the word that has a meaning at @p, or @p. */
static const gchar *
read_word (Reader *reader, const gchar *p, gboolean has_and)
{
  static const gchar *const words[] = { "BREAK", "AND" };

  for (guint i = 0; i < (has_and ? 2 : 1); i++)
    if (pmt_prompt_is_word_at (reader->text, reader->end, p, words[i]))
      {
        add_mark (reader, PMT_PROMPT_MARK_WORD, p, p + strlen (words[i]), NULL);
        return p + strlen (words[i]);
      }
  return p;
}

/* Behind the escape at @p; @p when there is none. */
static const gchar *
skip_escape (const Reader *reader, const gchar *p)
{
  const gchar *escaped = reader->syntax == PMT_PROMPT_A1111 ? "()[]\\" : "()";

  return p + 1 < reader->end && strchr (escaped, p[1]) != NULL ? p + 2 : p;
}

/* Reads the character at @p; returns what follows. */
static const gchar *
read_next (Reader *reader, const gchar *p, gboolean has_and)
{
  const gboolean is_a1111 = reader->syntax == PMT_PROMPT_A1111;
  const gchar *next = p;

  if (*p == '\\')
    next = skip_escape (reader, p);
  else if (*p == '(')
    g_ptr_array_add (reader->round, (gpointer)p);
  else if (*p == '[' && is_a1111)
    g_ptr_array_add (reader->square, (gpointer)p);
  else if (*p == ')')
    close_bracket (reader, reader->round, p);
  else if (*p == ']' && is_a1111)
    close_bracket (reader, reader->square, p);
  else if (*p == ':')
    reader->colon = p;
  else if ((*p == 'B' || *p == 'A') && is_a1111)
    next = read_word (reader, p, has_and);
  return next > p ? next : g_utf8_next_char (p);
}

static void
mark_open (Reader *reader, GPtrArray *open)
{
  const gchar *message =
      reader->syntax == PMT_PROMPT_A1111
          ? _ ("This bracket is not closed: it holds to the end of the prompt.")
          : _ ("This bracket is not closed; it is plain text.");

  for (guint i = 0; i < open->len; i++)
    {
      const gchar *p = open->pdata[i];

      add_mark (reader, PMT_PROMPT_MARK_LOOSE, p, p + 1, message);
    }
}

static void
mark_words (Reader *reader, gboolean has_and)
{
  const gchar *p = reader->text;

  if (reader->syntax == PMT_PROMPT_PLAIN)
    return;
  while (p < reader->end)
    p = read_next (reader, p, has_and);
  mark_open (reader, reader->round);
  mark_open (reader, reader->square);
}

/* ------------------------------------------------------------ whole prompt -- */

/* The parameter, or the rest of the word, at @p. */
static const gchar *
find_end (const Reader *reader, const gchar *p)
{
  const gchar *end = reader->text + strlen (reader->text);
  const gchar *stop = g_utf8_next_char (p);

  if (p >= reader->end && pmt_flag_name_at (p) != NULL)
    return pmt_prompt_trim_space (
        p, pmt_flag_next (reader->text, pmt_flag_name_at (p)));
  while (stop < end && !pmt_prompt_is_space (g_utf8_get_char (stop)))
    stop = g_utf8_next_char (stop);
  return stop;
}

static void
mark_error (Reader *reader, const GError *error)
{
  const glong at = pmt_prompt_find_place (error);
  const gchar *p = g_utf8_offset_to_pointer (reader->text, MAX (at, 0));

  if (at < 0)
    add_mark (reader, PMT_PROMPT_MARK_ERROR, reader->text, reader->end,
              error->message);
  else if (*p != '\0')
    add_mark (reader, PMT_PROMPT_MARK_ERROR, p, find_end (reader, p),
              error->message);
}

static void
mark_errors (Reader *reader, gboolean has_multi, gboolean has_flags)
{
  g_autofree gchar *words =
      g_strndup (reader->text, reader->end - reader->text);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) flag_error = NULL;
  g_autoptr (GPtrArray) multi =
      has_multi ? pmt_prompt_split_multi (words, &error) : NULL;
  g_autoptr (GPtrArray) parts = NULL;
  g_autoptr (PmtFlagged) flagged = NULL;

  if (error == NULL)
    parts = pmt_prompt_parse_weights (words, reader->syntax, &error);
  if (error != NULL)
    mark_error (reader, error);
  if (!has_flags)
    return;
  flagged = pmt_flags_parse (reader->text, &flag_error);
  if (flagged == NULL)
    mark_error (reader, flag_error);
}

/* Returns: whether there is any. */
static gboolean
mark_cuts (Reader *reader)
{
  g_autofree gchar *words =
      g_strndup (reader->text, reader->end - reader->text);
  g_autoptr (GArray) cuts = pmt_prompt_list_cuts (words);

  for (guint i = 0; i < cuts->len; i++)
    {
      const PmtPromptCut *cut = &g_array_index (cuts, PmtPromptCut, i);

      add_mark (reader, PMT_PROMPT_MARK_PART, reader->text + cut->start,
                reader->text + cut->end, NULL);
    }
  return cuts->len > 0;
}

static void
mark_flag (Reader *reader,
           const gchar *start,
           const gchar *end,
           const PmtModel *model,
           const PmtRequest *request)
{
  g_autofree gchar *typed = g_strndup (start, end - start);
  g_autoptr (PmtFlagged) flagged = pmt_flags_parse (typed, NULL);
  g_autofree gchar *why = NULL;

  if (flagged == NULL)
    {
      add_mark (reader, PMT_PROMPT_MARK_UNKNOWN, start, end, NULL);
      return;
    }
  if (model != NULL && request != NULL)
    why = pmt_flag_tell_no_effect (model, request, flagged->flags->pdata[0]);
  add_mark (reader,
            why != NULL ? PMT_PROMPT_MARK_NO_EFFECT : PMT_PROMPT_MARK_FLAG,
            start, end, why);
}

static void
mark_flags (Reader *reader, const PmtModel *model, const PmtRequest *request)
{
  const gchar *start = reader->end;

  for (guint n = 0; *start != '\0' && n < MAX_FLAGS; n++)
    {
      const gchar *stop =
          pmt_flag_next (reader->text, pmt_flag_name_at (start));

      mark_flag (reader, start, pmt_prompt_trim_space (start, stop), model,
                 request);
      start = stop;
    }
}

static gint
compare_marks (gconstpointer a, gconstpointer b)
{
  const PmtPromptMark *one = *(const PmtPromptMark *const *)a;
  const PmtPromptMark *other = *(const PmtPromptMark *const *)b;

  if (one->start != other->start)
    return one->start < other->start ? -1 : 1;
  return (gint)one->kind - (gint)other->kind;
}

/* ------------------------------------------------------------------ models -- */

/* What a model can't read does not mean anything. */
static PmtPromptSyntax
find_syntax (const PmtModel *model, const PmtRequest *request)
{
  const gchar *like = "";

  if (model == NULL)
    return PMT_PROMPT_COMFYUI;
  if (!g_str_equal (model->backend, "diffusion")
      && pmt_model_find_param (model, "checkpoint") == NULL)
    return PMT_PROMPT_PLAIN;
  if (request != NULL)
    like = pmt_params_get_string (pmt_request_peek_params (request),
                                  "compatibility", "");
  return g_str_equal (like, "a1111") ? PMT_PROMPT_A1111 : PMT_PROMPT_COMFYUI;
}

static gboolean
has_parts (const PmtModel *model)
{
  return model == NULL || g_str_equal (model->backend, "diffusion")
         || pmt_flags_are_read_by (model);
}

/* A text that can't be read at all: too long, or not UTF-8. */
static void
mark_unreadable (Reader *reader, gsize length, const GError *error)
{
  const gchar *end = reader->text + length;
  const gchar *bad;

  if (length > PMT_PROMPT_MAX_BYTES)
    {
      bad = reader->text + PMT_PROMPT_MAX_BYTES;
      while (bad > reader->text && ((guchar)*bad & 0xc0) == 0x80)
        bad--;
    }
  else
    {
      g_utf8_validate_len (reader->text, length, &bad);
      end = bad + 1;
    }
  add_mark (reader, PMT_PROMPT_MARK_ERROR, bad, end, error->message);
}

static void
read_marks (Reader *reader,
            gboolean is_negative,
            const PmtModel *model,
            const PmtRequest *request)
{
  const gboolean has_multi = !is_negative && has_parts (model);
  gboolean is_cut = FALSE;

  if (!is_negative)
    reader->end = pmt_flag_next (reader->text, reader->text);
  /* First, so that none of them is too many. */
  mark_errors (reader, has_multi, !is_negative);
  if (has_multi)
    is_cut = mark_cuts (reader);
  /* AND means something in a prompt without parts. */
  mark_words (reader, !is_negative && !is_cut);
  mark_flags (reader, model, request);
}

GPtrArray *
pmt_prompt_list_marks (const gchar *text,
                       gssize length,
                       gboolean is_negative,
                       const PmtModel *model,
                       const PmtRequest *request)
{
  g_autoptr (GPtrArray) round = g_ptr_array_new ();
  g_autoptr (GPtrArray) square = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree gchar *copy = NULL;
  gsize size;
  Reader reader = { .round = round, .square = square };

  g_return_val_if_fail (text != NULL, NULL);
  size = length < 0 ? strlen (text) : (gsize)length;
  copy = g_strndup (text, size);
  reader.text = copy;
  reader.end = copy + strlen (copy);
  reader.syntax = find_syntax (model, request);
  reader.marks =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_prompt_mark_free);
  if (pmt_prompt_check (copy, &error))
    read_marks (&reader, is_negative, model, request);
  else
    mark_unreadable (&reader, strlen (copy), error);
  g_ptr_array_sort (reader.marks, compare_marks);
  return reader.marks;
}
