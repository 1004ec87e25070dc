/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* flags.c: finds the flags of a prompt, and writes them down again. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "prompt/flags-private.h"
#include "prompt/prompt-text.h"

/* Programs that write texts make one dash of two. */
#define LONG_DASH "\xe2\x80\x94"

static PmtFlag *
flag_new (PmtFlagId id, gchar *value, gsize start)
{
  PmtFlag *flag = g_new0 (PmtFlag, 1);

  flag->id = id;
  flag->value = value;
  flag->start = start;
  return flag;
}

static void
flag_free (PmtFlag *flag)
{
  g_free (flag->value);
  g_free (flag);
}

static PmtFlagged *
flagged_new (void)
{
  PmtFlagged *flagged = g_new0 (PmtFlagged, 1);

  flagged->flags = g_ptr_array_new_with_free_func ((GDestroyNotify)flag_free);
  return flagged;
}

void
pmt_flagged_free (PmtFlagged *flagged)
{
  if (flagged == NULL)
    return;
  g_free (flagged->prompt);
  g_ptr_array_unref (flagged->flags);
  g_free (flagged);
}

/* Where the letters of a name end that start at @p. */
static const gchar *
skip_letters (const gchar *p)
{
  while (g_ascii_isalpha (*p))
    p++;
  return p;
}

const gchar *
pmt_flag_name_at (const gchar *p)
{
  if (p[0] == '-' && p[1] == '-' && g_ascii_isalpha (p[2]))
    return p + 2;
  if (g_str_has_prefix (p, LONG_DASH))
    {
      const gchar *name = p + strlen (LONG_DASH);
      const gsize length = skip_letters (name) - name;

      if (length > 0
          && (pmt_flag_find (name, length) >= 0
              || pmt_flag_why_not (name, length) != NULL))
        return name;
    }
  return NULL;
}

const gchar *
pmt_flag_next (const gchar *text, const gchar *p)
{
  gboolean is_word_start = p == text;

  for (; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (is_word_start && pmt_flag_name_at (p) != NULL)
        break;
      is_word_start = pmt_prompt_is_space (g_utf8_get_char (p));
    }
  return p;
}

/* The flag as it was typed, "--ar". */
static gchar *
print_typed (const gchar *start, const gchar *end)
{
  return g_strndup (start, end - start);
}

static gboolean
fail_unknown (const gchar *text,
              const gchar *start,
              const gchar *name,
              const gchar *end,
              GError **error)
{
  const gchar *why = pmt_flag_why_not (name, end - name);
  g_autofree gchar *typed = print_typed (start, end);
  g_autofree gchar *reason = NULL;

  if (why != NULL)
    /* Translators: the last %s is such as "leave it out". */
    reason = g_strdup_printf (_ ("“%s” is not supported: %s"), typed, why);
  else
    reason = g_strdup_printf (_ ("there is no parameter “%s”; leave it out, or "
                                 "write the word without the dashes"),
                              typed);
  return pmt_prompt_fail (text, start, reason, error);
}

/* Whether a value may stand right behind the name that ends at @end. */
static gboolean
is_name_end (PmtFlagId id, const gchar *end)
{
  const PmtFlagSpec *spec = pmt_flag_spec (id);

  if (*end == '\0' || pmt_prompt_is_space (g_utf8_get_char (end)))
    return TRUE;
  return g_ascii_isdigit (*end)
         && (spec->kind == PMT_FLAG_WHOLE || spec->kind == PMT_FLAG_CHOICE);
}

static void
insert_sorted (GPtrArray *flags, PmtFlag *flag)
{
  guint i = 0;

  while (i < flags->len && ((PmtFlag *)flags->pdata[i])->id < flag->id)
    i++;
  g_ptr_array_insert (flags, (gint)i, flag);
}

