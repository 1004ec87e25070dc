/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* progress.c: nested parts of a run, one rising fraction. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/progress.h"

#define INTERVAL_USEC (G_USEC_PER_SEC / 20)

/* start and span are in units of the whole run; used is the share of this
 * part that is done.  timer: start of an outermost stage, or -1. */
typedef struct
{
  gchar *stage;
  guint step;
  guint n_steps;
  gdouble start;
  gdouble span;
  gdouble used;
  gdouble weight;
  gint64 timer;
} Part;

typedef struct
{
  gchar *stage;
  gdouble seconds;
} Timing;

struct _PmtProgress
{
  PmtProgressFunc func;
  gpointer user_data;
  GArray *parts;
  GArray *timings;
  gdouble fraction;
  gint64 last_call;
};

static void
part_clear (gpointer data)
{
  g_free (((Part *)data)->stage);
}

static void
timing_clear (gpointer data)
{
  g_free (((Timing *)data)->stage);
}

static Part *
current (PmtProgress *progress)
{
  return &g_array_index (progress->parts, Part, progress->parts->len - 1);
}

PmtProgress *
pmt_progress_new (PmtProgressFunc func, gpointer user_data)
{
  PmtProgress *progress = g_new0 (PmtProgress, 1);
  Part whole = { .span = 1.0, .weight = 1.0, .timer = -1 };

  progress->func = func;
  progress->user_data = user_data;
  progress->last_call = G_MININT64 / 2;
  progress->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (progress->parts, part_clear);
  g_array_append_val (progress->parts, whole);
  progress->timings = g_array_new (FALSE, FALSE, sizeof (Timing));
  g_array_set_clear_func (progress->timings, timing_clear);
  return progress;
}

void
pmt_progress_free (PmtProgress *progress)
{
  if (progress == NULL)
    return;
  g_array_unref (progress->parts);
  g_array_unref (progress->timings);
  g_free (progress);
}

/* Translated, with the step where there are any. */
static gchar *
describe (const Part *part)
{
  const gchar *stage =
      part->stage != NULL ? g_dgettext (GETTEXT_PACKAGE, part->stage) : "";

  if (part->n_steps == 0)
    return g_strdup (stage);
  /* Translators: a stage such as "Denoising", then step 3 of 20 */
  return g_strdup_printf (_ ("%s: step %u of %u"), stage, part->step,
                          part->n_steps);
}

static void
call (PmtProgress *progress, GeglBuffer *preview)
{
  gint64 now = g_get_monotonic_time ();
  g_autofree gchar *stage = NULL;
  gboolean is_due = now - progress->last_call >= INTERVAL_USEC;

  if (progress->func == NULL)
    return;
  /* The last step and previews must not be lost to the throttle. */
  if (!is_due && preview == NULL && progress->fraction < 1.0)
    return;
  progress->last_call = now;
  stage = describe (current (progress));
  progress->func (stage, progress->fraction, preview, progress->user_data);
}

static void
advance (PmtProgress *progress, gdouble fraction)
{
  Part *part = current (progress);
  gdouble total;

  /* !(x > y) also turns down NaN. */
  if (fraction > part->used)
    part->used = MIN (fraction, 1.0);
  total = part->start + part->span * part->used;
  progress->fraction = CLAMP (total, progress->fraction, 1.0);
}

void
pmt_progress_report (PmtProgress *progress, gdouble fraction)
{
  gdouble before;

  if (progress == NULL)
    return;
  before = progress->fraction;
  advance (progress, fraction);
  /* Repeating the end would defeat the throttle. */
  if (before < 1.0 || progress->fraction < 1.0)
    call (progress, NULL);
}

void
pmt_progress_step (PmtProgress *progress, guint step, guint n_steps)
{
  if (progress == NULL)
    return;
  current (progress)->step = step;
  current (progress)->n_steps = n_steps;
  pmt_progress_report (progress, n_steps > 0 ? (step - 1.0) / n_steps : 0.0);
}

void
pmt_progress_preview (PmtProgress *progress,
                      gdouble fraction,
                      GeglBuffer *preview)
{
  if (progress == NULL)
    return;
  advance (progress, fraction);
  call (progress, preview);
}

static gboolean
has_timer (PmtProgress *progress)
{
  for (guint i = 0; i < progress->parts->len; i++)
    if (g_array_index (progress->parts, Part, i).timer >= 0)
      return TRUE;
  return FALSE;
}

void
pmt_progress_begin (PmtProgress *progress, const gchar *stage, gdouble weight)
{
  const Part *parent;
  Part part = { .timer = -1 };

  if (progress == NULL)
    return;
  parent = current (progress);
  part.weight = weight > 0.0 ? MIN (weight, 1.0 - parent->used) : 0.0;
  part.start = parent->start + parent->span * parent->used;
  part.span = parent->span * part.weight;
  part.stage = g_strdup (stage != NULL ? stage : parent->stage);
  if (stage != NULL && !has_timer (progress))
    part.timer = g_get_monotonic_time ();
  g_array_append_val (progress->parts, part);
  pmt_progress_report (progress, 0.0);
}

static void
add_timing (PmtProgress *progress, const gchar *stage, gint64 usec)
{
  Timing timing;

  for (guint i = 0; i < progress->timings->len; i++)
    {
      Timing *old = &g_array_index (progress->timings, Timing, i);

      if (g_strcmp0 (old->stage, stage) != 0)
        continue;
      old->seconds += usec / (gdouble)G_USEC_PER_SEC;
      return;
    }
  timing.stage = g_strdup (stage);
  timing.seconds = usec / (gdouble)G_USEC_PER_SEC;
  g_array_append_val (progress->timings, timing);
}

void
pmt_progress_end (PmtProgress *progress)
{
  Part *part;
  gdouble weight;

  if (progress == NULL)
    return;
  g_return_if_fail (progress->parts->len > 1);
  part = current (progress);
  weight = part->weight;
  advance (progress, 1.0);
  if (part->timer >= 0)
    add_timing (progress, part->stage, g_get_monotonic_time () - part->timer);
  g_array_set_size (progress->parts, progress->parts->len - 1);
  part = current (progress);
  part->used = MIN (part->used + weight, 1.0);
}

GVariant *
pmt_progress_get_timings (PmtProgress *progress)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sd}"));
  for (guint i = 0; progress != NULL && i < progress->timings->len; i++)
    {
      const Timing *timing = &g_array_index (progress->timings, Timing, i);

      g_variant_builder_add (&builder, "{sd}", timing->stage, timing->seconds);
    }
  return g_variant_builder_end (&builder);
}
