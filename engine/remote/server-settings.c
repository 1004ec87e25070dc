/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* server-settings.c: parameters of a request to the user's own servers. */
#include "config.h"

#include "remote/server-settings.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "remote/server-names.h"

#define MAX_LORAS 20
#define MAX_LORA_STRENGTH 10.0
#define DRAFT_STEPS 8
#define USUAL_STEPS 30
#define USUAL_CFG 7.0
#define USUAL_STRENGTH 0.6

static guint
preset_steps (const PmtModel *model, const gchar *preset)
{
  for (guint i = 0; i < model->steps->len; i++)
    {
      const PmtModelSteps *steps =
          &g_array_index (model->steps, PmtModelSteps, i);

      if (g_str_equal (steps->name, preset))
        return (guint)steps->steps;
    }
  return USUAL_STEPS;
}

static void
set_sampling (PmtServerSettings *settings, const PmtRemoteTask *task)
{
  const PmtParams *params = task->params;
  const gint64 steps = pmt_params_get_int (params, "steps", 0);
  const gboolean is_high = g_str_equal (
      pmt_params_get_string (params, "sampler-quality", "normal"), "high");
  const gdouble cfg = pmt_params_get_number (params, "cfg", -1.0);

  settings->steps =
      steps > 0
          ? (guint)steps
          : preset_steps (task->model, pmt_params_get_string (
                                           params, "steps-preset", "high"));
  if (steps <= 0 && pmt_params_get_bool (params, "draft", FALSE))
    settings->steps = MIN (settings->steps, DRAFT_STEPS);
  settings->sampler = pmt_params_get_string (params, "sampler", "auto");
  settings->usual_sampler =
      is_high ? task->model->high_sampler : task->model->sampler;
  settings->schedule = pmt_params_get_string (params, "schedule", "auto");
  settings->cfg = cfg < 0.0 ? USUAL_CFG : cfg;
}

static void
set_strength (PmtServerSettings *settings, const PmtRemoteTask *task)
{
  settings->strength = pmt_params_get_number (task->params, "strength", -1.0);
  if (settings->strength < 0.0)
    settings->strength =
        task->operation == PMT_OPERATION_REIMAGINE ? USUAL_STRENGTH : 1.0;
  settings->strength = MIN (settings->strength, 1.0);
}

static void
set_size (PmtServerSettings *settings, const PmtRemoteTask *task)
{
  settings->width = task->width;
  settings->height = task->height;
  if (task->width > 0 && task->height > 0)
    return;
  settings->width = task->image != NULL ? task->image_head.width : 512;
  settings->height = task->image != NULL ? task->image_head.height : 512;
}

/* ------------------------------------------------------------------ LoRAs */

static void
lora_clear (gpointer data)
{
  g_free (((PmtServerLora *)data)->name);
}

static gboolean
fail_lora (PmtRemoteCall *call, const gchar *entry, GError **error)
{
  g_autofree gchar *detail = g_strdup_printf (
      _ ("“%s” in “lora” can't be read: write names with strengths from "
         "-%.0f to %.0f, such as film-look:0.8, and commas between them"),
      entry, MAX_LORA_STRENGTH, MAX_LORA_STRENGTH);

  return pmt_server_names_refuse_with (call, "lora", detail, error);
}

/* NAME or NAME:STRENGTH, as for checkpoints on this machine. */
static gboolean
add_lora (GArray *loras, PmtRemoteCall *call, gchar *entry, GError **error)
{
  gchar *colon = strrchr (entry, ':');
  gchar *end = NULL;
  PmtServerLora lora = { NULL, 1.0 };

  if (colon != NULL)
    lora.strength = g_ascii_strtod (colon + 1, &end);
  if ((colon != NULL && (end == colon + 1 || *end != '\0')) || entry == colon
      || !isfinite (lora.strength) || fabs (lora.strength) > MAX_LORA_STRENGTH
      || loras->len == MAX_LORAS)
    return fail_lora (call, entry, error);
  lora.name =
      colon != NULL ? g_strndup (entry, colon - entry) : g_strdup (entry);
  g_strchomp (lora.name);
  g_array_append_val (loras, lora);
  return TRUE;
}

static gboolean
set_loras (PmtServerSettings *settings,
           PmtRemoteCall *call,
           const gchar *text,
           GError **error)
{
  g_auto (GStrv) entries = g_strsplit (text, ",", -1);

  settings->loras = g_array_new (FALSE, FALSE, sizeof (PmtServerLora));
  g_array_set_clear_func (settings->loras, lora_clear);
  for (guint i = 0; entries[i] != NULL; i++)
    {
      gchar *entry = g_strstrip (entries[i]);

      if (*entry != '\0' && !add_lora (settings->loras, call, entry, error))
        return FALSE;
    }
  return TRUE;
}

/* ------------------------------------------------------------------ public */

void
pmt_server_settings_clear (PmtServerSettings *settings)
{
  g_clear_pointer (&settings->loras, g_array_unref);
}

gboolean
pmt_server_settings_init (PmtServerSettings *settings,
                          PmtRemoteCall *call,
                          const PmtRemoteTask *task,
                          GError **error)
{
  const PmtParams *params = task->params;

  settings->prompt = pmt_params_get_string (params, "prompt", "");
  settings->negative = pmt_params_get_string (params, "negative-prompt", "");
  settings->checkpoint = pmt_params_get_string (params, "checkpoint", "");
  if (*settings->checkpoint == '\0' && task->model_name != NULL)
    settings->checkpoint = task->model_name;
  settings->clip_skip = (gint)pmt_params_get_int (params, "clip-skip", 0);
  set_sampling (settings, task);
  set_strength (settings, task);
  set_size (settings, task);
  return set_loras (settings, call, pmt_params_get_string (params, "lora", ""),
                    error);
}

gboolean
pmt_server_settings_find_sampler (const PmtServerSettings *settings,
                                  PmtRemoteCall *call,
                                  gchar **name,
                                  GError **error)
{
  g_auto (GStrv) offered = NULL;

  *name = NULL;
  if (!g_str_equal (settings->sampler, "auto"))
    {
      *name = pmt_server_names_find (call, "sampler", settings->sampler, error);
      return *name != NULL;
    }
  offered = call->account->provider->list (call, "sampler", error);
  if (offered == NULL)
    return FALSE;
  if (settings->usual_sampler != NULL)
    *name = g_strdup (pmt_server_names_match (settings->usual_sampler,
                                              (const gchar *const *)offered));
  return TRUE;
}

gboolean
pmt_server_settings_find_schedule (const PmtServerSettings *settings,
                                   PmtRemoteCall *call,
                                   gchar **name,
                                   GError **error)
{
  *name = NULL;
  if (g_str_equal (settings->schedule, "auto"))
    return TRUE;
  *name = pmt_server_names_find (call, "schedule", settings->schedule, error);
  return *name != NULL;
}
