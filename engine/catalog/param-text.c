/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* param-text.c: what people read of a parameter, in their language.
 * tools/i18n/manifest-strings hands these texts to translators, with the
 * same contexts: "Left" is an edge as a label and a place as a choice.
 */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "pentimento.h"

/* gettext answers "" with the header of the translation. */
static const gchar *
translate (const gchar *text)
{
  return text != NULL && *text != '\0' ? g_dgettext (GETTEXT_PACKAGE, text)
                                       : "";
}

const gchar *
pmt_param_spec_get_label (const PmtParamSpec *spec)
{
  g_return_val_if_fail (spec != NULL, NULL);
  return g_dpgettext2 (GETTEXT_PACKAGE, "label", spec->label);
}

const gchar *
pmt_param_spec_get_help (const PmtParamSpec *spec)
{
  g_return_val_if_fail (spec != NULL, NULL);
  return translate (spec->help);
}

const gchar *
pmt_param_spec_get_unit (const PmtParamSpec *spec)
{
  g_return_val_if_fail (spec != NULL, NULL);
  return translate (spec->unit);
}

const gchar *
pmt_param_spec_get_choice_label (const PmtParamSpec *spec, guint i)
{
  g_return_val_if_fail (spec != NULL && spec->type == PMT_PARAM_CHOICE, NULL);
  g_return_val_if_fail (i < g_strv_length (spec->choices), NULL);
  if (spec->choice_labels == NULL)
    return spec->choices[i];
  return g_dpgettext2 (GETTEXT_PACKAGE, "choice", spec->choice_labels[i]);
}
