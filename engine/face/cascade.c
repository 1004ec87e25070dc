/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* cascade.c: OpenCV's frontal faces, where no network is installed. */
#include "config.h"

#include "face/cascade.h"

#include <glib/gi18n-lib.h>

#include "face/cascade-config.h"

#ifdef PMT_CASCADE_MODULE

#include <gmodule.h>
#include <math.h>

#include "face/cascade-module.h"
#include "image/small-image.h"
#include "image/image-private.h"

/* Larger pictures are made smaller: it takes about a second for 4 megapixels,
 * and can't be cancelled. */
#define MAX_SIDE 2000

/* The cascade was trained with faces of this size. */
#define MIN_SIDE 24

/* Its boxes end above the chin and are as wide as high: where YuNet's would
 * be. */
#define BOX_LEFT 0.04
#define BOX_TOP -0.06
#define BOX_WIDTH 0.96
#define BOX_HEIGHT 1.22

static GMutex mutex;
static PmtCascadeFind find;
static gchar *module_path;

void
pmt_cascade_set_module (const gchar *path)
{
  g_mutex_lock (&mutex);
  g_free (module_path);
  module_path = g_strdup (path);
  g_mutex_unlock (&mutex);
}

static gboolean
fail (GError **error, const gchar *reason)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("OpenCV, which is used otherwise, can't be: %s"), reason);
  return FALSE;
}

/* Loaded once and never unloaded. */
static gboolean
load (GError **error)
{
  GModule *module;
  gpointer symbol = NULL;

  if (find != NULL)
    return TRUE;
  module =
      g_module_open (module_path != NULL ? module_path : PMT_CASCADE_MODULE,
                     G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  if (module == NULL || !g_module_symbol (module, PMT_CASCADE_SYMBOL, &symbol))
    {
      g_debug ("OpenCV: %s", g_module_error ());
      return fail (error, _ ("its module is not installed, or does not fit."));
    }
  g_module_make_resident (module);
  find = (PmtCascadeFind)symbol;
  return TRUE;
}

gboolean
pmt_cascade_is_usable (GError **error)
{
  gboolean is_usable;

  if (!g_file_test (PMT_CASCADE_DATA, G_FILE_TEST_IS_REGULAR))
    return fail (error, _ ("its package “opencv-data” is not installed."));
  g_mutex_lock (&mutex);
  is_usable = load (error);
  g_mutex_unlock (&mutex);
  return is_usable;
}

static guint8 *
new_gray (const PmtSmallImage *image, GError **error)
{
  const gsize n = (gsize)image->width * image->height;
  guint8 *gray = pmt_image_alloc (image->width, image->height, 1, error);

  for (gsize i = 0; gray != NULL && i < n; i++)
    {
      const gfloat *rgb = image->rgb + i * 3;

      gray[i] =
          (guint8)(255.0f
                       * (0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2])
                   + 0.5f);
    }
  return gray;
}

static void
add_box (const PmtSmallImage *image, const gint *box, gint votes, GArray *faces)
{
  const gdouble side = box[2] * image->step;
  PmtFace face = { 0 };

  face.x = image->x + box[0] * image->step + BOX_LEFT * side;
  face.y = image->y + box[1] * image->step + BOX_TOP * side;
  face.width = BOX_WIDTH * side;
  face.height = BOX_HEIGHT * side;
  /* So many boxes are never put together by chance. */
  face.score = MIN (1.0, votes / 40.0);
  pmt_face_guess_landmarks (&face);
  if (pmt_face_is_sane (&face))
    g_array_append_val (faces, face);
}

GArray *
pmt_cascade_detect (GeglBuffer *picture,
                    const GeglRectangle *rect,
                    GCancellable *cancellable,
                    GError **error)
{
  const gint step = MAX (rect->width, rect->height) / MAX_SIDE + 1;
  g_autoptr (PmtSmallImage) image =
      pmt_small_image_read (picture, rect, step, cancellable, error);
  g_autoptr (GArray) faces = pmt_faces_new ();
  g_autofree guint8 *gray = image != NULL ? new_gray (image, error) : NULL;
  gint boxes[PMT_FACE_MAX][4];
  gint votes[PMT_FACE_MAX];
  gint n;

  if (gray == NULL || !pmt_cascade_is_usable (error))
    return NULL;
  n = find (gray, image->width, image->height, PMT_CASCADE_DATA, MIN_SIDE,
            boxes, votes, PMT_FACE_MAX);
  if (n < 0)
    {
      fail (error, n == -1 ? _ ("its data can't be read.")
                           : _ ("it failed; there may be too little memory."));
      return NULL;
    }
  for (gint i = 0; i < n; i++)
    add_box (image, boxes[i], votes[i], faces);
  pmt_faces_suppress (faces);
  return g_steal_pointer (&faces);
}

#else

void
pmt_cascade_set_module (const gchar *path)
{
}

gboolean
pmt_cascade_is_usable (GError **error)
{
  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                       _ ("This build has no OpenCV, which finds faces without "
                          "one."));
  return FALSE;
}

GArray *
pmt_cascade_detect (GeglBuffer *picture,
                    const GeglRectangle *rect,
                    GCancellable *cancellable,
                    GError **error)
{
  pmt_cascade_is_usable (error);
  return NULL;
}

#endif
