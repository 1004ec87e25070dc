/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* offer.h: what can be downloaded, read from JSON. */
#pragma once

#include "catalog/model-file.h"

G_BEGIN_DECLS

/**
 * PmtOffer: one file of data/downloads/ or of "downloads/" in the user's folder
 * @id, @name, @license: never %NULL
 * @family: may be ""
 * @kind: the folder below "models/" that all its files are in
 * @license_url, @homepage, @about: (nullable)
 * @files: (element-type PmtModelFile): at least one
 * @is_shipped: comes with Pentimento, so that its texts are translated
 */
typedef struct
{
  gchar *id;
  gchar *name;
  gchar *family;
  gchar *kind;
  gchar *license;
  gchar *license_url;
  gchar *homepage;
  gchar *about;
  GArray *files;
  gboolean is_shipped;
} PmtOffer;

/**
 * pmt_offer_parse:
 * @file: name for messages
 * @text: @length bytes; may be hostile
 * @error: PMT_ERROR_MANIFEST: "FILE, line N, column M: reason"
 *
 * What is allowed is in data/downloads/schema.json, and: paths of files stay in
 * the folder of the kind and can be no hidden file, addresses are https, or http
 * on this computer.  Thread: any.
 *
 * Returns: (transfer full): the offer, or %NULL.
 */
PmtOffer *pmt_offer_parse (const gchar *file,
                           const gchar *text,
                           gsize length,
                           GError **error);
void pmt_offer_free (PmtOffer *offer);

/**
 * pmt_offers_load:
 * @data_dir: with "downloads/"
 * @user_dir: (nullable): likewise; an id that is taken is a problem
 * @problems: (nullable) (element-type PmtProblem): added to
 *
 * Returns: (transfer full) (element-type PmtOffer)
 */
GPtrArray *pmt_offers_load (const gchar *data_dir,
                            const gchar *user_dir,
                            GPtrArray *problems);

/** pmt_offers_find: Returns: (transfer none) (nullable). */
PmtOffer *pmt_offers_find (GPtrArray *offers, const gchar *id);

/** pmt_offer_get_host: Returns: (transfer full): of its first file. */
gchar *pmt_offer_get_host (const PmtOffer *offer);

/** pmt_offer_get_bytes: of all its files. */
guint64 pmt_offer_get_bytes (const PmtOffer *offer);

static inline const PmtModelFile *
pmt_offer_get_file (const PmtOffer *offer, guint i)
{
  return &g_array_index (offer->files, PmtModelFile, i);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtOffer, pmt_offer_free)

G_END_DECLS
