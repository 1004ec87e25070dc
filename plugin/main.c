/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* main.c: the plug-in as GIMP sees it: registration only. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "engine-access.h"
#include "gimp-compat.h"
#include "procedures.h"

#define PMT_TYPE_PLUG_IN (pmt_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (PmtPlugIn, pmt_plug_in, PMT, PLUG_IN, GimpPlugIn)

struct _PmtPlugIn
{
  GimpPlugIn parent_instance;
};

G_DEFINE_TYPE (PmtPlugIn, pmt_plug_in, GIMP_TYPE_PLUG_IN)

static GList *
plug_in_query_procedures (GimpPlugIn *plug_in)
{
  return pmt_procedures_list ();
}

static GimpProcedure *
plug_in_create_procedure (GimpPlugIn *plug_in, const gchar *name)
{
  return pmt_procedures_create (plug_in, name);
}

/* The catalogs are where the build installs them, which GIMP's own set-up
 * (a folder below the plug-in's) can't express.
 */
static gboolean
plug_in_set_i18n (GimpPlugIn *plug_in,
                  const gchar *procedure_name,
                  gchar **gettext_domain,
                  gchar **catalog_dir)
{
  g_autofree gchar *folder = pmt_plugin_find_locale_dir (gimp_get_progname ());

  /* Before the first text: GLib decides once whether this program has a
   * translation, and without one it translates nothing.
   */
  bindtextdomain (GETTEXT_PACKAGE, folder);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  return FALSE;
}

static void
pmt_plug_in_class_init (PmtPlugInClass *klass)
{
  GimpPlugInClass *plug_in_class = GIMP_PLUG_IN_CLASS (klass);

  pmt_environment_prepare ();
  plug_in_class->query_procedures = plug_in_query_procedures;
  plug_in_class->create_procedure = plug_in_create_procedure;
  plug_in_class->set_i18n = plug_in_set_i18n;
}

static void
pmt_plug_in_init (PmtPlugIn *plug_in)
{
}

GIMP_MAIN (PMT_TYPE_PLUG_IN)
