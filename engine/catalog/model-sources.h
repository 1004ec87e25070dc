/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-sources.h: folders of other programs whose models are used. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/** Most folders that config.json may name. */
#define PMT_MODEL_SOURCES_MAX 20

/**
 * pmt_model_sources_read:
 * @user_dir: with "config.json"
 * @error: PMT_ERROR_FILE, PMT_ERROR_MANIFEST
 *
 * Returns: (transfer full): %NULL-terminated absolute paths, as "model_folders"
 *   has them; they need not exist.
 */
gchar **pmt_model_sources_read (const gchar *user_dir, GError **error);

/**
 * pmt_model_sources_write:
 * @folders: %NULL-terminated absolute paths in UTF-8
 *
 * Errors: as pmt_shared_config_read() and pmt_shared_config_write().
 */
gboolean pmt_model_sources_write (const gchar *user_dir,
                                  const gchar *const *folders,
                                  GError **error);

/**
 * pmt_model_sources_check:
 * @problems: (element-type PmtProblem): folders that are not there are added,
 *   and why "config.json" can't be read
 */
void pmt_model_sources_check (const gchar *user_dir, GPtrArray *problems);

/**
 * pmt_model_source_list:
 * @source: a folder of ComfyUI (checkpoints, loras, vae, embeddings,
 *   upscale_models), of AUTOMATIC1111 or Forge (Stable-diffusion, Lora, VAE,
 *   embeddings, ESRGAN), with or without "models" between; or a folder of files
 * @kind: "checkpoints", "lora", "vae", "embeddings" or "upscalers"
 *
 * Returns: (transfer full) (element-type filename): folders for @kind that
 *   exist; @source itself where it has no subfolder of these names.
 */
GPtrArray *pmt_model_source_list (const gchar *source, const gchar *kind);

/** pmt_model_source_is_plain: whether @source is a folder of files: what they
 * are is told by themselves only. */
gboolean pmt_model_source_is_plain (const gchar *source);

/** pmt_model_sources_list: pmt_model_source_list() of all sources; nothing where
 * config.json can't be read.  @user_dir: (nullable). */
GPtrArray *pmt_model_sources_list (const gchar *user_dir, const gchar *kind);

G_END_DECLS
