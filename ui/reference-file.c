/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* reference-file.c: GIMP opens them. */
#include "config.h"

#include "reference-file.h"

#include <glib/gi18n-lib.h>

#include "pentimento.h"

static void
add_filter (GtkFileChooser *chooser, const gchar *name, gboolean all)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  if (all)
    gtk_file_filter_add_pattern (filter, "*");
  else
    gtk_file_filter_add_mime_type (filter, "image/*");
  gtk_file_chooser_add_filter (chooser, filter);
}

GPtrArray *
pmt_reference_file_choose (GtkWindow *parent)
{
  GtkWidget *dialog = gtk_file_chooser_dialog_new (
      _ ("Add Reference Pictures"), parent, GTK_FILE_CHOOSER_ACTION_OPEN,
      _ ("_Cancel"), GTK_RESPONSE_CANCEL, _ ("_Add"), GTK_RESPONSE_ACCEPT,
      NULL);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);
  GSList *chosen = NULL;

  gtk_file_chooser_set_select_multiple (chooser, TRUE);
  add_filter (chooser, _ ("Pictures"), FALSE);
  add_filter (chooser, _ ("All files"), TRUE);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  if (gtk_dialog_run (GTK_DIALOG (dialog)) == GTK_RESPONSE_ACCEPT)
    chosen = gtk_file_chooser_get_files (chooser);
  gtk_widget_destroy (dialog);
  for (GSList *at = chosen; at; at = at->next)
    g_ptr_array_add (files, at->data);
  g_slist_free (chosen);

  return files;
}

/* What is visible of it, as one layer of an image that has colors. */
static GimpLayer *
flatten (GimpImage *image, const gchar *name)
{
  GimpLayer *layer;

  if (gimp_image_get_base_type (image) == GIMP_INDEXED)
    gimp_image_convert_rgb (image);
  layer = gimp_layer_new_from_visible (image, image, name);
  gimp_image_insert_layer (image, layer, NULL, 0);

  return layer;
}

GimpLayer *
pmt_reference_file_open (GFile *file, GError **error)
{
  g_autofree gchar *base = g_file_get_basename (file);
  g_autofree gchar *name = g_utf8_make_valid (base, -1);
  GimpImage *image = gimp_file_load (GIMP_RUN_NONINTERACTIVE, file);

  if (image)
    return flatten (image, name);

  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("“%s” can't be opened as a picture: %s"), name,
               gimp_pdb_get_last_error (gimp_get_pdb ()));

  return NULL;
}
