/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* picture-profile.c: profiles of pictures that strangers made. */
#include "config.h"

#include <math.h>

#include "remote/picture-private.h"

#define HEADER_BYTES 128
#define MAX_TAGS 128
#define MAX_CURVE 65536

/* babl keeps 100 spaces and 100 curves until the process ends, and a call too
 * many ends it.  A profile brings one space and up to three curves. */
#define MAX_PROFILES 20

/* The data of a tag; empty when there is none or it leaves the profile. */
static PmtCursor
find_tag (PmtCursor profile, const gchar *name)
{
  const PmtCursor whole = profile;
  PmtCursor none = { 0 };
  guint32 n;

  pmt_cursor_skip (&profile, HEADER_BYTES);
  n = pmt_cursor_big (&profile, 4);
  for (guint32 i = 0; i < n && !profile.is_over; i++)
    {
      const gboolean is_it = pmt_cursor_starts (&profile, name, 4);
      guint32 offset, length;

      pmt_cursor_skip (&profile, 4);
      offset = pmt_cursor_big (&profile, 4);
      length = pmt_cursor_big (&profile, 4);
      if (!is_it)
        continue;
      if (offset >= whole.left || length > whole.left - offset)
        return none;
      none.at = whole.at + offset;
      none.left = length;
      return none;
    }
  return none;
}

/* A "curv" or "para" that lies in its tag and rises. */
static gboolean
is_curve (PmtCursor curve)
{
  static const guint8 n_params[] = { 1, 3, 4, 5, 7 };
  const gboolean is_table = pmt_cursor_starts (&curve, "curv", 4);
  const gboolean is_formula = pmt_cursor_starts (&curve, "para", 4);
  guint32 first = 0;
  guint32 last = 0;
  guint32 n;

  pmt_cursor_skip (&curve, 8);
  n = pmt_cursor_big (&curve, is_table ? 4 : 2);
  if (is_formula)
    {
      gint32 gamma;

      pmt_cursor_skip (&curve, 2);
      gamma = (gint32)pmt_cursor_big (&curve, 4);
      return n < G_N_ELEMENTS (n_params)
             && curve.left >= 4 * ((gsize)n_params[n] - 1) && gamma > 0x2000
             && gamma < 0xa0000;
    }
  if (!is_table || curve.is_over || n > MAX_CURVE || curve.left < 2 * (gsize)n)
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    {
      last = pmt_cursor_big (&curve, 2);
      first = i == 0 ? last : first;
    }
  /* One number is an exponent, in 256ths. */
  return n == 0 || (n == 1 ? last > 32 && last < 2560 : last > first);
}

static gboolean
read_xyz (PmtCursor tag, gdouble *xyz)
{
  const gboolean is_xyz = pmt_cursor_starts (&tag, "XYZ ", 4);

  pmt_cursor_skip (&tag, 8);
  for (gint i = 0; i < 3; i++)
    xyz[i] = (gint32)pmt_cursor_big (&tag, 4) / 65536.0;
  return is_xyz && !tag.is_over;
}

/* Three primaries that span a space, and their curves. */
static gboolean
has_matrix (PmtCursor profile)
{
  gdouble r[3], g[3], b[3], volume;

  if (!read_xyz (find_tag (profile, "rXYZ"), r)
      || !read_xyz (find_tag (profile, "gXYZ"), g)
      || !read_xyz (find_tag (profile, "bXYZ"), b)
      || !is_curve (find_tag (profile, "rTRC"))
      || !is_curve (find_tag (profile, "gTRC"))
      || !is_curve (find_tag (profile, "bTRC")))
    return FALSE;
  volume = r[0] * (g[1] * b[2] - g[2] * b[1])
           - g[0] * (r[1] * b[2] - r[2] * b[1])
           + b[0] * (r[1] * g[2] - r[2] * g[1]);
  return fabs (volume) > 1e-3 && fabs (r[1] + g[1] + b[1] - 1.0) < 0.1;
}

/* Header, table of tags, and every tag within the profile. */
static gboolean
is_sound (PmtCursor profile, gboolean is_gray)
{
  const PmtCursor whole = profile;
  const guint32 size = pmt_cursor_big (&profile, 4);
  gboolean is_ok = size == whole.left;
  guint32 n;

  pmt_cursor_skip (&profile, 12);
  is_ok = is_ok && pmt_cursor_starts (&profile, is_gray ? "GRAY" : "RGB ", 4);
  pmt_cursor_skip (&profile, 20);
  is_ok = is_ok && pmt_cursor_starts (&profile, "acsp", 4);
  pmt_cursor_skip (&profile, HEADER_BYTES - 36);
  n = pmt_cursor_big (&profile, 4);
  if (!is_ok || profile.is_over || n > MAX_TAGS)
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    {
      guint32 offset, length;

      pmt_cursor_skip (&profile, 4);
      offset = pmt_cursor_big (&profile, 4);
      length = pmt_cursor_big (&profile, 4);
      if (profile.is_over || length < 8 || offset > whole.left
          || length > whole.left - offset)
        return FALSE;
    }
  return is_gray ? is_curve (find_tag (whole, "kTRC")) : has_matrix (whole);
}

/* Whether @profile is one of the first that this process saw. */
static gboolean
has_room (GBytes *profile)
{
  static gchar *seen[MAX_PROFILES];
  static GMutex mutex;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  g_autofree gchar *sum =
      g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, profile);

  for (guint i = 0; i < MAX_PROFILES; i++)
    {
      if (seen[i] && g_str_equal (seen[i], sum))
        return TRUE;
      if (seen[i])
        continue;
      seen[i] = g_steal_pointer (&sum);
      return TRUE;
    }
  return FALSE;
}

const Babl *
pmt_profile_to_space (GBytes *profile, gboolean is_gray)
{
  const gchar *error = NULL;
  const Babl *space;
  gconstpointer data;
  gsize length;

  if (!profile || !is_sound (pmt_cursor_of (profile), is_gray)
      || !has_room (profile))
    return NULL;
  data = g_bytes_get_data (profile, &length);
  space = babl_space_from_icc (data, (int)length,
                               BABL_ICC_INTENT_RELATIVE_COLORIMETRIC, &error);
  return error ? NULL : space;
}
