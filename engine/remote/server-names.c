/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* server-names.c: what servers call samplers, checkpoints and the like. */
#include "config.h"

#include "remote/server-names.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/lists.h"

/* How many names a message lists. */
#define MAX_LISTED 8

/* Reduced names that mean the same; the first is ours. */
static const struct
{
  const gchar *name;
  const gchar *other;
} aliases[] = {
  /* AUTOMATIC1111 */
  { "ddimuniform", "ddim" },
  { "normal", "uniform" },
  { "plms", "pndm" },
  { "alignyoursteps", "ays" },
  { "alignyourstepsxl", "aysxl" },
  { "unipcbh2", "unipc" },
  /* stable-diffusion.cpp */
  { "normal", "discrete" },
  { "ddim", "ddimtrailing" },
  /* SD.Next */
  { "dpmpp2m", "dpmppmultistep" },
  { "euler", "eulerfm" },
};

/* "DPM++ 2S Ancestral" and "dpmpp_2s_ancestral" become "dpmpp2sa". */
static gchar *
reduce (const gchar *name)
{
  GString *text = g_string_new (NULL);

  for (; *name != '\0'; name++)
    if (*name == '+')
      g_string_append_c (text, 'p');
    else if (g_ascii_isalnum (*name))
      g_string_append_c (text, g_ascii_tolower (*name));
  g_string_replace (text, "ancestral", "a", 0);
  return g_string_free (text, FALSE);
}

static const gchar *
find_reduced (const gchar *reduced, const gchar *const *offered)
{
  for (guint i = 0; offered[i] != NULL; i++)
    {
      g_autofree gchar *other = reduce (offered[i]);

      if (*other != '\0' && g_str_equal (other, reduced))
        return offered[i];
    }
  return NULL;
}

const gchar *
pmt_server_names_match (const gchar *name, const gchar *const *offered)
{
  g_autofree gchar *reduced = reduce (name);
  const gchar *found;

  if (offered == NULL)
    return NULL;
  for (guint i = 0; offered[i] != NULL; i++)
    if (g_str_equal (offered[i], name))
      return offered[i];
  found = *reduced != '\0' ? find_reduced (reduced, offered) : NULL;
  for (guint i = 0; found == NULL && i < G_N_ELEMENTS (aliases); i++)
    if (g_str_equal (aliases[i].name, reduced))
      found = find_reduced (aliases[i].other, offered);
  return found;
}

/* ------------------------------------------------------------------ files */

/* "folder/model.safetensors [abc]": without folder, ending and hash. */
static gchar *
stem_of (const gchar *name)
{
  static const gchar *const endings[] = { ".safetensors", ".ckpt", ".pth",
                                          ".pt",          ".gguf", ".sft",
                                          ".bin" };
  const gchar *slash = strrchr (name, '/');
  const gchar *backslash = strrchr (name, '\\');
  g_autofree gchar *base = NULL;
  gchar *stem;
  gchar *bracket;

  base = g_strdup (MAX (MAX (slash, backslash), name - 1) + 1);
  bracket = g_str_has_suffix (base, "]") ? strrchr (base, '[') : NULL;
  if (bracket != NULL && bracket != base)
    *bracket = '\0';
  g_strchomp (base);
  stem = g_utf8_casefold (base, -1);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (stem, endings[i]))
      {
        stem[strlen (stem) - strlen (endings[i])] = '\0';
        break;
      }
  return stem;
}

const gchar *
pmt_server_names_match_file (const gchar *name, const gchar *const *offered)
{
  g_autofree gchar *stem = stem_of (name);
  g_autofree gchar *folded = g_utf8_casefold (name, -1);

  if (offered == NULL)
    return NULL;
  for (guint i = 0; offered[i] != NULL; i++)
    if (g_str_equal (offered[i], name))
      return offered[i];
  for (guint i = 0; offered[i] != NULL; i++)
    {
      g_autofree gchar *other = g_utf8_casefold (offered[i], -1);

      if (g_str_equal (other, folded))
        return offered[i];
    }
  for (guint i = 0; *stem != '\0' && offered[i] != NULL; i++)
    {
      g_autofree gchar *other = stem_of (offered[i]);

      if (g_str_equal (other, stem))
        return offered[i];
    }
  return NULL;
}

/* --------------------------------------------------------------- refusals */

gboolean
pmt_server_names_refuse_with (PmtRemoteCall *call,
                              const gchar *param,
                              const gchar *detail,
                              GError **error)
{
  const PmtFault none = PMT_FAULT_INIT;

  pmt_fault_clear (&call->fault);
  call->fault = none;
  call->fault.kind = PMT_FAULT_PARAMETER;
  call->fault.detail = g_strdup (detail);
  call->fault.param = g_strdup (param);
  return pmt_remote_call_fail_fault (call, error);
}

gboolean
pmt_server_names_refuse (PmtRemoteCall *call,
                         const gchar *param,
                         const gchar *name,
                         const gchar *const *offered,
                         GError **error)
{
  const guint n = offered != NULL ? g_strv_length ((gchar **)offered) : 0;
  g_autofree gchar *detail = NULL;
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < MIN (n, MAX_LISTED); i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", offered[i]);
  if (n > MAX_LISTED)
    g_string_append (list, ", …");
  if (n == 0)
    detail = g_strdup_printf (_ ("the server has no “%s”"), name);
  else
    detail = g_strdup_printf (_ ("the server has no “%s”, but: %s"), name,
                              list->str);
  g_string_free (list, TRUE);
  return pmt_server_names_refuse_with (call, param, detail, error);
}

/* ------------------------------------------------------------- the server */

static const gchar *
match (const gchar *param, const gchar *name, const gchar *const *offered)
{
  if (g_str_equal (param, "sampler") || g_str_equal (param, "schedule"))
    return pmt_server_names_match (name, offered);
  return pmt_server_names_match_file (name, offered);
}

gchar *
pmt_server_names_find (PmtRemoteCall *call,
                       const gchar *param,
                       const gchar *name,
                       GError **error)
{
  const PmtProvider *provider = call->account->provider;
  g_auto (GStrv) offered = provider->list (call, param, error);
  const gchar *found;

  if (offered == NULL)
    return NULL;
  found = match (param, name, (const gchar *const *)offered);
  if (found != NULL)
    return g_strdup (found);
  pmt_lists_forget (call, param);
  g_strfreev (offered);
  offered = provider->list (call, param, error);
  if (offered == NULL)
    return NULL;
  found = match (param, name, (const gchar *const *)offered);
  if (found != NULL)
    return g_strdup (found);
  pmt_server_names_refuse (call, param, name, (const gchar *const *)offered,
                           error);
  return NULL;
}
