/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-golden-text-encoder.c: the states of each checkpoint's text encoders
 * against those of transformers. */
#include "diffusion/text-encoder.h"
#include "golden.h"

#define TOLERANCE 1e-4

typedef struct
{
  PmtTextEncoder *encoder;
  PmtWeights *wanted;
  const gchar *label;
  gchar *key; /* such as "text_encoder.p0" */
} Prompt;

/* Where transformers pools: the first end token. */
static guint
find_end (PmtTextEncoder *encoder, const gint64 *ids)
{
  const gint64 end = pmt_text_encoder_get_shape (encoder)->vocabulary - 1;

  for (guint i = 0; i < PMT_TEXT_TOKENS; i++)
    if (ids[i] == end)
      return i;
  g_assert_not_reached ();
}

static void
compare (const Prompt *prompt, const gchar *what, const gfloat *made, gsize n)
{
  g_autofree gchar *label =
      g_strdup_printf ("%s %s.%s", prompt->label, prompt->key, what);
  g_autofree gfloat *wanted = NULL;
  gsize n_wanted;

  if (!golden_has (prompt->wanted, "%s.%s", prompt->key, what))
    return;
  wanted =
      golden_floats (prompt->wanted, &n_wanted, "%s.%s", prompt->key, what);
  g_assert_cmpuint (n_wanted, ==, n);
  golden_compare (label, made, wanted, n, TOLERANCE);
}

static void
check_state (const Prompt *prompt,
             const gint64 *ids,
             gint skip,
             gboolean has_norm,
             const gchar *what)
{
  const PmtTextShape *shape = pmt_text_encoder_get_shape (prompt->encoder);
  const gsize width = (gsize)shape->width;
  g_autofree gfloat *hidden = g_new (gfloat, PMT_TEXT_TOKENS * width);
  g_autofree gfloat *pooled = g_new (gfloat, width);
  g_autofree gfloat *projected = g_new0 (gfloat, shape->projection + 1);
  g_autoptr (GError) error = NULL;

  pmt_text_encoder_run_ids (prompt->encoder, ids, skip, has_norm, hidden,
                            find_end (prompt->encoder, ids), pooled,
                            shape->projection > 0 ? projected : NULL, NULL,
                            &error);
  g_assert_no_error (error);
  compare (prompt, what, hidden, PMT_TEXT_TOKENS * width);
  compare (prompt, "pooled", pooled, width);
  if (shape->projection > 0)
    compare (prompt, "text_embeds", projected, (gsize)shape->projection);
}

static void
check_encoder (PmtCheckpoint *checkpoint,
               gint which,
               PmtWeights *wanted,
               const gchar *label)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtTextEncoder) encoder =
      pmt_text_encoder_open (checkpoint, which, &options, &error);
  gint p;

  g_assert_no_error (error);
  for (p = 0;
       golden_has (wanted, "text_encoder%s.p%d.ids", which == 1 ? "_2" : "", p);
       p++)
    {
      g_autofree gchar *key =
          g_strdup_printf ("text_encoder%s.p%d", which == 1 ? "_2" : "", p);
      g_autofree gint64 *ids = golden_ints (wanted, NULL, "%s.ids", key);
      const Prompt prompt = { encoder, wanted, label, key };

      check_state (&prompt, ids, 1, TRUE, "last");
      check_state (&prompt, ids, 2, FALSE, "penult");
      check_state (&prompt, ids, 2, TRUE, "penult_norm");
    }
  g_assert_cmpint (p, >, 0);
}

static void
test_encoders (gconstpointer data)
{
  const gchar *name = data;
  g_autofree gchar *path = golden_path ("checkpoints/%s", name);
  g_autoptr (PmtWeights) wanted = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtCheckpoint) checkpoint = pmt_checkpoint_open (path, &error);

  g_assert_no_error (error);
  wanted = golden_open ("outputs/%s.safetensors", checkpoint->name);
  for (gint i = 0; i < checkpoint->n_texts; i++)
    check_encoder (checkpoint, i, wanted, name);
}

static void
add (void)
{
  golden_add_checkpoints ("/golden/text-encoder", test_encoders);
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}
