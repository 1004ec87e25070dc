/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-family.h: families of models, by the names people know. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * pmt_model_family_label:
 * @family: of a manifest, such as "sdxl"; may be ""
 *
 * Returns: a name that is the same in all languages, such as "Stable Diffusion
 *   XL"; @family itself where there is none.
 */
const gchar *pmt_model_family_label (const gchar *family);

G_END_DECLS
