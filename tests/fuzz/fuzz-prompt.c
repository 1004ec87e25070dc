/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-prompt.c: any bytes as a prompt: weights, schedules, parts, chunks,
 * flags. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "diffusion/chunks.h"
#include "fuzz.h"
#include "prompt/flags.h"
#include "prompt/multi.h"
#include "prompt/schedule.h"
#include "tiny-vocab.h"

static void
check_error (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == PMT_ERROR);
  g_assert_cmpint (error->code, ==, PMT_ERROR_ARGUMENT);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
check_parts (const GPtrArray *parts, const GError *error)
{
  if (parts == NULL)
    {
      check_error (error);
      return;
    }
  g_assert_null (error);
  for (guint i = 0; i < parts->len; i++)
    {
      const PmtPromptPart *part = parts->pdata[i];

      g_assert_true (isfinite (part->weight));
      g_assert_true (g_utf8_validate (part->text, -1, NULL));
    }
}

/* What was escaped comes back as it was. */
static void
check_escape (const gchar *text, PmtPromptSyntax syntax)
{
  g_autofree gchar *escaped = pmt_prompt_escape (text, syntax);
  g_autoptr (GPtrArray) parts =
      pmt_prompt_parse_weights (escaped, syntax, NULL);
  const PmtPromptPart *part;

  if (parts == NULL || *text == '\0'
      || (syntax == PMT_PROMPT_COMFYUI && strchr (text, '\\') != NULL))
    return;
  part = parts->pdata[0];
  g_assert_cmpuint (parts->len, ==, 1);
  g_assert_cmpstr (part->text, ==, text);
  g_assert_cmpfloat (part->weight, ==, 1);
}

/* What was read and written down is read as the same. */
static void
check_flags (const gchar *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtFlagged) flagged = pmt_flags_parse (text, &error);
  g_autoptr (PmtFlagged) again = NULL;
  g_autofree gchar *printed = NULL;
  g_autofree gchar *twice = NULL;

  if (flagged == NULL)
    {
      check_error (error);
      return;
    }
  g_assert_true (pmt_flags_are_in (text) == (flagged->flags->len > 0));
  printed = pmt_flags_print (flagged);
  again = pmt_flags_parse (printed, NULL);
  /* It may have become too long. */
  if (again == NULL)
    return;
  twice = pmt_flags_print (again);
  g_assert_cmpstr (twice, ==, printed);
}

/* Whole characters, in order. */
static void
check_marks (const gchar *text, gboolean is_negative)
{
  g_autoptr (GPtrArray) marks =
      pmt_prompt_list_marks (text, -1, is_negative, NULL, NULL);
  const gsize length = strlen (text);
  gsize last = 0;

  for (guint i = 0; i < marks->len; i++)
    {
      const PmtPromptMark *mark = marks->pdata[i];

      g_assert_cmpuint (mark->start, >=, last);
      g_assert_cmpuint (mark->length, >, 0);
      g_assert_cmpuint (mark->length, <=, length - mark->start);
      if (g_utf8_validate (text, -1, NULL))
        g_assert_true (
            g_utf8_validate (text + mark->start, mark->length, NULL));
      g_assert_true (mark->kind != PMT_PROMPT_MARK_ERROR || mark->message);
      last = mark->start;
    }
}

static void
ask_steps (const gchar *text, guint hires_steps)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) steps =
      pmt_prompt_schedule_new (text, 8, hires_steps, &error);
  guint last = 0;

  if (steps == NULL)
    {
      check_error (error);
      return;
    }
  for (guint i = 0; i < steps->len; i++)
    {
      const PmtPromptStep *step = steps->pdata[i];

      g_assert_cmpuint (step->last, >, last);
      g_assert_true (g_utf8_validate (step->text, -1, NULL));
      last = step->last;
    }
  g_assert_cmpuint (last, ==, hires_steps > 0 ? hires_steps : 8);
}

static guint
look_up (const gchar *name, gpointer data)
{
  g_assert_true (g_utf8_validate (name, -1, NULL));
  return strlen (name) == 3 ? 2 : strlen (name) == 5 ? 70 : 0;
}

static void
ask_chunks (const PmtTokenizer *tokenizer,
            const gchar *text,
            PmtPromptSyntax syntax)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtChunks) chunks =
      pmt_chunks_new (tokenizer, text, syntax, 0, look_up, NULL, &error);

  if (chunks == NULL)
    {
      check_error (error);
      return;
    }
  g_assert_cmpuint (chunks->chunks->len, >, 0);
  for (guint i = 0; i < chunks->chunks->len; i++)
    {
      const PmtChunk *chunk = &g_array_index (chunks->chunks, PmtChunk, i);

      g_assert_cmpint (chunk->ids[0], ==, pmt_tokenizer_get_bos (tokenizer));
      g_assert_cmpuint (chunk->n_used, <=, PMT_CHUNK_LENGTH - 2);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static PmtTokenizer *tokenizer;
  /* libFuzzer may pass no bytes at all. */
  g_autofree gchar *text =
      g_strndup (data != NULL ? (const gchar *)data : "", size);

  if (tokenizer == NULL)
    tokenizer = tiny_vocab_open ();
  for (gint syntax = 0; syntax <= PMT_PROMPT_PLAIN; syntax++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) parts =
          pmt_prompt_parse_weights (text, (PmtPromptSyntax)syntax, &error);

      check_parts (parts, error);
      check_escape (text, (PmtPromptSyntax)syntax);
      ask_chunks (tokenizer, text, (PmtPromptSyntax)syntax);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) parts = i == 0
                                        ? pmt_prompt_split_and (text, &error)
                                        : pmt_prompt_split_multi (text, &error);

      check_parts (parts, error);
      ask_steps (text, 5 * i);
    }
  check_flags (text);
  check_marks (text, FALSE);
  check_marks (text, TRUE);
  return 0;
}
