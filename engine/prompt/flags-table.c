/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* flags-table.c: the flags that there are.  Names, ranges and defaults are
 * facts of the prompt-flag service's reference of its parameters. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "prompt/flags-private.h"

/* The order is that of PmtFlagId. */
static const PmtFlagSpec specs[PMT_N_FLAGS] = {
  { "aspect", "ar", PMT_FLAG_RATIO, 1, 65535, NULL, NULL, "aspect" },
  { "quality", "q", PMT_FLAG_CHOICE, 0, 0, "0.25 0.5 1 2", NULL, "quality" },
  { "stylize", "s", PMT_FLAG_WHOLE, 0, 1000, NULL, NULL, "stylize" },
  { "chaos", "c", PMT_FLAG_WHOLE, 0, 100, NULL, NULL, "chaos" },
  { "weird", "w", PMT_FLAG_WHOLE, 0, 3000, NULL, NULL, "weird" },
  { "fast", NULL, PMT_FLAG_SWITCH, 0, 0, NULL, NULL, NULL },
  { "relax", NULL, PMT_FLAG_SWITCH, 0, 0, NULL, NULL, NULL },
  { "turbo", NULL, PMT_FLAG_SWITCH, 0, 0, NULL, NULL, "turbo" },
  { "version", "v", PMT_FLAG_CHOICE, 0, 0, "1 2 3 4 5 6 7", NULL, "version" },
  { "niji", NULL, PMT_FLAG_CHOICE, 0, 0, "5 6", "6", "niji" },
  { "raw", NULL, PMT_FLAG_SWITCH, 0, 0, NULL, NULL, "raw" },
  { "tile", NULL, PMT_FLAG_SWITCH, 0, 0, NULL, NULL, "tile" },
  { "draft", NULL, PMT_FLAG_SWITCH, 0, 0, NULL, NULL, "draft" },
  { "exp", NULL, PMT_FLAG_SWITCH, 0, 0, NULL, NULL, NULL },
  { "seed", NULL, PMT_FLAG_WHOLE, 0, 4294967295.0, NULL, NULL, "seed" },
  { "stop", NULL, PMT_FLAG_WHOLE, 10, 100, NULL, NULL, "stop" },
  { "motion", NULL, PMT_FLAG_WHOLE, 1, 4, NULL, NULL, NULL },
  { "no", NULL, PMT_FLAG_TEXT, 1, 2000, NULL, NULL, "negative-prompt" },
  { "iw", NULL, PMT_FLAG_NUMBER, 0, 3, NULL, NULL, "image-weight" },
  { "cref", NULL, PMT_FLAG_ADDRESSES, 1, 14, NULL, NULL, NULL },
  { "sref", NULL, PMT_FLAG_ADDRESSES, 1, 14, NULL, NULL, NULL },
  { "oref", NULL, PMT_FLAG_ADDRESSES, 1, 1, NULL, NULL, NULL },
};

static const struct
{
  const gchar *name;
  const gchar *why;
} unsupported[] = {
  { "repeat", N_ ("set the number of candidates instead") },
  { "r", N_ ("set the number of candidates instead") },
  { "bs", N_ ("it is for videos; set the number of candidates instead") },
  { "batchsize",
    N_ ("it is for videos; set the number of candidates instead") },
  { "personalize", N_ ("the service has no personal styles; leave it out") },
  { "p", N_ ("the service has no personal styles; leave it out") },
  { "stealth", N_ ("what is shown to others is set at the service; leave it "
                   "out") },
  { "public", N_ ("what is shown to others is set at the service; leave it "
                  "out") },
  { "video", N_ ("only pictures are made here; leave it out") },
  { "ow", N_ ("the weight of an object can't be set; leave it out") },
};

const PmtFlagSpec *
pmt_flag_spec (PmtFlagId id)
{
  g_return_val_if_fail ((guint)id < PMT_N_FLAGS, NULL);
  return &specs[id];
}

static gboolean
is_name (const gchar *known, const gchar *name, gsize length)
{
  return known != NULL && strlen (known) == length
         && g_ascii_strncasecmp (known, name, length) == 0;
}

gint
pmt_flag_find (const gchar *name, gsize length)
{
  for (gint i = 0; i < PMT_N_FLAGS; i++)
    if (is_name (specs[i].name, name, length)
        || is_name (specs[i].alias, name, length))
      return i;
  return -1;
}

gint
pmt_flag_id_of (const gchar *name)
{
  return pmt_flag_find (name, strlen (name));
}

const gchar *
pmt_flag_why_not (const gchar *name, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (unsupported); i++)
    if (is_name (unsupported[i].name, name, length))
      return _ (unsupported[i].why);
  return NULL;
}
