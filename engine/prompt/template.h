/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* template.h: a prompt with places for what the user types. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/* The placeholder of everything that the user typed. */
#define PMT_TEMPLATE_PROMPT "prompt"

/**
 * PmtTemplatePart: literal text, or a placeholder
 * @text: literal text; of a placeholder what stands for it where nothing is
 *   given, or %NULL where something must be
 * @name: (nullable): of a placeholder
 */
typedef struct
{
  gchar *text;
  gchar *name;
} PmtTemplatePart;

/**
 * pmt_template_parse:
 * @text: a template: "<name>" is a placeholder that must be given,
 *   "<name|words>" one with a default, which may be empty.  A name is a small
 *   letter, then up to 31 small letters, digits and dashes.  A "<" before
 *   anything but a letter, and "<lora:...>", are text.
 * @error: PMT_ERROR_ARGUMENT: a placeholder is not of this form, or there are
 *   more than 32
 *
 * Thread: any.
 *
 * Returns: (transfer full) (element-type PmtTemplatePart)
 */
GPtrArray *pmt_template_parse (const gchar *text, GError **error);

/**
 * pmt_template_take_values:
 * @parts: the template that the values are for
 * @words: what the user typed: "<name|value>" gives a placeholder its value
 * @values: (element-type utf8 utf8): name to value, added to
 * @error: PMT_ERROR_ARGUMENT: @parts has no such placeholder
 *
 * Returns: (transfer full): @words without them; or %NULL.
 */
gchar *pmt_template_take_values (const GPtrArray *parts,
                                 const gchar *words,
                                 GHashTable *values,
                                 GError **error);

/**
 * pmt_template_fill:
 * @values: (element-type utf8 utf8): what stands in them is not looked at again
 * @missing: (out) (transfer none) (nullable): a placeholder that must be given
 *   and is not; the result is %NULL then
 *
 * Commas and spaces around a placeholder that stays empty go with it.
 * Without a placeholder "prompt" what the user typed stands before the rest.
 *
 * Returns: (transfer full) (nullable)
 */
gchar *pmt_template_fill (const GPtrArray *parts,
                          GHashTable *values,
                          const gchar **missing);

G_END_DECLS
