/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* text-stack.c: tokenizers and text encoders of a checkpoint. */
#include "config.h"

#include "diffusion/text-stack.h"

#include <glib/gi18n-lib.h>

#include "catalog/model-sources.h"
#include "diffusion/part.h"
#include "diffusion/tokenizer-folder.h"

struct _PmtTextStack
{
  gatomicrefcount ref_count;
  PmtCheckpoint *checkpoint;
  PmtNetOptions options; /* what it points to is owned */
  gchar *user_dir;
  GMutex mutex; /* of what follows */
  PmtTextEncoder *encoders[2];
  PmtTokenizer *tokenizers[2];
};

static void
copy_options (PmtNetOptions *copy, const PmtNetOptions *options)
{
  PmtLoraUse *uses = g_new0 (PmtLoraUse, options->n_loras + 1);

  *copy = *options;
  copy->provider = g_strdup (options->provider);
  copy->cache = g_strdup (options->cache);
  for (guint i = 0; i < options->n_loras; i++)
    {
      uses[i] = options->loras[i];
      pmt_lora_ref (uses[i].lora);
    }
  copy->loras = uses;
}

static void
clear_options (PmtNetOptions *options)
{
  for (guint i = 0; i < options->n_loras; i++)
    pmt_lora_unref (options->loras[i].lora);
  g_free ((gpointer)options->loras);
  g_free ((gchar *)options->provider);
  g_free ((gchar *)options->cache);
}

PmtTextStack *
pmt_text_stack_new (PmtCheckpoint *checkpoint,
                    const PmtNetOptions *options,
                    const gchar *user_dir,
                    GError **error)
{
  PmtTextStack *stack;

  for (gint i = 0; i < checkpoint->n_texts; i++)
    if (!pmt_part_has (&checkpoint->texts[i]))
      {
        g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                     _ ("The checkpoint “%s” lacks a text encoder, so it "
                        "can't read a prompt. Choose a complete checkpoint."),
                     checkpoint->name);
        return NULL;
      }
  stack = g_new0 (PmtTextStack, 1);
  g_atomic_ref_count_init (&stack->ref_count);
  g_mutex_init (&stack->mutex);
  stack->checkpoint = pmt_checkpoint_ref (checkpoint);
  stack->user_dir = g_strdup (user_dir);
  copy_options (&stack->options, options);
  return stack;
}

PmtTextStack *
pmt_text_stack_ref (PmtTextStack *stack)
{
  g_atomic_ref_count_inc (&stack->ref_count);
  return stack;
}

void
pmt_text_stack_unref (PmtTextStack *stack)
{
  if (stack == NULL || !g_atomic_ref_count_dec (&stack->ref_count))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (stack->encoders); i++)
    {
      pmt_text_encoder_unref (stack->encoders[i]);
      g_clear_pointer (&stack->tokenizers[i], pmt_tokenizer_free);
    }
  clear_options (&stack->options);
  pmt_checkpoint_unref (stack->checkpoint);
  g_mutex_clear (&stack->mutex);
  g_free (stack->user_dir);
  g_free (stack);
}

PmtCheckpoint *
pmt_text_stack_get_checkpoint (PmtTextStack *stack)
{
  return stack->checkpoint;
}

PmtTextEncoder *
pmt_text_stack_get_encoder (PmtTextStack *stack, gint which, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&stack->mutex);

  if (stack->encoders[which] == NULL)
    stack->encoders[which] = pmt_text_encoder_open (stack->checkpoint, which,
                                                    &stack->options, error);
  return stack->encoders[which];
}

const PmtTokenizer *
pmt_text_stack_get_tokenizer (PmtTextStack *stack, gint which, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&stack->mutex);

  if (stack->tokenizers[which] == NULL)
    stack->tokenizers[which] = pmt_tokenizer_open_for (stack->checkpoint, which,
                                                       stack->user_dir, error);
  return stack->tokenizers[which];
}

gboolean
pmt_text_stack_open_embeddings (PmtTextStack *stack,
                                PmtEmbeddings **embeddings,
                                GError **error)
{
  g_autofree gchar *folder = NULL;
  g_autoptr (GPtrArray) sources = NULL;

  *embeddings = NULL;
  if (stack->user_dir == NULL)
    return TRUE;
  folder = g_build_filename (stack->user_dir, "models", "embeddings", NULL);
  *embeddings = pmt_embeddings_open (folder, error);
  if (*embeddings == NULL)
    return FALSE;
  sources = pmt_model_sources_list (stack->user_dir, "embeddings");
  /* What can't be read there is told by the store. */
  for (guint i = 0; i < sources->len; i++)
    pmt_embeddings_add (*embeddings, sources->pdata[i], NULL);
  return TRUE;
}
