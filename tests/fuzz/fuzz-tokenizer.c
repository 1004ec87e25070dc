/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-tokenizer.c: any bytes as a vocab.json, a 0 byte and a merges.txt; and
 * as a text. */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "tiny-vocab.h"

static void
ask_text (const PmtTokenizer *tokenizer, const gchar *text, gsize length)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (PmtTokenSpan));
  g_autofree gchar *normal =
      pmt_tokenizer_encode_spans (tokenizer, text, (gssize)length, ids, spans);
  guint end = 0;

  g_assert_nonnull (normal);
  g_assert_cmpuint (ids->len, ==, spans->len);
  for (guint i = 0; i < ids->len; i++)
    {
      const PmtTokenSpan *span = &g_array_index (spans, PmtTokenSpan, i);

      g_assert_nonnull (
          pmt_tokenizer_get_token (tokenizer, g_array_index (ids, gint64, i)));
      g_assert_cmpuint (span->start, >=, end);
      g_assert_cmpuint (span->end, >, span->start);
      end = span->end;
    }
}

static void
ask_files (const gchar *data, gsize size)
{
  const gchar *zero = memchr (data, '\0', size);
  const gsize length = zero != NULL ? (gsize)(zero - data) : size;
  const gchar *merges = zero != NULL ? zero + 1 : data + size;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtTokenizer) tokenizer =
      pmt_tokenizer_parse ("vocab", data, length, "merges", merges,
                           (gsize)(data + size - merges), &error);

  g_assert_true ((tokenizer == NULL) == (error != NULL));
  if (error != NULL)
    {
      g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }
  ask_text (tokenizer, "the catalog's 12 brown owls, été", 30);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static PmtTokenizer *tokenizer;
  /* libFuzzer may pass no bytes at all. */
  const gchar *text = data != NULL ? (const gchar *)data : "";

  if (tokenizer == NULL)
    tokenizer = tiny_vocab_open ();
  ask_files (text, size);
  ask_text (tokenizer, text, size);
  return 0;
}
