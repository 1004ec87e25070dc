/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-manifest.c: any bytes as a manifest, then everything it can be asked. */
#include "config.h"

#include "catalog/manifest.h"
#include "catalog/param-spec.h"
#include "fuzz.h"

static void
ask_param (const PmtModel *model, const PmtParamSpec *spec)
{
  g_autoptr (GPtrArray) problems =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_problem_free);
  g_autofree gchar *condition = pmt_param_describe_condition (spec);
  g_autoptr (GVariant) value = pmt_param_spec_check (
      spec, pmt_model_get_id (model), spec->default_value, problems);

  /* A default that the model itself refuses could never run. */
  g_assert_nonnull (value);
  g_assert_cmpuint (problems->len, ==, 0);
  pmt_model_param_applies (model, spec->name, NULL);
}

static void
ask_model (const PmtModel *model)
{
  gdouble credits;

  g_assert_nonnull (pmt_model_get_id (model));
  for (gint i = 0; i < PMT_N_OPERATIONS; i++)
    {
      g_autoptr (GPtrArray) specs = pmt_model_list_params (model, i);

      for (guint j = 0; j < specs->len; j++)
        ask_param (model, specs->pdata[j]);
    }
  pmt_model_get_cost (model, NULL, 300, 200, 1, &credits, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtModel) model =
      pmt_manifest_parse ("fuzz", (const gchar *)data, size, &error);

  g_assert_true ((model == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (model != NULL)
    ask_model (model);
  return 0;
}