/* Takes in the flag from @start up to @stop, where the next one starts. */
static gboolean
take_flag (PmtFlagged *flagged,
           const gchar *text,
           const gchar *start,
           const gchar *stop,
           GError **error)
{
  const gchar *name = pmt_flag_name_at (start);
  const gchar *end = skip_letters (name);
  const gint id = pmt_flag_find (name, end - name);
  const gchar *from = pmt_prompt_skip_space (end, stop);
  const gchar *to = pmt_prompt_trim_space (from, stop);
  g_autofree gchar *typed = print_typed (start, end);
  g_autofree gchar *typed_value = NULL;
  g_autofree gchar *reason = NULL;
  gchar *value;

  if (id < 0 || !is_name_end ((PmtFlagId)id, end))
    {
      while (*end != '\0' && !pmt_prompt_is_space (g_utf8_get_char (end)))
        end = g_utf8_next_char (end);
      return fail_unknown (text, start, name, end, error);
    }
  if (pmt_flagged_find (flagged, (PmtFlagId)id) != NULL)
    {
      reason = g_strdup_printf (_ ("“%s” is given twice"), typed);
      return pmt_prompt_fail (text, start, reason, error);
    }
  /* People write commas between them. */
  if (to > from && to[-1] == ','
      && pmt_flag_spec ((PmtFlagId)id)->kind != PMT_FLAG_TEXT)
    to--;
  typed_value = g_strndup (from, to - from);
  value = pmt_flag_read_value ((PmtFlagId)id, typed_value, typed, &reason);
  if (value == NULL)
    return pmt_prompt_fail (text, start, reason, error);
  insert_sorted (flagged->flags, flag_new ((PmtFlagId)id, value, start - text));
  return TRUE;
}

PmtFlagged *
pmt_flags_parse (const gchar *text, GError **error)
{
  g_autoptr (PmtFlagged) flagged = flagged_new ();
  const gchar *start;
  const gchar *from;

  g_return_val_if_fail (text != NULL, NULL);
  if (!pmt_prompt_check (text, error))
    return NULL;
  start = pmt_flag_next (text, text);
  from = pmt_prompt_skip_space (text, start);
  flagged->prompt =
      g_strndup (from, pmt_prompt_trim_space (from, start) - from);
  while (*start != '\0')
    {
      const gchar *stop = pmt_flag_next (text, pmt_flag_name_at (start));

      if (!take_flag (flagged, text, start, stop, error))
        return NULL;
      start = stop;
    }
  if (!pmt_flags_check (flagged, text, error))
    return NULL;
  return g_steal_pointer (&flagged);
}

gboolean
pmt_flags_are_in (const gchar *text)
{
  g_return_val_if_fail (text != NULL, FALSE);
  return g_utf8_validate (text, -1, NULL)
         && *pmt_flag_next (text, text) != '\0';
}

const gchar *
pmt_flagged_find (const PmtFlagged *flagged, PmtFlagId id)
{
  g_return_val_if_fail (flagged != NULL, NULL);
  for (guint i = 0; i < flagged->flags->len; i++)
    {
      const PmtFlag *flag = flagged->flags->pdata[i];

      if (flag->id == id)
        return flag->value;
    }
  return NULL;
}

gchar *
pmt_flag_print (const PmtFlag *flag)
{
  const PmtFlagSpec *spec;
  const gchar *name;

  g_return_val_if_fail (flag != NULL, NULL);
  spec = pmt_flag_spec (flag->id);
  /* As the reference writes them. */
  name = flag->id == PMT_FLAG_ASPECT || flag->id == PMT_FLAG_VERSION
             ? spec->alias
             : spec->name;
  return *flag->value != '\0' ? g_strdup_printf ("--%s %s", name, flag->value)
                              : g_strdup_printf ("--%s", name);
}

gchar *
pmt_flags_print (const PmtFlagged *flagged)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (flagged != NULL, NULL);
  text = g_string_new (flagged->prompt);
  for (guint i = 0; i < flagged->flags->len; i++)
    {
      g_autofree gchar *one = pmt_flag_print (flagged->flags->pdata[i]);

      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", one);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
