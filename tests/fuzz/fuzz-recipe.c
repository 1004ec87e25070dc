/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-recipe.c: any bytes as a recipe, as a layer from anywhere has it. */
#include "config.h"

#include "fuzz.h"
#include "pentimento.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  /* Of no bytes, g_strndup() may make NULL. */
  g_autofree gchar *text =
      size > 0 ? g_strndup ((const gchar *)data, size) : g_strdup ("");
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtRequest) request = pmt_request_from_recipe (text, &error);
  g_autofree const gchar **names = NULL;
  const PmtParams *params;

  g_assert_true ((request == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (request == NULL)
    return 0;
  params = pmt_request_peek_params (request);
  names = pmt_params_list (params);
  for (guint i = 0; names[i] != NULL; i++)
    g_assert_nonnull (pmt_params_get_variant ((PmtParams *)params, names[i]));
  return 0;
}
