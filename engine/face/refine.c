/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * refine.c: a second look at a face that was found, upright and at the size
 * that detectors see best: landmarks of faces that lean are off by a fifth of
 * the distance between the eyes otherwise.
 */
#include "config.h"

#include "face/detect.h"

#include <math.h>
#include <string.h>

#include "face/align.h"

/* Side of the aligned picture; a face is about 140 pixels high in it. */
#define SIDE 256

/* Another face than the one meant, if its middle is further away. */
#define MAX_DISTANCE (0.2 * SIDE)

static const PmtFace *
find_nearest (GArray *faces)
{
  const PmtFace *nearest = NULL;
  gdouble best = MAX_DISTANCE;

  for (guint i = 0; i < faces->len; i++)
    {
      const PmtFace *face = &g_array_index (faces, PmtFace, i);
      const gdouble distance =
          hypot (face->x + face->width / 2.0 - SIDE / 2.0,
                 face->y + face->height / 2.0 - 0.535 * SIDE);

      /* Of the many boxes of a face the surest. */
      if (distance < MAX_DISTANCE
          && (nearest == NULL || face->score > nearest->score
              || (face->score == nearest->score && distance < best)))
        {
          best = distance;
          nearest = face;
        }
    }
  return nearest;
}

/* At the corner of what the detector takes. */
static PmtSmallImage *
fit (PmtFaceNet *net, const PmtSmallImage *face, GError **error)
{
  const PmtFaceDeclared *declared = pmt_face_net_get_declared (net);
  PmtSmallImage *seen = pmt_small_image_new (
      MAX (declared->width, SIDE), MAX (declared->height, SIDE), error);

  for (gint y = 0; seen != NULL && y < SIDE; y++)
    memcpy (seen->rgb + (gsize)y * seen->width * 3,
            face->rgb + (gsize)y * SIDE * 3, (gsize)SIDE * 3 * sizeof (gfloat));
  return seen;
}

gboolean
pmt_face_refine (PmtFaceNet *net,
                 gdouble min_score,
                 GeglBuffer *picture,
                 PmtFace *face,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GArray) found = pmt_faces_new ();
  g_autoptr (PmtSmallImage) aligned = NULL;
  g_autoptr (PmtSmallImage) seen = NULL;
  const PmtFace *nearest;
  PmtFace better = *face;
  PmtSimilarity map;
  PmtSimilarity back;

  if (!pmt_face_align (face, SIDE, &map))
    return TRUE;
  aligned = pmt_face_cut (picture, &map, NULL, SIDE, cancellable, error);
  if (aligned == NULL)
    return FALSE;
  seen = fit (net, aligned, error);
  if (seen == NULL
      || !pmt_face_net_find (net, seen->rgb, seen->width, seen->height,
                             min_score, found, cancellable, error))
    return FALSE;
  nearest = find_nearest (found);
  if (nearest == NULL || !nearest->has_landmarks)
    return TRUE;
  back = pmt_similarity_invert (&map);
  memcpy (better.landmarks, nearest->landmarks, sizeof better.landmarks);
  for (gint i = 0; i < 5; i++)
    pmt_similarity_apply (&back, better.landmarks[i]);
  better.has_landmarks = TRUE;
  if (pmt_face_is_sane (&better))
    *face = better;
  return TRUE;
}
