/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* user-checkpoints.h: the user's own checkpoints as models. */
#pragma once

#include "catalog/model.h"

G_BEGIN_DECLS

/**
 * pmt_user_checkpoints_add:
 * @data_dir: with "catalog/diffusion.json", the template
 * @user_dir: with "models/checkpoints/": files and folders of Diffusers, also
 *   in folders below it; and "config.json", which may name folders of other
 *   programs
 * @models: (element-type PmtModel): added to
 * @problems: (element-type PmtProblem): what can't be used is added
 * @outside: (element-type PmtProblem): the same of files of other programs
 *
 * Models get the id "checkpoint-" and their file's name in small letters.
 */
void pmt_user_checkpoints_add (const gchar *data_dir,
                               const gchar *user_dir,
                               GPtrArray *models,
                               GPtrArray *problems,
                               GPtrArray *outside);

/**
 * pmt_user_checkpoints_opens:
 *
 * Returns: whether @path is named like a checkpoint: a .safetensors file, a
 *   pickle (which is refused with the reason), a folder of Diffusers.
 */
gboolean pmt_user_checkpoints_opens (const gchar *path);

/**
 * pmt_user_checkpoints_open:
 * @path: anywhere
 * @error: as pmt_checkpoint_open()
 *
 * Returns: (transfer full): a model with @path as its id.
 */
PmtModel *pmt_user_checkpoints_open (const gchar *data_dir,
                                     const gchar *path,
                                     GError **error);

/**
 * pmt_user_checkpoints_find_file:
 * @kind: "lora" or "vae": a folder below models/, then those of other programs
 * @name: a file's name with or without ".safetensors", perhaps with folders
 *   in front, or an absolute path
 * @error: PMT_ERROR_ARGUMENT: there is none: tells where it should be, and
 *   the names that are there
 *
 * Returns: (transfer full): its path.
 */
gchar *pmt_user_checkpoints_find_file (const gchar *user_dir,
                                       const gchar *kind,
                                       const gchar *name,
                                       GError **error);

G_END_DECLS
