/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-walk.h: the files of models in a folder and below it. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtModelWalkFlags: what is looked for
 * @PMT_MODEL_WALK_NETS: .onnx files
 * @PMT_MODEL_WALK_WEIGHTS: .safetensors files, and folders of Diffusers
 * @PMT_MODEL_WALK_PICKLES: files of PyTorch
 */
typedef enum
{
  PMT_MODEL_WALK_NETS = 1 << 0,
  PMT_MODEL_WALK_WEIGHTS = 1 << 1,
  PMT_MODEL_WALK_PICKLES = 1 << 2
} PmtModelWalkFlags;

/**
 * pmt_model_walk:
 * @folder: need not exist
 * @problems: (nullable) (element-type PmtProblem): folders that can't be read,
 *   links that lead nowhere or in a circle, more than 500 files: added to, with
 *   the path as name
 *
 * Looks into folders below, four deep.  Links are followed.  What is in a folder
 * of Diffusers is part of it.  Names that begin with a dot are skipped.
 *
 * Returns: (transfer full) (element-type filename): paths, at most 500, in the
 *   order of their names.
 */
GPtrArray *pmt_model_walk (const gchar *folder,
                           PmtModelWalkFlags flags,
                           GPtrArray *problems);

/** pmt_model_walk_is_folder: whether @path is a folder of Diffusers. */
gboolean pmt_model_walk_is_folder (const gchar *path);

/** pmt_model_walk_is_pickle: whether @path is named like a file of PyTorch. */
gboolean pmt_model_walk_is_pickle (const gchar *path);

G_END_DECLS
