/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-unet-reuse.c: deep features of a UNet that are kept between
 * evaluations. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "diffusion/denoiser.h"
#include "tiny-tensors.h"

#define SIDE 12
#define N_VALUES (4 * SIDE * SIDE)
#define TOKENS 5
#define N_EVALUATIONS 6

static gchar *folder;

static PmtUnet *
open_unet (PmtCheckpoint *checkpoint, PmtNetMode mode, gboolean has_reuse)
{
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  PmtUnet *unet;

  options.mode = mode;
  options.has_reuse = has_reuse;
  unet = pmt_unet_open (checkpoint, &options, &error);
  g_assert_no_error (error);
  g_assert_true (pmt_unet_has_reuse (unet) == has_reuse);
  return unet;
}

static PmtCheckpoint *
make_checkpoint (PmtLayout layout)
{
  g_autoptr (GPtrArray) tensors = tiny_unet_new (layout);
  g_autofree gchar *path = g_build_filename (folder, "unet.safetensors", NULL);

  tiny_tensors_write (tensors, "F16", path);
  return tiny_unet_open (path, layout);
}

static gfloat *
make_values (gsize n, gdouble phase)
{
  gfloat *values = g_new (gfloat, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (gfloat)sin ((gdouble)i * 1.37 + phase) * 1.5f;
  return values;
}

static gfloat *
run (PmtUnet *unet,
     gint side,
     gdouble timestep,
     PmtUnetDeep *deep,
     gboolean reuses)
{
  const PmtUnetShape shape = tiny_unet_shape ();
  g_autofree gfloat *x = make_values ((gsize)(4 * side * side), 0);
  g_autofree gfloat *context = make_values ((gsize)TOKENS * shape.context, 0);
  gfloat *out = g_new (gfloat, 4 * side * side);
  const PmtUnetInput input = { .n = 1,
                               .height = side,
                               .width = side,
                               .x = x,
                               .timestep = timestep,
                               .context = context,
                               .tokens = TOKENS,
                               .keeps_memory = TRUE,
                               .deep = deep,
                               .reuses_deep = reuses };
  g_autoptr (GError) error = NULL;

  pmt_unet_run (unet, &input, out, NULL, &error);
  g_assert_no_error (error);
  return out;
}

static gdouble
difference (const gfloat *a, const gfloat *b)
{
  gdouble most = 0;

  for (gsize i = 0; i < N_VALUES; i++)
    most = MAX (most, fabs ((gdouble)a[i] - (gdouble)b[i]));
  return most;
}

/* The same values where nothing is old; near ones where the timestep is. */
static void
test_runs (void)
{
  for (PmtNetMode mode = PMT_NET_LOW; mode <= PMT_NET_FAST; mode++)
    for (gint layout = 0; layout < 2; layout++)
      {
        g_autoptr (PmtCheckpoint) checkpoint = make_checkpoint (
            layout == 0 ? PMT_LAYOUT_LDM : PMT_LAYOUT_DIFFUSERS);
        g_autoptr (PmtUnet) plain = open_unet (checkpoint, mode, FALSE);
        g_autoptr (PmtUnet) unet = open_unet (checkpoint, mode, TRUE);
        PmtUnetDeep deep = { NULL };
        g_autofree gfloat *wanted = run (plain, SIDE, 250, NULL, FALSE);
        g_autofree gfloat *other = run (plain, SIDE, 400, NULL, FALSE);
        g_autofree gfloat *whole = run (unet, SIDE, 250, &deep, TRUE);
        g_autofree gfloat *shallow = run (unet, SIDE, 250, &deep, TRUE);
        g_autofree gfloat *old = run (unet, SIDE, 400, &deep, TRUE);

        g_assert_cmpmem (whole, N_VALUES * sizeof *whole, wanted,
                         N_VALUES * sizeof *wanted);
        g_assert_cmpfloat (difference (shallow, wanted), <=, 2e-6);
        g_assert_cmpfloat (difference (old, other), >, 0);
        g_assert_cmpfloat (difference (old, other), <,
                           difference (wanted, other) * 2);
        pmt_unet_deep_clear (&deep);
      }
}

/* Features of another size are made anew. */
static void
test_sizes (void)
{
  g_autoptr (PmtCheckpoint) checkpoint = make_checkpoint (PMT_LAYOUT_LDM);
  g_autoptr (PmtUnet) unet = open_unet (checkpoint, PMT_NET_LOW, TRUE);
  PmtUnetDeep deep = { NULL };
  g_autofree gfloat *large = run (unet, SIDE + 4, 250, &deep, FALSE);
  g_autofree gfloat *wanted = run (unet, SIDE, 250, NULL, FALSE);
  g_autofree gfloat *made = run (unet, SIDE, 250, &deep, TRUE);

  g_assert_cmpmem (made, N_VALUES * sizeof *made, wanted,
                   N_VALUES * sizeof *wanted);
  pmt_unet_deep_clear (&deep);
}

/* -------------------------------------------------------------- evaluations -- */

typedef struct
{
  gfloat *contexts[3];
  guint changes_at; /* evaluation from which on the prompt is another one */
} Prompts;

static void
set_prompts (PmtDenoiser *denoiser, guint number, gpointer data)
{
  const Prompts *prompts = data;

  denoiser->prompt.context =
      prompts->contexts[number >= prompts->changes_at ? 2 : 0];
  denoiser->negative.context = prompts->contexts[1];
  denoiser->prompt.tokens = denoiser->negative.tokens = TOKENS;
  denoiser->prompt_weight = 1;
}

/* Returns: (transfer full): the last evaluation. */
static gfloat *
evaluate (PmtUnet *unet,
          PmtCheckpoint *checkpoint,
          guint reuse,
          const Prompts *prompts,
          guint *n_reused)
{
  const PmtDiscreteConfig config = PMT_DISCRETE_CONFIG_INIT;
  g_autoptr (GError) error = NULL;
  PmtDiscrete *discrete = pmt_discrete_new (&config, &error);
  g_autofree gfloat *x = make_values (N_VALUES, 1);
  gfloat *out = g_new (gfloat, N_VALUES);
  PmtDenoiser denoiser = { .unet = unet,
                           .checkpoint = checkpoint,
                           .discrete = discrete,
                           .channels = 4,
                           .height = SIDE,
                           .width = SIDE,
                           .cfg = 5,
                           .reuse = reuse,
                           .guide = set_prompts,
                           .guide_data = (gpointer)prompts };

  g_assert_no_error (error);
  pmt_denoiser_init (&denoiser, &error);
  g_assert_no_error (error);
  for (gint i = 0; i < N_EVALUATIONS; i++)
    {
      pmt_denoiser_run (x, 8.0 - i, out, &denoiser, &error);
      g_assert_no_error (error);
    }
  *n_reused = denoiser.n_reused;
  pmt_denoiser_clear (&denoiser);
  pmt_discrete_free (discrete);
  return out;
}

static void
test_evaluations (void)
{
  const PmtUnetShape shape = tiny_unet_shape ();
  const gsize n = (gsize)TOKENS * shape.context;
  g_autoptr (PmtCheckpoint) checkpoint = make_checkpoint (PMT_LAYOUT_LDM);
  g_autoptr (PmtUnet) plain = open_unet (checkpoint, PMT_NET_LOW, FALSE);
  g_autoptr (PmtUnet) unet = open_unet (checkpoint, PMT_NET_LOW, TRUE);
  Prompts prompts = {
    { make_values (n, 0), make_values (n, 1), make_values (n, 2) }, G_MAXUINT
  };
  guint n_reused;
  g_autofree gfloat *wanted =
      evaluate (plain, checkpoint, 1, &prompts, &n_reused);
  g_autofree gfloat *off = evaluate (unet, checkpoint, 1, &prompts, &n_reused);
  g_autofree gfloat *made = NULL;
  g_autofree gfloat *changed = NULL;
  g_autofree gfloat *without = NULL;

  g_assert_cmpuint (n_reused, ==, 0);
  g_assert_cmpmem (off, N_VALUES * sizeof *off, wanted,
                   N_VALUES * sizeof *wanted);
  made = evaluate (unet, checkpoint, 3, &prompts, &n_reused);
  g_assert_cmpuint (n_reused, ==, 2 * 4);
  g_assert_cmpfloat (difference (made, wanted), >, 0);
  /* Evaluation 4 has another prompt: its features are made anew. */
  prompts.changes_at = 4;
  changed = evaluate (unet, checkpoint, 3, &prompts, &n_reused);
  g_assert_cmpuint (n_reused, ==, 2 * 4 - 1);
  g_assert_cmpfloat (difference (changed, made), >, 0);
  without = evaluate (plain, checkpoint, 3, &prompts, &n_reused);
  g_assert_cmpuint (n_reused, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (prompts.contexts); i++)
    g_free (prompts.contexts[i]);
}

int
main (int argc, char **argv)
{
  g_autofree gchar *file = NULL;
  gint status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("pentimento-XXXXXX", NULL);
  file = g_build_filename (folder, "unet.safetensors", NULL);
  g_test_add_func ("/unet-reuse/runs", test_runs);
  g_test_add_func ("/unet-reuse/sizes", test_sizes);
  g_test_add_func ("/unet-reuse/evaluations", test_evaluations);
  status = g_test_run ();
  g_remove (file);
  g_rmdir (folder);
  g_free (folder);
  return status;
}
