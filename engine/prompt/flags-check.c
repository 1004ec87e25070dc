/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* flags-check.c: flags that exclude each other. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "prompt/flags-private.h"
#include "prompt/prompt-text.h"

static const PmtFlag *
find (const PmtFlagged *flagged, PmtFlagId id)
{
  for (guint i = 0; i < flagged->flags->len; i++)
    {
      const PmtFlag *flag = flagged->flags->pdata[i];

      if (flag->id == id)
        return flag;
    }
  return NULL;
}

/* Pairs that can't be had at once. */
static const PmtFlagId excluding[][2] = {
  { PMT_FLAG_FAST, PMT_FLAG_TURBO },   { PMT_FLAG_FAST, PMT_FLAG_RELAX },
  { PMT_FLAG_RELAX, PMT_FLAG_TURBO },  { PMT_FLAG_VERSION, PMT_FLAG_NIJI },
  { PMT_FLAG_OBJECT, PMT_FLAG_FAST },  { PMT_FLAG_OBJECT, PMT_FLAG_TURBO },
  { PMT_FLAG_OBJECT, PMT_FLAG_RELAX }, { PMT_FLAG_OBJECT, PMT_FLAG_DRAFT },
  { PMT_FLAG_OBJECT, PMT_FLAG_NIJI },  { PMT_FLAG_DRAFT, PMT_FLAG_NIJI },
};

/* What needs a version of the model at least. */
static const struct
{
  PmtFlagId id;
  const gchar *value;
  gint version;
} newer[] = {
  { PMT_FLAG_QUALITY, "2", 4 },
  { PMT_FLAG_TURBO, "", 5 },
  { PMT_FLAG_DRAFT, "", 7 },
  { PMT_FLAG_OBJECT, NULL, 7 },
};

/* @flag can't be used, for @reason (transfer full). */
static gboolean
refuse (const gchar *text, const PmtFlag *flag, gchar *reason, GError **error)
{
  pmt_prompt_fail (text, text + flag->start, reason, error);
  g_free (reason);
  return FALSE;
}

gboolean
pmt_flags_exclude (PmtFlagId a, PmtFlagId b)
{
  for (guint i = 0; i < G_N_ELEMENTS (excluding); i++)
    if ((excluding[i][0] == a && excluding[i][1] == b)
        || (excluding[i][0] == b && excluding[i][1] == a))
      return TRUE;
  return FALSE;
}

static gboolean
check_pairs (const PmtFlagged *flagged, const gchar *text, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (excluding); i++)
    {
      const PmtFlag *a = find (flagged, excluding[i][0]);
      const PmtFlag *b = find (flagged, excluding[i][1]);

      if (a != NULL && b != NULL)
        return refuse (text, a->start > b->start ? a : b,
                       g_strdup_printf (_ ("“--%s” and “--%s” exclude each "
                                           "other; leave one out"),
                                        pmt_flag_spec (a->id)->name,
                                        pmt_flag_spec (b->id)->name),
                       error);
    }
  return TRUE;
}

static gboolean
check_versions (const PmtFlagged *flagged, const gchar *text, GError **error)
{
  const PmtFlag *version = find (flagged, PMT_FLAG_VERSION);
  const gint number =
      version != NULL ? (gint)g_ascii_strtoll (version->value, NULL, 10) : 0;

  for (guint i = 0; i < G_N_ELEMENTS (newer) && version != NULL; i++)
    {
      const PmtFlag *flag = find (flagged, newer[i].id);

      if (flag == NULL || number >= newer[i].version
          || (newer[i].value != NULL
              && !g_str_equal (flag->value, newer[i].value)))
        continue;
      return refuse (
          text, flag,
          g_strdup_printf (_ ("“--%s%s%s” needs version %d or "
                              "later, and “--version %d” is given"),
                           pmt_flag_spec (flag->id)->name,
                           newer[i].value && *newer[i].value ? " " : "",
                           newer[i].value ? newer[i].value : "",
                           newer[i].version, number),
          error);
    }
  return TRUE;
}

gboolean
pmt_flags_check (const PmtFlagged *flagged, const gchar *text, GError **error)
{
  const PmtFlag *relax = find (flagged, PMT_FLAG_RELAX);
  const PmtFlag *motion = find (flagged, PMT_FLAG_MOTION);

  if (!check_pairs (flagged, text, error)
      || !check_versions (flagged, text, error))
    return FALSE;
  if (relax != NULL)
    return refuse (text, relax,
                   g_strdup (_ ("“--relax” is not supported; the modes are "
                                "“--fast” and “--turbo”")),
                   error);
  if (motion != NULL)
    return refuse (text, motion,
                   g_strdup (_ ("“--motion” is for videos; leave it out")),
                   error);
  return TRUE;
}

gboolean
pmt_flags_check_paint (const PmtFlagged *flagged, GError **error)
{
  static const PmtFlagId alone[] = { PMT_FLAG_OBJECT, PMT_FLAG_TILE,
                                     PMT_FLAG_DRAFT };

  g_return_val_if_fail (flagged != NULL, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (alone); i++)
    if (find (flagged, alone[i]) != NULL)
      {
        g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                     _ ("“--%s” can't be used where a part of a picture is "
                        "painted anew. Leave it out."),
                     pmt_flag_spec (alone[i])->name);
        return FALSE;
      }
  return TRUE;
}
