/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset.h: words and settings under a name. */
#pragma once

#include "core/json.h"
#include "pentimento.h"

G_BEGIN_DECLS

#define PMT_PRESET_MAX_BYTES ((gsize)64 << 10)

/* Longest texts, in characters; the same in data/presets/README.md. */
#define PMT_PRESET_MAX_NAME 100
#define PMT_PRESET_MAX_CATEGORY 60
#define PMT_PRESET_MAX_HELP 500
#define PMT_PRESET_MAX_PROMPT 4000

/**
 * PmtPreset: immutable once made, but for the reference count
 * @category, @help: may be ""
 * @operations: bits 1 << PmtOperation
 * @prompt: (nullable): a template, as in template.h
 * @parts: (nullable) (element-type PmtTemplatePart): @prompt, parsed
 * @negative_prompt: (nullable)
 * @settings: values of parameters, not checked against any model
 * @path: (nullable): the user's file; %NULL: it comes with Pentimento
 */
struct _PmtPreset
{
  gatomicrefcount ref_count;
  gchar *id;
  gchar *name;
  gchar *category;
  gchar *help;
  guint operations;
  gchar *prompt;
  GPtrArray *parts;
  gchar *negative_prompt;
  PmtParams *settings;
  gchar *path;
};

/** pmt_preset_new: Returns: (transfer full): an empty one. */
PmtPreset *pmt_preset_new (void);

/** pmt_preset_is_setting: whether a preset may set the parameter @name; not
 * the prompts, which it has of its own, and no limit on spending. */
gboolean pmt_preset_is_setting (const gchar *name);

/**
 * pmt_preset_parse: (preset-file.c)
 * @file: name for messages
 * @error: PMT_ERROR_MANIFEST: "FILE, line N, column M: reason"
 *
 * Returns: (transfer full)
 */
PmtPreset *pmt_preset_parse (const gchar *file,
                             const gchar *text,
                             gsize length,
                             GError **error);

/** pmt_preset_read: (preset-file.c): the same of a file; reads no more than
 * PMT_PRESET_MAX_BYTES. */
PmtPreset *pmt_preset_read (const gchar *path, GError **error);

/** pmt_preset_print: (preset-file.c): Returns: (transfer full): JSON that
 * pmt_preset_parse() reads as the same. */
gchar *pmt_preset_print (const PmtPreset *preset);

/**
 * pmt_preset_matches:
 * @search: words that must all be found in its texts, whatever their case
 */
gboolean pmt_preset_matches (const PmtPreset *preset, const gchar *search);

/**
 * pmt_preset_apply_to: (preset-apply.c)
 * @model: that will run @request
 * @problems: (element-type PmtProblem): why it can't be applied is added
 * @notes: (element-type utf8): what it does, and what @model can't do
 *
 * Puts the words into the prompts of @request, and the settings where @request
 * has none.
 */
void pmt_preset_apply_to (const PmtPreset *preset,
                          const PmtModel *model,
                          PmtRequest *request,
                          GPtrArray *problems,
                          GPtrArray *notes);

G_END_DECLS
