/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* module.c: the module as GEGL sees it; the filters and their texts. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "filter.h"

/* In the order of the network's settings. */
static const PmtFilterKind kinds[] = {
  { "PmtFilterDenoise", 0, "pentimento:denoise", N_ ("Denoise"),
    N_ ("Remove noise and film grain, and keep edges and texture"),
    N_ ("_Denoise..."),
    N_ ("How much noise the picture has: 0 none, 1 very much"),
    "enhance:noise-reduction", 0.2 },
  { "PmtFilterSharpen", 1, "pentimento:sharpen", N_ ("Sharpen"),
    N_ ("Make a slightly blurred picture sharp, without bright edges"),
    N_ ("_Sharpen..."),
    N_ ("How blurred the picture is: 0 not at all, 1 by two pixels"),
    "enhance:sharpen", 0.2 },
  { "PmtFilterFixCompression", 2, "pentimento:fix-compression",
    N_ ("Fix Compression"),
    N_ ("Remove the blocks and halos that JPEG compression leaves"),
    N_ ("_Fix Compression..."),
    N_ ("How strongly the picture was compressed: 0 not at all, "
        "1 to the smallest file"),
    "enhance:artifact-removal", 0.3 },
};

static const GeglModuleInfo module_info = { GEGL_MODULE_ABI_VERSION };

G_MODULE_EXPORT const GeglModuleInfo *gegl_module_query (GTypeModule *module);
G_MODULE_EXPORT gboolean gegl_module_register (GTypeModule *module);

const GeglModuleInfo *
gegl_module_query (GTypeModule *module)
{
  return &module_info;
}

/* A program of Pentimento has bound its texts before it starts GEGL, maybe
 * elsewhere: that stays.
 */
static void
bind_texts (void)
{
  const gchar *unbound = bindtextdomain (GETTEXT_PACKAGE "-unbound", NULL);

  if (g_strcmp0 (bindtextdomain (GETTEXT_PACKAGE, NULL), unbound) != 0)
    return;
  bindtextdomain (GETTEXT_PACKAGE, PMT_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
}

gboolean
gegl_module_register (GTypeModule *module)
{
  bind_texts ();

  /* Where a module lies in two of GEGL's folders, the first counts. */
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_type_from_name (kinds[i].type_name) == 0)
      pmt_filter_register (module, &kinds[i]);

  return TRUE;
}
