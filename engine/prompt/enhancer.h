/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* enhancer.h: words for quality that a family of models was taught with. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/** PmtEnhancer: what a model understands, by its training. */
typedef enum
{
  PMT_ENHANCER_GENERAL,
  PMT_ENHANCER_ILLUSTRIOUS,
  PMT_ENHANCER_PONY,
  PMT_ENHANCER_NATURAL
} PmtEnhancer;

#define PMT_N_ENHANCERS 4

/** pmt_enhancer_from_string: "general", "illustrious", "pony", "natural";
 * %FALSE, with @enhancer untouched, for another. */
gboolean pmt_enhancer_from_string (const gchar *name, PmtEnhancer *enhancer);

/**
 * pmt_enhancer_guess:
 * @name: of a model or a file: the tensors of these families are the same
 */
PmtEnhancer pmt_enhancer_guess (const gchar *name);

/**
 * pmt_enhancer_get_words:
 * @negative: (out): what is put into the negative prompt; "" for some
 *
 * Returns: (transfer none): what is put into the prompt.
 */
const gchar *pmt_enhancer_get_words (PmtEnhancer enhancer,
                                     const gchar **negative);

/**
 * pmt_enhancer_stylize:
 * @words: of pmt_enhancer_get_words() for the prompt
 * @stylize: 0..1000
 *
 * Below 100 so many hundredths of the words, the first ones; at 100 all of
 * them; above, all with a weight of up to 1.4 at 1000.
 *
 * Returns: (transfer full): may be "".
 */
gchar *pmt_enhancer_stylize (const gchar *words, gint stylize);

/**
 * pmt_enhancer_is_expert:
 *
 * Whether the author of @prompt knows what they do, so that nothing should be
 * added: it has words for quality, or weights, or more than 20 tags.
 */
gboolean pmt_enhancer_is_expert (const gchar *prompt);

/** pmt_enhancer_add: Returns: (transfer full): @prompt with @words, where
 * models of that family expect them. */
gchar *pmt_enhancer_add (PmtEnhancer enhancer,
                         const gchar *prompt,
                         const gchar *words);

G_END_DECLS
