/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-picture.c: any bytes as a picture of a service, and as base64. */
#include "config.h"

#include "fuzz.h"
#include "remote/discover.h"
#include "remote/picture-private.h"

/* Larger ones take longer and show nothing new. */
#define MAX_PIXELS 4096

/* GEGL's modules and what they link keep memory, which has no names once they
 * are closed; the unit tests look for leaks.  Asked for by LeakSanitizer. */
int __lsan_is_turned_off (void);

int
__lsan_is_turned_off (void)
{
  return 1;
}

/* Loaders complain of what they are given. */
static void
stay_quiet (const gchar *domain,
            GLogLevelFlags level,
            const gchar *message,
            gpointer user_data)
{
  (void)domain;
  (void)level;
  (void)message;
  (void)user_data;
}

static void
start (void)
{
  static gboolean is_started;

  if (is_started)
    return;
  is_started = TRUE;
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
  g_log_set_default_handler (stay_quiet, NULL);
  gegl_init (NULL, NULL);
}

static void
try_picture (GBytes *bytes)
{
  PmtPictureHead head = { PMT_PICTURE_UNKNOWN, -1, -1, -1, FALSE, FALSE };
  const gboolean has_head = pmt_picture_read_head (bytes, &head);
  g_autoptr (GError) error = NULL;
  g_autoptr (GeglBuffer) buffer =
      pmt_picture_decode (bytes, MAX_PIXELS, "Service", &error);

  g_assert_true ((buffer == NULL) == (error != NULL));
  if (error)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  /* Untouched on failure. */
  g_assert_true (has_head ? head.width > 0 && head.height > 0
                          : head.width == -1);
  if (buffer)
    {
      g_assert_true (has_head);
      g_assert_cmpint (gegl_buffer_get_width (buffer), ==, head.width);
      g_assert_cmpint (gegl_buffer_get_height (buffer), ==, head.height);
    }
}

/* What is clean stays as it is. */
static void
try_clean (GBytes *bytes)
{
  g_autoptr (GBytes) profile = NULL;
  g_autoptr (GBytes) none = NULL;
  g_autoptr (GBytes) png = pmt_png_clean (bytes, &profile);

  if (png)
    {
      g_autoptr (GBytes) again = pmt_png_clean (png, &none);

      g_assert_true (again && g_bytes_equal (png, again));
      g_assert_null (none);
    }
}

static void
try_text (const uint8_t *data, size_t size)
{
  g_autofree gchar *text = g_strndup ((const gchar *)data, size);
  g_autoptr (GBytes) bytes = pmt_picture_from_base64 (text, size);

  if (bytes)
    {
      g_autofree gchar *uri = pmt_picture_to_data_uri (bytes);
      g_autoptr (GBytes) again = pmt_picture_from_base64 (uri, size);

      g_assert_cmpuint (g_bytes_get_size (bytes), <=, size);
      g_assert_true (again && g_bytes_equal (bytes, again));
    }
  pmt_discover_is_json_answer ((const gchar *)data, size, TRUE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  const Babl *space;

  start ();
  try_picture (bytes);
  try_clean (bytes);
  try_text (data, size);
  space = pmt_profile_to_space (bytes, FALSE);
  g_assert_true (space == NULL || !babl_space_is_gray (space));
  return 0;
}
