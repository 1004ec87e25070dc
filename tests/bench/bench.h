/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* bench.h: pictures with holes, measures, and other programs to compare. */
#pragma once

#include <gegl.h>

G_BEGIN_DECLS

/**
 * Picture: [height, width, 3] float R'G'B'.
 */
typedef struct
{
  gint width;
  gint height;
  gfloat *rgb;
} Picture;

Picture *picture_new (gint width, gint height);
Picture *picture_copy (const Picture *picture);
void picture_free (Picture *picture);
Picture *picture_load (const gchar *path, GError **error);
gboolean
picture_save (const Picture *picture, const gchar *path, GError **error);
gboolean hole_save (const guint8 *hole,
                    gint width,
                    gint height,
                    const gchar *path,
                    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Picture, picture_free)

/**
 * Case: a picture whose hidden part is known.
 * @kind: "photo", "periodic", "stochastic", "structured"
 * @hole: [height, width] bytes
 */
typedef struct
{
  gchar *name;
  const gchar *kind;
  Picture *truth;
  guint8 *hole;
} Case;

void case_free (Case *item);
gsize case_count_hole (const Case *item);
Picture *case_open_hole (const Case *item);

/** cases_new: (element-type Case): @photos may lack; textures are made. */
GPtrArray *cases_new (const gchar *photos);

/**
 * case_new_large:
 *
 * A photograph (or, without one, a texture) enlarged by mirroring to the size
 * asked for, with noise and slow shading so that nothing repeats exactly, and
 * a round hole of @hole_pixels.
 */
Case *case_new_large (const gchar *photos,
                      gint width,
                      gint height,
                      gsize hole_pixels);

/** Score: of one result in the hole of one case. */
typedef struct
{
  gdouble psnr;
  gdouble ssim;
  gdouble texture;
} Score;

/**
 * score_measure:
 *
 * psnr: dB over the hole.  ssim: mean over the hole, gray, 7x7 windows.
 * texture: mean distance of the sorted gradient magnitudes of result and
 * truth in the hole (earth mover's distance of their histograms), over three
 * scales, in percent of the range; 0 is best, blur and noise both raise it.
 */
Score score_measure (const Case *item, const Picture *result);

/**
 * gmic_inpaint:
 * @command: "inpaint_matchpatch" or "inpaint_patchbased"
 * @seconds: (out): wall-clock time of the process
 */
Picture *gmic_inpaint (const Case *item,
                       const gchar *command,
                       const gchar *folder,
                       gdouble *seconds,
                       GError **error);

G_END_DECLS
