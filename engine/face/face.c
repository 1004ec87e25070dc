/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face.c: lists of faces: which of them remain, which are chosen. */
#include "config.h"

#include "face/face.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Two boxes with more of their union in common are one face. */
#define MAX_OVERLAP 0.35

/* Part of the smaller one inside the larger one, from which on it is a piece
 * of it: an eye and a mouth look like a face to some. */
#define MAX_INSIDE 0.8

/* Coordinates beyond this are nonsense; GIMP's largest side is half of it. */
#define MAX_COORDINATE 1048576.0

/* Instead of the strength of a face. */
#define NOT_CHOSEN -1.0

GArray *
pmt_faces_new (void)
{
  return g_array_new (FALSE, TRUE, sizeof (PmtFace));
}

void
pmt_face_guess_landmarks (PmtFace *face)
{
  /* The proportions of the FFHQ template in the boxes that YuNet gives. */
  static const gdouble places[5][2] = {
    { 0.265, 0.36 }, { 0.735, 0.36 }, { 0.50, 0.58 },
    { 0.29, 0.75 },  { 0.71, 0.75 },
  };

  for (gint i = 0; i < 5; i++)
    {
      face->landmarks[i][0] = face->x + places[i][0] * face->width;
      face->landmarks[i][1] = face->y + places[i][1] * face->height;
    }
  face->has_landmarks = FALSE;
}

static gboolean
is_place (gdouble value)
{
  return isfinite (value) && fabs (value) <= MAX_COORDINATE;
}

gboolean
pmt_face_is_sane (const PmtFace *face)
{
  gdouble between;

  if (!is_place (face->x) || !is_place (face->y) || !is_place (face->width)
      || !is_place (face->height) || !isfinite (face->score)
      || face->width < 1.0 || face->height < 1.0)
    return FALSE;
  for (gint i = 0; i < 5; i++)
    if (!is_place (face->landmarks[i][0]) || !is_place (face->landmarks[i][1]))
      return FALSE;
  between = hypot (face->landmarks[1][0] - face->landmarks[0][0],
                   face->landmarks[1][1] - face->landmarks[0][1]);
  return between >= 0.02 * face->width && between <= 2.0 * face->width;
}

/* ---------------------------------------------------------- suppression -- */

static gdouble
area_of (const PmtFace *face)
{
  return face->width * face->height;
}

static gdouble
common_area (const PmtFace *a, const PmtFace *b)
{
  const gdouble width =
      MIN (a->x + a->width, b->x + b->width) - MAX (a->x, b->x);
  const gdouble height =
      MIN (a->y + a->height, b->y + b->height) - MAX (a->y, b->y);

  return width > 0.0 && height > 0.0 ? width * height : 0.0;
}

/* @better has the higher score. */
static gboolean
is_same (const PmtFace *better, const PmtFace *face)
{
  const gdouble common = common_area (better, face);
  const gdouble own = area_of (face);

  return common > MAX_OVERLAP * (area_of (better) + own - common)
         || (own < area_of (better) && common > MAX_INSIDE * own);
}

static gint
compare_doubles (gdouble a, gdouble b)
{
  return a > b ? -1 : a < b ? 1 : 0;
}

static gint
compare_places (const PmtFace *a, const PmtFace *b)
{
  return a->x != b->x ? compare_doubles (b->x, a->x)
                      : compare_doubles (b->y, a->y);
}

static gint
compare_scores (gconstpointer first, gconstpointer second)
{
  const PmtFace *a = first;
  const PmtFace *b = second;

  return a->score != b->score ? compare_doubles (a->score, b->score)
                              : compare_places (a, b);
}

static gint
compare_sizes (gconstpointer first, gconstpointer second)
{
  const PmtFace *a = first;
  const PmtFace *b = second;
  const gdouble sizes[] = { area_of (a), area_of (b) };

  return sizes[0] != sizes[1] ? compare_doubles (sizes[0], sizes[1])
                              : compare_places (a, b);
}

void
pmt_faces_suppress (GArray *faces)
{
  guint n = 0;

  g_array_sort (faces, compare_scores);
  for (guint i = 0; i < faces->len && n < PMT_FACE_MAX; i++)
    {
      const PmtFace face = g_array_index (faces, PmtFace, i);
      gboolean is_new = TRUE;

      for (guint k = 0; k < n && is_new; k++)
        is_new = !is_same (&g_array_index (faces, PmtFace, k), &face);
      if (is_new)
        g_array_index (faces, PmtFace, n++) = face;
    }
  g_array_set_size (faces, n);
  g_array_sort (faces, compare_sizes);
}

