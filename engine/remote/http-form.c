/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* http-form.c: multipart bodies. */
#include "config.h"

#include <string.h>

#include "remote/http-private.h"

typedef struct
{
  GBytes *data;
  gsize position;
} Source;

static void
part_free (gpointer data)
{
  PmtFormPart *part = data;

  g_free (part->name);
  g_free (part->filename);
  g_free (part->content_type);
  g_bytes_unref (part->data);
  g_free (part);
}

GPtrArray *
pmt_form_new (void)
{
  return g_ptr_array_new_with_free_func (part_free);
}

void
pmt_form_add_file (GPtrArray *form,
                   const gchar *name,
                   const gchar *filename,
                   const gchar *content_type,
                   GBytes *data)
{
  PmtFormPart *part = g_new0 (PmtFormPart, 1);

  part->name = g_strdup (name);
  part->filename = g_strdup (filename);
  part->content_type = g_strdup (content_type);
  part->data = g_bytes_ref (data);
  g_ptr_array_add (form, part);
}

void
pmt_form_add_text (GPtrArray *form, const gchar *name, const gchar *text)
{
  g_autoptr (GBytes) data = g_bytes_new (text, strlen (text));

  pmt_form_add_file (form, name, NULL, NULL, data);
}

/* A line break would begin a header of its own. */
static gboolean
is_one_line (const gchar *text)
{
  return text == NULL || strpbrk (text, "\r\n") == NULL;
}

gboolean
pmt_form_check (GPtrArray *form)
{
  for (guint i = 0; form != NULL && i < form->len; i++)
    {
      const PmtFormPart *part = form->pdata[i];

      if (part->name == NULL || !is_one_line (part->name)
          || !is_one_line (part->filename) || !is_one_line (part->content_type))
        return FALSE;
    }
  return TRUE;
}

static size_t
on_read (char *buffer, size_t size, size_t n, void *user_data)
{
  Source *source = user_data;
  gsize length;
  const gchar *bytes = g_bytes_get_data (source->data, &length);
  gsize count = MIN (size * n, length - source->position);

  if (count > 0)
    memcpy (buffer, bytes + source->position, count);
  source->position += count;
  return count;
}

static int
on_seek (void *user_data, curl_off_t offset, int whence)
{
  Source *source = user_data;
  curl_off_t length = g_bytes_get_size (source->data);

  if (whence != SEEK_SET || offset < 0 || offset > length)
    return CURL_SEEKFUNC_FAIL;
  source->position = offset;
  return CURL_SEEKFUNC_OK;
}

static void
on_free (void *user_data)
{
  Source *source = user_data;

  g_bytes_unref (source->data);
  g_free (source);
}

curl_mime *
pmt_form_to_mime (GPtrArray *form, CURL *easy)
{
  curl_mime *mime = curl_mime_init (easy);

  for (guint i = 0; i < form->len; i++)
    {
      const PmtFormPart *part = form->pdata[i];
      curl_mimepart *target = curl_mime_addpart (mime);
      Source *source = g_new0 (Source, 1);

      source->data = g_bytes_ref (part->data);
      curl_mime_name (target, part->name);
      if (part->filename != NULL)
        curl_mime_filename (target, part->filename);
      if (part->content_type != NULL)
        curl_mime_type (target, part->content_type);
      curl_mime_data_cb (target, g_bytes_get_size (part->data), on_read,
                         on_seek, on_free, source);
    }
  return mime;
}
