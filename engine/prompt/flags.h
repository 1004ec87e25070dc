/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* flags.h: parameters typed behind a prompt, "a kitten --ar 16:9 --s 50". */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/** PmtFlagKind: what stands behind a flag. */
typedef enum
{
  PMT_FLAG_SWITCH,
  PMT_FLAG_RATIO,
  PMT_FLAG_WHOLE,
  PMT_FLAG_NUMBER,
  PMT_FLAG_CHOICE,
  PMT_FLAG_TEXT,
  PMT_FLAG_ADDRESSES
} PmtFlagKind;

/**
 * PmtFlagId: the flags in the order in which they are best written
 *
 * The order, names and ranges are those of the prompt-flag service's reference.
 */
typedef enum
{
  PMT_FLAG_ASPECT,
  PMT_FLAG_QUALITY,
  PMT_FLAG_STYLIZE,
  PMT_FLAG_CHAOS,
  PMT_FLAG_WEIRD,
  PMT_FLAG_FAST,
  PMT_FLAG_RELAX,
  PMT_FLAG_TURBO,
  PMT_FLAG_VERSION,
  PMT_FLAG_NIJI,
  PMT_FLAG_RAW,
  PMT_FLAG_TILE,
  PMT_FLAG_DRAFT,
  PMT_FLAG_EXP,
  PMT_FLAG_SEED,
  PMT_FLAG_STOP,
  PMT_FLAG_MOTION,
  PMT_FLAG_NO,
  PMT_FLAG_IMAGE_WEIGHT,
  PMT_FLAG_CHARACTER,
  PMT_FLAG_STYLE,
  PMT_FLAG_OBJECT
} PmtFlagId;

#define PMT_N_FLAGS 22

/**
 * PmtFlagSpec: what a flag means
 * @name: the long form, without dashes
 * @alias: (nullable): the short form
 * @min, @max: inclusive; of WHOLE and NUMBER the value, of ADDRESSES how many
 * @values: (nullable): of CHOICE, with spaces between
 * @preset: (nullable): of CHOICE, the value that stands for none
 * @param: (nullable): the parameter of ours that means the same
 */
typedef struct
{
  const gchar *name;
  const gchar *alias;
  PmtFlagKind kind;
  gdouble min;
  gdouble max;
  const gchar *values;
  const gchar *preset;
  const gchar *param;
} PmtFlagSpec;

/** pmt_flag_id_of: Returns: the #PmtFlagId of a name or short form, without
 * dashes and in any case; -1: there is none. */
gint pmt_flag_id_of (const gchar *name);

/** pmt_flags_exclude: whether one can't stand beside the other. */
gboolean pmt_flags_exclude (PmtFlagId a, PmtFlagId b);

/** pmt_flag_spec: Returns: (transfer none): of one of the PMT_N_FLAGS. */
const PmtFlagSpec *pmt_flag_spec (PmtFlagId id);

/**
 * PmtFlag: one flag of a prompt
 * @value: checked, as it is best written; "" of a SWITCH; ratios are reduced
 * @start: where it starts, in bytes of the whole text
 */
typedef struct
{
  PmtFlagId id;
  gchar *value;
  gsize start;
} PmtFlag;

/**
 * PmtFlagged: a prompt and what was typed behind it
 * @prompt: what stands before the first flag, without white space at its ends
 * @flags: (element-type PmtFlag): each at most once, in the order of
 *   #PmtFlagId
 */
typedef struct
{
  gchar *prompt;
  GPtrArray *flags;
} PmtFlagged;

/**
 * pmt_flags_parse:
 * @text: a prompt with flags behind it, or with none
 * @error: PMT_ERROR_ARGUMENT, with the flag, its position and what is allowed:
 *   a flag is unknown, not supported, given twice, lacks its value or has a
 *   wrong one; words stand behind it; two of them exclude each other
 *
 * A flag is "--" or one long dash, at the start or behind white space, and a
 * letter; a long dash only before a name that is known.  Upper and lower case
 * are the same; a number may stand right behind a short form ("--v7").
 * pmt_flags_print() of the result, parsed again, gives the same.
 * Thread: any.
 *
 * Returns: (transfer full)
 */
PmtFlagged *pmt_flags_parse (const gchar *text, GError **error);
void pmt_flagged_free (PmtFlagged *flagged);

/** pmt_flagged_find: Returns: (transfer none) (nullable): the value. */
const gchar *pmt_flagged_find (const PmtFlagged *flagged, PmtFlagId id);

/** pmt_flag_print: Returns: (transfer full): such as "--ar 16:9". */
gchar *pmt_flag_print (const PmtFlag *flag);

/** pmt_flags_print: Returns: (transfer full): the prompt and all flags, in
 * the order that is recommended. */
gchar *pmt_flags_print (const PmtFlagged *flagged);

/** pmt_flags_are_in: whether pmt_flags_parse() would find a flag, right or
 * wrong, in @text. */
gboolean pmt_flags_are_in (const gchar *text);

/**
 * pmt_flags_check_paint:
 *
 * Whether the flags may be used where a part of a picture is painted anew (a
 * fill or an expansion); sets @error (PMT_ERROR_ARGUMENT) otherwise.
 */
gboolean pmt_flags_check_paint (const PmtFlagged *flagged, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtFlagged, pmt_flagged_free)

G_END_DECLS