/* ------------------------------------------------------------ selection -- */

static gboolean
fail_selection (const gchar *which, GError **error)
{
  if (*which == '\0')
    g_set_error_literal (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                         _ ("No face is chosen. Choose one at least."));
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("“faces” is “%s”; it must be “all”, “largest”, or numbers "
                    "such as “1,3”: 1 is the largest face. A strength of its "
                    "own stands behind a colon: “1,3:0.5”."),
                 which);
  return FALSE;
}

/* "3" or "3:0.5"; @strength is 0 for the first. */
static gboolean
parse_choice (gchar *word, guint64 *number, gdouble *strength)
{
  gchar *colon = strchr (word, ':');
  gchar *end = NULL;

  *strength = 0.0;
  if (colon != NULL)
    {
      *colon++ = '\0';
      *strength = g_ascii_strtod (colon, &end);
      if (colon[strspn (colon, "0123456789.")] != '\0' || end == colon
          || *end != '\0' || !(*strength > 0.0) || *strength > 1.0)
        return FALSE;
    }
  return g_ascii_string_to_unsigned (word, 10, 1, PMT_FACE_MAX, number, NULL);
}

/* The strength of each number to @choices, [PMT_FACE_MAX]; NOT_CHOSEN of
 * others. */
static gboolean
parse_numbers (const gchar *which, gdouble *choices, GError **error)
{
  g_auto (GStrv) words = g_strsplit (which, ",", PMT_FACE_MAX + 1);

  for (guint i = 0; i < PMT_FACE_MAX; i++)
    choices[i] = NOT_CHOSEN;
  if (words[0] == NULL || g_strv_length (words) > PMT_FACE_MAX)
    return fail_selection (which, error);
  for (gchar **word = words; *word != NULL; word++)
    {
      guint64 number;
      gdouble strength;

      if (!parse_choice (g_strstrip (*word), &number, &strength))
        return fail_selection (which, error);
      choices[number - 1] = strength;
    }
  return TRUE;
}

gboolean
pmt_faces_get_choice (const gchar *which, guint number, gdouble *strength)
{
  gdouble choices[PMT_FACE_MAX];

  g_return_val_if_fail (which != NULL && strength != NULL, FALSE);
  *strength = 0.0;
  if (number < 1 || number > PMT_FACE_MAX)
    return FALSE;
  if (g_str_equal (which, "all"))
    return TRUE;
  if (g_str_equal (which, "largest"))
    return number == 1;
  if (!parse_numbers (which, choices, NULL)
      || choices[number - 1] == NOT_CHOSEN)
    return FALSE;
  *strength = choices[number - 1];
  return TRUE;
}

gboolean
pmt_faces_check_selection (const gchar *which, GError **error)
{
  gdouble choices[PMT_FACE_MAX];

  return g_str_equal (which, "all") || g_str_equal (which, "largest")
         || parse_numbers (which, choices, error);
}

/* Whether there is the face of each number that is chosen. */
static gboolean
check_numbers (const gdouble *choices, guint n_faces, GError **error)
{
  for (guint i = n_faces; i < PMT_FACE_MAX; i++)
    if (choices[i] != NOT_CHOSEN)
      {
        g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                     g_dngettext (GETTEXT_PACKAGE,
                                  "“faces” asks for face %u; %u face was "
                                  "found.",
                                  "“faces” asks for face %u; %u faces were "
                                  "found.",
                                  n_faces),
                     i + 1, n_faces);
        return FALSE;
      }
  return TRUE;
}

GArray *
pmt_faces_select (GArray *faces, const gchar *which, GError **error)
{
  g_autoptr (GArray) chosen = pmt_faces_new ();
  gdouble choices[PMT_FACE_MAX];

  if (g_str_equal (which, "all"))
    g_array_append_vals (chosen, faces->data, faces->len);
  else if (g_str_equal (which, "largest"))
    g_array_append_vals (chosen, faces->data, MIN (faces->len, 1));
  else if (!parse_numbers (which, choices, error)
           || (faces->len > 0 && !check_numbers (choices, faces->len, error)))
    return NULL;
  else
    for (guint i = 0; i < MIN (faces->len, PMT_FACE_MAX); i++)
      if (choices[i] != NOT_CHOSEN)
        {
          PmtFace face = g_array_index (faces, PmtFace, i);

          face.strength = choices[i];
          g_array_append_val (chosen, face);
        }
  return g_steal_pointer (&chosen);
}
