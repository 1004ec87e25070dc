/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* golden.h: reference numbers, and comparing with them. */
#pragma once

#include "core/json.h"
#include "onnx/weights.h"

G_BEGIN_DECLS

/**
 * golden_main:
 * @add: adds the tests with g_test_add_*()
 *
 * A test program's main(): skips everything, visibly, when $PENTIMENTO_GOLDEN
 * names no folder.
 */
int golden_main (int argc, char **argv, void (*add) (void));

/** golden_path: (transfer full): a file of the folder, printf-like. */
gchar *golden_path (const gchar *format, ...) G_GNUC_PRINTF (1, 2);

/** golden_exists: whether the folder has the file. */
gboolean golden_exists (const gchar *format, ...) G_GNUC_PRINTF (1, 2);

/** golden_open: a .safetensors file of the folder; ends the test if it can't
 * be read. */
PmtWeights *golden_open (const gchar *format, ...) G_GNUC_PRINTF (1, 2);

/** golden_json: a JSON file of the folder, up to 64 MiB. */
cJSON *golden_json (const gchar *format, ...) G_GNUC_PRINTF (1, 2);

/** golden_has: whether @weights has a tensor of the printf-like name. */
gboolean golden_has (PmtWeights *weights, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

/**
 * golden_floats:
 * @n: (out) (optional): number of values
 *
 * Returns: (transfer full): the tensor of the printf-like name, widened to
 *   float; ends the test when it is missing.
 */
gfloat *golden_floats (PmtWeights *weights, gsize *n, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);

/** golden_ints: the same for int64. */
gint64 *golden_ints (PmtWeights *weights, gsize *n, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);

/** golden_dim: size number @i of the tensor @name. */
gint64 golden_dim (PmtWeights *weights, const gchar *name, gint i);

/**
 * golden_add_checkpoints:
 * @test: gets a checkpoint's name below checkpoints/: that of a file, with
 *   its suffix, or of a folder
 *
 * Adds @test, below the path @prefix, for each checkpoint of which there are
 * outputs.
 */
void golden_add_checkpoints (const gchar *prefix, GTestDataFunc test);

/** golden_difference: the largest |a - b|; NaN counts as infinite. */
gdouble golden_difference (const gfloat *a, const gfloat *b, gsize n);

/** golden_max: the largest |a|. */
gdouble golden_max (const gfloat *a, gsize n);

/** golden_compare: fails the test, with @what and the numbers, when the
 * largest difference is above @tolerance; says the difference as a message
 * otherwise. */
void golden_compare (const gchar *what,
                     const gfloat *made,
                     const gfloat *wanted,
                     gsize n,
                     gdouble tolerance);

G_END_DECLS
