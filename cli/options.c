/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "options.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "pentimento.h"
#include "presets.h"
#include "services.h"
#include "store.h"

const gchar *
options_usage (void)
{
  return _ (
      "Usage:\n"
      "  pentimento run OPERATION --in FILE [--mask FILE] [--ref FILE]...\n"
      "      --out FILE [--model ID|FILE] [--set NAME=VALUE]...\n"
      "      [--provider ID]\n"
      "      [--threads N] [--memory MIB] [--compute auto|cpu|NAME]\n"
      "      [--json] [--quiet]\n"
      "  pentimento estimate OPERATION --in FILE [the options of run]\n"
      "  pentimento faces --in FILE [--json]\n"
      "  pentimento models [--json]\n"
      "  pentimento presets [--search TEXT] [--operation OP] [--json]\n"
      "  pentimento presets --import FILE [--replace] | --export ID FILE |\n"
      "      --remove ID\n"
      "  pentimento store [--json]\n"
      "  pentimento store --download ID | --discard ID | --add FILE |\n"
      "      --remove ID\n"
      "  pentimento store --sources | --add-source FOLDER |\n"
      "      --remove-source FOLDER\n"
      "  pentimento services [--json]\n"
      "  pentimento key ID | test ID\n"
      "  pentimento choices SETTING --provider ID\n"
      "  pentimento jobs | forget JOB\n"
      "  pentimento resume JOB [--in FILE] --out FILE\n"
      "  pentimento history [--search TEXT] [--json]\n"
      "  pentimento history --show ID | --delete ID | --clear\n"
      "  pentimento --version\n"
      "\n"
      "Operations: generate (needs no --in), reimagine, fill, edit, remove,\n"
      "expand, enhance, upscale, face, select-subject (makes a mask).\n"
      "\"pentimento models\" lists what each model can do, which settings it "
      "takes,\n"
      "and where checkpoints go.  A .safetensors\n"
      "checkpoint, a folder of Diffusers, and an .onnx file that enlarges or\n"
      "restores pictures are models, too.  Prompts are settings:\n"
      "      --set prompt=\"a red jacket\" --set count=4\n"
      "A preset is words and settings under a name: --set preset=film-look.\n"
      "In a mask, white is what is worked on.\n"
      "\n"
      "\"store\" lists the models that are here and those that can be "
      "downloaded.\n"
      "A download that was stopped goes on where it ended; --discard deletes "
      "what is\n"
      "there of it.  --add copies a file of your own to where it is used.  "
      "Models in\n"
      "folders of ComfyUI, AUTOMATIC1111 or Forge are used from there with\n"
      "--add-source.\n"
      "\n"
      "Models of services run when --model names them.  \"services\" lists "
      "the\n"
      "services and local servers; \"key\" reads a key from standard input "
      "into\n"
      "the keyring.  --set max-cost=N limits what a run may cost, --set "
      "mock=true\n"
      "costs nothing where the service has that.  \"jobs\" lists runs whose\n"
      "connection was lost, \"resume\" fetches what they made.\n"
      "\n"
      "\"history\" lists what was run, --show prints the recipe of a run.\n"
      "\"history\": false in config.json keeps none.\n");
}

void
options_free (Options *options)
{
  g_free (options->verb);
  g_free (options->operation);
  g_free (options->in);
  g_free (options->mask);
  g_free (options->compute);
  g_strfreev (options->refs);
  g_free (options->out);
  g_free (options->model);
  g_strfreev (options->sets);
  g_free (options->provider);
  g_free (options->search);
  g_free (options->show);
  g_free (options->filter);
  g_free (options->import);
  g_free (options->export);
  g_free (options->remove);
  g_free (options->erase);
  g_free (options->download);
  g_free (options->discard);
  g_free (options->add);
  g_free (options->add_source);
  g_free (options->remove_source);
  g_free (options);
}

static gboolean
usage_error (GError **error, const gchar *format, const gchar *what)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, format, what);
  return FALSE;
}

/* What is made from nothing. */
static gboolean
is_without_picture (const Options *options)
{
  return g_str_equal (options->operation,
                      pmt_operation_to_string (PMT_OPERATION_GENERATE));
}

static gboolean
check_request_options (const Options *options, GError **error)
{
  const gboolean is_resume = g_str_equal (options->verb, "resume");
  const gboolean is_run = is_resume || g_str_equal (options->verb, "run");

  if (!options->operation)
    return usage_error (error,
                        is_resume ? _ ("%s needs the name of a run that "
                                       "\"pentimento jobs\" lists.")
                                  : _ ("%s needs an operation, such as "
                                       "remove."),
                        options->verb);
  if (!options->in && !is_resume && !is_without_picture (options))
    return usage_error (error, _ ("%s is missing; it names the picture."),
                        "--in FILE");
  if (!options->in && options->mask)
    return usage_error (error, _ ("--mask %s needs --in FILE, too."),
                        options->mask);
  if (is_run && !options->out)
    return usage_error (error, _ ("%s is missing; it names the result."),
                        "--out FILE");

  for (gchar **set = options->sets; set && *set; set++)
    if (!strchr (*set, '=') || **set == '=')
      return usage_error (error, _ ("--set %s is not of the form NAME=VALUE."),
                          *set);
  return TRUE;
}

