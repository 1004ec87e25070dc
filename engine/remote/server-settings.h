/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* server-settings.h: parameters of a request to the user's own servers. */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/** PmtServerLora: @name: (owned). */
typedef struct
{
  gchar *name;
  gdouble strength;
} PmtServerLora;

/**
 * PmtServerSettings: what a diffusion server is told, decided where our
 * parameters say "by itself"; texts belong to the task
 * @checkpoint: may be empty: the one that the server has loaded
 * @sampler: "auto", or our name; @usual_sampler: (nullable): for "auto"
 * @schedule: "auto", or our name
 * @strength: 0..1
 * @clip_skip: 0: not told
 * @loras: (element-type PmtServerLora)
 * @width, @height: of the result; of the picture where the task has none
 */
typedef struct
{
  const gchar *prompt;
  const gchar *negative;
  const gchar *checkpoint;
  const gchar *sampler;
  const gchar *usual_sampler;
  const gchar *schedule;
  guint steps;
  gdouble cfg;
  gdouble strength;
  gint clip_skip;
  GArray *loras;
  gint width;
  gint height;
} PmtServerSettings;

/**
 * pmt_server_settings_init:
 * @error: class PARAMETER: "lora" can't be read
 *
 * Parameters and their meaning are those of data/catalog/diffusion.json.
 */
gboolean pmt_server_settings_init (PmtServerSettings *settings,
                                   PmtRemoteCall *call,
                                   const PmtRemoteTask *task,
                                   GError **error);
void pmt_server_settings_clear (PmtServerSettings *settings);

/**
 * pmt_server_settings_find_sampler:
 * @name: (out) (nullable): %NULL: not to be told
 *
 * What the server calls the sampler.  The usual one is only taken where the
 * server has it.
 */
gboolean pmt_server_settings_find_sampler (const PmtServerSettings *settings,
                                           PmtRemoteCall *call,
                                           gchar **name,
                                           GError **error);

/** pmt_server_settings_find_schedule: likewise; "auto" is not told. */
gboolean pmt_server_settings_find_schedule (const PmtServerSettings *settings,
                                            PmtRemoteCall *call,
                                            gchar **name,
                                            GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtServerSettings, pmt_server_settings_clear)

#define PMT_SERVER_SETTINGS_INIT { 0 }

G_END_DECLS
