/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* param-widgets.c: one row of a dialog per parameter. */
#include "config.h"

#include "param-widgets.h"

#include <glib/gi18n-lib.h>

#include "auto-spin.h"
#include "list-row.h"
#include "prompt-row.h"
#include "seed-row.h"
#include "server-row.h"

/* What other models have by the same name: the row must do for them too. */
static GPtrArray *
list_same (PmtEngine *engine, PmtOperation operation, const PmtParamSpec *spec)
{
  g_autoptr (GPtrArray) models = pmt_engine_list_models (engine, operation);
  GPtrArray *same = g_ptr_array_new ();

  for (guint i = 0; i < models->len; i++)
    {
      const PmtParamSpec *other =
          pmt_model_find_param (g_ptr_array_index (models, i), spec->name);

      if (other && other->type == spec->type)
        g_ptr_array_add (same, (gpointer)other);
    }

  return same;
}

static void
set_steps (GtkSpinButton *spin, const PmtParamSpec *spec)
{
  const gdouble range = spec->max - spec->min;

  if (spec->type == PMT_PARAM_NUMBER && range <= 2.0)
    gtk_spin_button_set_increments (spin, 0.05, 0.2);
  else if (spec->type == PMT_PARAM_NUMBER && range <= 10.0)
    gtk_spin_button_set_increments (spin, 0.1, 0.5);
  else
    gtk_spin_button_set_increments (spin, 1.0, 10.0);
}

static gint
count_digits (const PmtParamSpec *spec)
{
  if (spec->type != PMT_PARAM_NUMBER)
    return 0;

  return spec->max - spec->min <= 10.0 ? 2 : 1;
}

static gdouble
lowest (const PmtParamSpec *spec)
{
  return spec->has_auto ? MIN (spec->min, spec->auto_value) : spec->min;
}

/* A value that reads as a word, of this model or of another. */
static const PmtParamSpec *
find_auto (const PmtParamSpec *spec, GPtrArray *same)
{
  for (guint i = 0; !spec->has_auto && i < same->len; i++)
    {
      const PmtParamSpec *other = g_ptr_array_index (same, i);

      if (other->has_auto)
        return other;
    }

  return spec->has_auto ? spec : NULL;
}

static const gchar *
auto_word (const gchar *name)
{
  if (g_str_equal (name, "seed"))
    return _ ("Random");
  if (g_str_equal (name, "max-cost"))
    return _ ("No limit");

  return _ ("Automatic");
}

static void
set_up_spin (GtkSpinButton *spin, const PmtParamSpec *spec, GPtrArray *same)
{
  const PmtParamSpec *automatic = find_auto (spec, same);
  gdouble lower = lowest (spec);
  gdouble upper = spec->max;

  for (guint i = 0; i < same->len; i++)
    {
      const PmtParamSpec *other = g_ptr_array_index (same, i);

      lower = MIN (lower, lowest (other));
      upper = MAX (upper, other->max);
    }

  gtk_spin_button_set_digits (spin, count_digits (spec));
  gtk_spin_button_set_range (spin, lower, upper);
  set_steps (spin, spec);
  gtk_entry_set_activates_default (GTK_ENTRY (spin), TRUE);
  if (automatic)
    pmt_auto_spin_attach (spin, automatic->auto_value, auto_word (spec->name));
}

/* "top-left" reads "Top left" where the manifest has no labels. */
static gchar *
choice_label (const PmtParamSpec *spec, guint i)
{
  gchar *label;

  if (spec->choice_labels)
    return g_strdup (pmt_param_spec_get_choice_label (spec, i));

  label = g_strdelimit (g_strdup (spec->choices[i]), "-_", ' ');
  label[0] = g_ascii_toupper (label[0]);

  return label;
}

static void
append_choices (GtkListStore *store, GPtrArray *known, const PmtParamSpec *spec)
{
  for (gint i = 0; spec->choices && spec->choices[i]; i++)
    {
      g_autofree gchar *label = choice_label (spec, i);

      if (g_ptr_array_find_with_equal_func (known, spec->choices[i],
                                            g_str_equal, NULL))
        continue;
      g_ptr_array_add (known, spec->choices[i]);
      pmt_list_row_append (store, spec->choices[i], label);
    }
}

static void
make_choice (GimpProcedureDialog *dialog,
             GimpProcedureConfig *config,
             const PmtParamSpec *spec,
             GPtrArray *same)
{
  g_autoptr (GtkListStore) store =
      gtk_list_store_new (2, G_TYPE_STRING, G_TYPE_STRING);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  append_choices (store, known, spec);
  for (guint i = 0; i < same->len; i++)
    append_choices (store, known, g_ptr_array_index (same, i));
  pmt_list_row_make (dialog, config, spec->name, store);
}

void
pmt_param_widget_make (GimpProcedureDialog *dialog,
                       GimpProcedureConfig *config,
                       const PmtParamSpec *spec,
                       PmtEngine *engine,
                       PmtOperation operation)
{
  g_autoptr (GPtrArray) same = list_same (engine, operation, spec);
  GtkWidget *widget;

  if (pmt_prompt_row_is_for (spec))
    {
      pmt_prompt_row_make (dialog, config, spec, operation);
      return;
    }

  switch (spec->type)
    {
    case PMT_PARAM_STRING:
      if (pmt_server_row_is_for (spec))
        {
          pmt_server_row_make (dialog, config, spec);
          return;
        }
      G_GNUC_FALLTHROUGH;

    case PMT_PARAM_BOOL:
      gimp_procedure_dialog_get_widget (dialog, spec->name, G_TYPE_NONE);
      return;

    case PMT_PARAM_CHOICE:
      make_choice (dialog, config, spec, same);
      return;

    case PMT_PARAM_INT:
    case PMT_PARAM_NUMBER:
      widget = gimp_procedure_dialog_get_widget (dialog, spec->name,
                                                 GIMP_TYPE_LABEL_SPIN);
      set_up_spin (GTK_SPIN_BUTTON (gimp_label_spin_get_spin_button (
                       GIMP_LABEL_SPIN (widget))),
                   spec, same);
      if (pmt_seed_row_is_for (spec))
        pmt_seed_row_make (GIMP_LABEL_SPIN (widget), config, spec);
      return;
    }
}