/* One thing at a time, and nothing of it elsewhere. */
static gboolean
check_history_options (const Options *options, GError **error)
{
  const gint n =
      (options->show != NULL) + (options->erase != NULL) + options->is_clear;

  if (g_str_equal (options->verb, "history"))
    return n + (options->search != NULL) <= 1
           || usage_error (error, _ ("%s must stand alone."),
                           "--search, --show, --delete, --clear");
  if (options->search && !g_str_equal (options->verb, "presets"))
    return usage_error (error, _ ("%s belongs to \"history\" and \"presets\"."),
                        "--search");
  return n == 0
         || usage_error (error, _ ("%s belong to \"history\"."),
                         "--show, --delete, --clear");
}

static gboolean
check (const Options *options, gchar **rest, GError **error)
{
  if (!options->verb)
    return usage_error (error, _ ("%s is missing: run, estimate or models."),
                        _ ("What to do"));
  if (options->threads < 0 || options->threads > 1024)
    return usage_error (error, _ ("%s must be from 0 to 1024."), "--threads");
  if (options->memory < 0)
    return usage_error (error, _ ("%s must not be negative."), "--memory");
  if (rest && *rest)
    return usage_error (error, _ ("The argument \"%s\" is not expected."),
                        *rest);
  if (!check_history_options (options, error))
    return FALSE;

  if (g_str_equal (options->verb, "faces") && !options->in)
    return usage_error (error, _ ("%s is missing; it names the picture."),
                        "--in FILE");
  if (!store_check (options, error))
    return FALSE;
  if (g_str_equal (options->verb, "presets"))
    return presets_check (options, error);
  if (g_str_equal (options->verb, "models")
      || g_str_equal (options->verb, "faces")
      || g_str_equal (options->verb, "services")
      || g_str_equal (options->verb, "history")
      || g_str_equal (options->verb, "store")
      || g_str_equal (options->verb, "jobs"))
    return options->operation == NULL
           || usage_error (error, _ ("The argument \"%s\" is not expected."),
                           options->operation);
  if (g_str_equal (options->verb, "run")
      || g_str_equal (options->verb, "resume")
      || g_str_equal (options->verb, "estimate"))
    return check_request_options (options, error);
  if (services_is_verb (options->verb))
    return options->operation != NULL
           || usage_error (error, _ ("%s needs a name behind it."),
                           options->verb);
  return usage_error (error,
                      _ ("\"%s\" is not known; pentimento --help lists what "
                         "is."),
                      options->verb);
}

Options *
options_parse (gint argc, gchar **argv, GError **error)
{
  g_autoptr (Options) options = g_new0 (Options, 1);
  g_auto (GStrv) rest = NULL;
  const GOptionEntry entries[] = {
    { "in", 0, 0, G_OPTION_ARG_FILENAME, &options->in, NULL, NULL },
    { "mask", 0, 0, G_OPTION_ARG_FILENAME, &options->mask, NULL, NULL },
    { "ref", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->refs, NULL, NULL },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &options->out, NULL, NULL },
    { "model", 0, 0, G_OPTION_ARG_STRING, &options->model, NULL, NULL },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->sets, NULL, NULL },
    { "provider", 0, 0, G_OPTION_ARG_STRING, &options->provider, NULL, NULL },
    { "search", 0, 0, G_OPTION_ARG_STRING, &options->search, NULL, NULL },
    { "show", 0, 0, G_OPTION_ARG_STRING, &options->show, NULL, NULL },
    { "delete", 0, 0, G_OPTION_ARG_STRING, &options->erase, NULL, NULL },
    { "clear", 0, 0, G_OPTION_ARG_NONE, &options->is_clear, NULL, NULL },
    { "operation", 0, 0, G_OPTION_ARG_STRING, &options->filter, NULL, NULL },
    { "import", 0, 0, G_OPTION_ARG_FILENAME, &options->import, NULL, NULL },
    { "export", 0, 0, G_OPTION_ARG_STRING, &options->export, NULL, NULL },
    { "remove", 0, 0, G_OPTION_ARG_STRING, &options->remove, NULL, NULL },
    { "download", 0, 0, G_OPTION_ARG_STRING, &options->download, NULL, NULL },
    { "discard", 0, 0, G_OPTION_ARG_STRING, &options->discard, NULL, NULL },
    { "add", 0, 0, G_OPTION_ARG_FILENAME, &options->add, NULL, NULL },
    { "sources", 0, 0, G_OPTION_ARG_NONE, &options->is_sources, NULL, NULL },
    { "add-source", 0, 0, G_OPTION_ARG_FILENAME, &options->add_source, NULL,
      NULL },
    { "remove-source", 0, 0, G_OPTION_ARG_FILENAME, &options->remove_source,
      NULL, NULL },
    { "replace", 0, 0, G_OPTION_ARG_NONE, &options->is_replacing, NULL, NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->is_json, NULL, NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &options->is_quiet, NULL, NULL },
    { "threads", 0, 0, G_OPTION_ARG_INT, &options->threads, NULL, NULL },
    { "compute", 0, 0, G_OPTION_ARG_STRING, &options->compute, NULL, NULL },
    { "memory", 0, 0, G_OPTION_ARG_INT, &options->memory, NULL, NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &rest, NULL, NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_auto (GStrv) copy = g_new0 (gchar *, argc + 1);
  gchar **next;

  for (gint i = 0; i < argc; i++)
    copy[i] = g_strdup (argv[i]);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse_strv (context, &copy, error))
    return NULL;

  next = rest;
  if (next && *next)
    options->verb = g_strdup (*next++);
  if (next && *next)
    options->operation = g_strdup (*next++);

  if (!check (options, next, error))
    return NULL;
  return g_steal_pointer (&options);
}
