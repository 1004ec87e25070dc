/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "store-report.h"

#include <cjson/cJSON.h>
#include <glib/gi18n-lib.h>

#include "pentimento.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cJSON, cJSON_Delete)

/* For scripts, which --json is for. */
static const gchar *
state_id (PmtStoreState state)
{
  static const gchar *const ids[] = { "shipped", "installed", "external",
                                      "partial", "available" };

  return ids[state];
}

static gchar *
describe_state (const PmtStoreItem *item)
{
  g_autofree gchar *here = g_format_size (item->bytes_here);

  switch (item->state)
    {
    case PMT_STORE_SHIPPED:
      return g_strdup (_ ("comes with Pentimento"));
    case PMT_STORE_INSTALLED:
      return g_strdup (_ ("installed"));
    case PMT_STORE_EXTERNAL:
      return g_strdup (_ ("of another program"));
    case PMT_STORE_PARTIAL:
      return g_strdup_printf (_ ("%s of it are here"), here);
    case PMT_STORE_AVAILABLE:
      return g_strdup_printf (_ ("can be downloaded from %s"), item->origin);
    }
  return g_strdup ("");
}

static void
print_item (const PmtStoreItem *item)
{
  g_autofree gchar *size = g_format_size (item->bytes);
  g_autofree gchar *state = describe_state (item);

  g_print ("  %-28s %s", item->id, item->name);
  if (*item->family)
    g_print (" (%s)", item->family);
  g_print ("\n      %s, %s", size, state);
  if (*item->license)
    /* Translators: behind a size and a state: ", license MIT". */
    g_print (_ (", license %s"), item->license);
  g_print ("\n");
  if (item->about)
    g_print ("      %s\n", item->about);
  if (item->path)
    g_print ("      %s\n", item->path);
}

static void
print_text (GPtrArray *items)
{
  const gchar *kind = "";

  for (guint i = 0; i < items->len; i++)
    {
      const PmtStoreItem *item = g_ptr_array_index (items, i);

      if (!g_str_equal (item->kind, kind))
        g_print ("%s%s\n", i > 0 ? "\n" : "",
                 pmt_store_kind_label (item->kind));
      kind = item->kind;
      print_item (item);
    }
}

static void
add_text (cJSON *object, const gchar *key, const gchar *text)
{
  if (text && *text)
    cJSON_AddStringToObject (object, key, text);
}

static cJSON *
item_to_json (const PmtStoreItem *item)
{
  cJSON *object = cJSON_CreateObject ();
  g_autofree gchar *path =
      item->path ? g_filename_display_name (item->path) : NULL;

  add_text (object, "id", item->id);
  add_text (object, "name", item->name);
  add_text (object, "kind", item->kind);
  add_text (object, "state", state_id (item->state));
  add_text (object, "family", item->family);
  add_text (object, "license", item->license);
  add_text (object, "license_url", item->license_url);
  add_text (object, "homepage", item->homepage);
  add_text (object, "about", item->about);
  add_text (object, "path", path);
  add_text (object, "origin", item->origin);
  add_text (object, "url", item->url);
  add_text (object, "sha256", item->sha256);
  add_text (object, "source", item->source);
  add_text (object, "model", item->model);
  cJSON_AddNumberToObject (object, "files", item->n_files);
  cJSON_AddNumberToObject (object, "bytes", (gdouble)item->bytes);
  cJSON_AddNumberToObject (object, "bytes_here", (gdouble)item->bytes_here);
  cJSON_AddBoolToObject (object, "can_remove", item->can_remove);
  return object;
}

static void
print_json (const cJSON *root)
{
  gchar *text = cJSON_Print (root);

  g_print ("%s\n", text);
  cJSON_free (text);
}

void
store_report (GPtrArray *items, gboolean is_json)
{
  g_autoptr (cJSON) array = cJSON_CreateArray ();

  if (!is_json)
    {
      print_text (items);
      return;
    }
  for (guint i = 0; i < items->len; i++)
    cJSON_AddItemToArray (array, item_to_json (g_ptr_array_index (items, i)));
  print_json (array);
}

void
store_report_sources (const gchar *const *folders, gboolean is_json)
{
  g_autoptr (cJSON) array = cJSON_CreateArray ();

  for (guint i = 0; folders[i]; i++)
    {
      cJSON_AddItemToArray (array, cJSON_CreateString (folders[i]));
      if (!is_json)
        g_print ("%s\n", folders[i]);
    }
  if (is_json)
    print_json (array);
}
