/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-offer.c: any bytes as a download; what is accepted stays in its folder. */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "store/offer.h"

static void
check_file (const PmtOffer *offer, const PmtModelFile *file)
{
  g_auto (GStrv) parts = g_strsplit (file->name, "/", -1);

  g_assert_cmpstr (parts[0], ==, offer->kind);
  for (guint i = 0; parts[i] != NULL; i++)
    g_assert_true (parts[i][0] != '.' && parts[i][0] != '\0');
  g_assert_cmpuint (strlen (file->sha256), ==, 64);
  g_assert_cmpuint (file->bytes, >, 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtOffer) offer =
      pmt_offer_parse ("fuzz", (const gchar *)data, size, &error);
  g_autofree gchar *host = NULL;

  g_assert_true ((offer == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (offer == NULL)
    return 0;
  g_assert_null (strchr (offer->id, '/'));
  host = pmt_offer_get_host (offer);
  for (guint i = 0; i < offer->files->len; i++)
    check_file (offer, pmt_offer_get_file (offer, i));
  return 0;
}
