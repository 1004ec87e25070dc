/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* schedule-private.h: the tree of a prompt that changes with the steps. */
#pragma once

#include "prompt/schedule.h"

G_BEGIN_DECLS

/* A node of the tree is a number: its place in PmtPromptTree.nodes. */
#define PMT_PROMPT_NODE_NONE G_MAXUINT

typedef enum
{
  PMT_PROMPT_NODE_TEXT,     /* start to end, as it is */
  PMT_PROMPT_NODE_SEQUENCE, /* its children, one after the other */
  PMT_PROMPT_NODE_CHANGE,   /* two children: before (or none) and after */
  PMT_PROMPT_NODE_ALTERNATE /* one of its children */
} PmtPromptNodeKind;

/**
 * PmtPromptNode:
 * @first, @next: first child, next sibling; or PMT_PROMPT_NODE_NONE
 * @number: (CHANGE): where the number of the last step of "before" stands
 */
typedef struct
{
  PmtPromptNodeKind kind;
  const gchar *start;
  const gchar *end;
  guint first;
  guint next;
  gdouble number;
  gboolean is_fraction;
  gboolean has_before;
} PmtPromptNode;

/**
 * PmtPromptTree:
 * @nodes: (element-type PmtPromptNode)
 * @root: a SEQUENCE; PMT_PROMPT_NODE_NONE when the text is not in the grammar
 */
typedef struct
{
  GArray *nodes;
  guint root;
} PmtPromptTree;

/**
 * pmt_prompt_schedule_parse:
 * @text: must outlive the tree; is checked
 * @error: PMT_ERROR_ARGUMENT
 *
 * Returns: whether it went well; then @tree->nodes is to be freed.
 */
gboolean pmt_prompt_schedule_parse (const gchar *text,
                                    PmtPromptTree *tree,
                                    GError **error);

G_END_DECLS
