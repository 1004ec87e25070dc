/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* catalog.c: folders of manifests. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "catalog/catalog.h"
#include "catalog/json-folder.h"
#include "core/backend.h"
#include "core/json.h"

PmtModel *
pmt_catalog_read (const gchar *path, GError **error)
{
  gsize length = 0;
  g_autofree gchar *text = pmt_json_folder_read (path, &length, error);

  return text != NULL ? pmt_manifest_parse (path, text, length, error) : NULL;
}

static void
load_file (const gchar *path, GPtrArray *models, GPtrArray *problems)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtModel) model = pmt_catalog_read (path, &error);

  if (model == NULL)
    {
      pmt_problems_add (problems, PMT_ERROR_MANIFEST, path, "%s",
                        error->message);
      return;
    }
  if (pmt_catalog_find (models, model->id) != NULL)
    {
      pmt_problems_add (problems, PMT_ERROR_MANIFEST, path,
                        _ ("%s: there is a model “%s” already. Choose "
                           "another id."),
                        path, model->id);
      return;
    }
  g_ptr_array_add (models, g_steal_pointer (&model));
}

void
pmt_catalog_load (const gchar *folder, GPtrArray *models, GPtrArray *problems)
{
  g_autoptr (GPtrArray) names = pmt_json_folder_list (folder, problems);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree gchar *path = g_build_filename (folder, names->pdata[i], NULL);

      load_file (path, models, problems);
    }
}

const PmtModel *
pmt_catalog_find (GPtrArray *models, const gchar *id)
{
  for (guint i = 0; i < models->len; i++)
    {
      const PmtModel *model = models->pdata[i];

      if (g_str_equal (model->id, id))
        return model;
    }
  return NULL;
}
