/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* main.c: procedures for tests: look at pixels, make pictures, cancel. */
#include <glib/gstdio.h>
#include <libgimp/gimp.h>

#include "filters.h"
#include "metadata.h"
#include "pictures.h"
#include "signals.h"

/* How long a run may work before it is cancelled. */
#define USUAL_DELAY_MS 50

#define TEST_TYPE_PLUG_IN (test_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (TestPlugIn, test_plug_in, TEST, PLUG_IN, GimpPlugIn)

struct _TestPlugIn
{
  GimpPlugIn parent_instance;
};

G_DEFINE_TYPE (TestPlugIn, test_plug_in, GIMP_TYPE_PLUG_IN)

static GimpProcedureConfig *
new_args (GimpProcedure *called,
          GimpRunMode run_mode,
          GimpImage *image,
          GimpDrawable *drawable)
{
  GimpProcedureConfig *args = gimp_procedure_create_config (called);
  GObject *drawables[2] = { G_OBJECT (drawable), NULL };

  g_object_set (args, "run-mode", run_mode, "image", image, NULL);
  gimp_procedure_config_set_core_object_array (args, "drawables", drawables,
                                               drawable ? 1 : 0);

  return args;
}

/* Passes "model" and "prompt" on to a procedure that has them, unless they are
 * empty.
 */
static void
pass_texts (GimpProcedureConfig *config, GimpProcedureConfig *args)
{
  static const gchar *const names[] = { "model", "prompt" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree gchar *text = NULL;

      g_object_get (config, names[i], &text, NULL);
      if (text && *text)
        g_object_set (args, names[i], text, NULL);
    }
}

/* Runs "proc-name" on image and drawable, and sends "signal" to its process
 * once the engine works.  It gets one integer argument when "argument" is the
 * name of one.
 */
static GimpValueArray *
run_cancel (GimpProcedure *procedure,
            GimpProcedureConfig *config,
            gpointer run_data)
{
  g_autofree gchar *name = NULL;
  g_autofree gchar *argument = NULL;
  g_autoptr (GimpImage) image = NULL;
  g_autoptr (GimpDrawable) drawable = NULL;
  g_autoptr (GimpProcedureConfig) args = NULL;
  GimpProcedure *called;
  GimpValueArray *result;
  GimpValueArray *values;
  GThread *sender;
  gint value = 0;
  gint signal = 0;
  gint delay = 0;

  g_object_get (config, "proc-name", &name, "image", &image, "drawable",
                &drawable, "signal", &signal, "argument", &argument, "value",
                &value, "delay", &delay, NULL);
  called = gimp_pdb_lookup_procedure (gimp_get_pdb (), name);
  args = new_args (called, GIMP_RUN_NONINTERACTIVE, image, drawable);
  pass_texts (config, args);
  if (argument && *argument)
    {
      g_auto (GValue) given = G_VALUE_INIT;

      /* Becomes a floating-point number where one is wanted. */
      g_value_init (&given, G_TYPE_INT);
      g_value_set_int (&given, value);
      g_object_set_property (G_OBJECT (args), argument, &given);
    }

  sender = test_signal_send_when_busy (gimp_directory (), signal,
                                       delay > 0 ? delay : USUAL_DELAY_MS);
  result = gimp_procedure_run_config (called, args);

  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_SET_INT (values, 1, GIMP_VALUES_GET_ENUM (result, 0));
  GIMP_VALUES_SET_DOUBLE (values, 2, test_signal_finish (sender));
  gimp_value_array_unref (result);

  return values;
}

/* Calls a procedure as a C or Python program would, and tells the outcome. */
static GimpValueArray *
run_call (GimpProcedure *procedure,
          GimpProcedureConfig *config,
          gpointer run_data)
{
  g_autofree gchar *name = NULL;
  g_autofree gchar *message = NULL;
  g_autoptr (GimpImage) image = NULL;
  g_autoptr (GimpDrawable) drawable = NULL;
  gint run_mode = 0;
  GimpProcedure *called;
  GimpProcedureConfig *args;
  GimpValueArray *result;
  GimpValueArray *values;

  g_object_get (config, "proc-name", &name, "mode", &run_mode, "image", &image,
                "drawable", &drawable, NULL);
  called = gimp_pdb_lookup_procedure (gimp_get_pdb (), name);
  args = new_args (called, run_mode, image, drawable);
  pass_texts (config, args);
  result = gimp_procedure_run_config (called, args);

  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  message = g_strdup (gimp_pdb_get_last_error (gimp_get_pdb ()));
  GIMP_VALUES_SET_INT (values, 1, GIMP_VALUES_GET_ENUM (result, 0));
  GIMP_VALUES_SET_STRING (values, 2, message ? message : "");
  gimp_value_array_unref (result);
  g_object_unref (args);

  return values;
}

static GimpValueArray *
run_hash (GimpProcedure *procedure,
          GimpProcedureConfig *config,
          gpointer run_data)
{
  g_autoptr (GimpDrawable) drawable = NULL;
  GimpValueArray *values;

  g_object_get (config, "drawable", &drawable, NULL);
  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_TAKE_STRING (values, 1, test_picture_hash (drawable));

  return values;
}

static GimpValueArray *
run_format (GimpProcedure *procedure,
            GimpProcedureConfig *config,
            gpointer run_data)
{
  g_autoptr (GimpDrawable) drawable = NULL;
  GimpValueArray *values;

  g_object_get (config, "drawable", &drawable, NULL);
  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_SET_STRING (
      values, 1,
      babl_format_get_encoding (gimp_drawable_get_format (drawable)));

  return values;
}

static GimpValueArray *
run_draw (GimpProcedure *procedure,
          GimpProcedureConfig *config,
          gpointer run_data)
{
  g_autoptr (GimpDrawable) drawable = NULL;
  gint seed = 0;

  g_object_get (config, "drawable", &drawable, "seed", &seed, NULL);
  test_picture_draw (drawable, seed);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

static GimpValueArray *
run_compare (GimpProcedure *procedure,
             GimpProcedureConfig *config,
             gpointer run_data)
{
  g_autoptr (GimpImage) before = NULL;
  g_autoptr (GimpImage) after = NULL;
  TestComparison comparison = { 0 };
  GimpValueArray *values;
  gint dx = 0;
  gint dy = 0;

  g_object_get (config, "before", &before, "after", &after, "dx", &dx, "dy",
                &dy, NULL);
  test_picture_compare (before, after, dx, dy, &comparison);
  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_SET_INT (values, 1, comparison.n_outside);
  GIMP_VALUES_SET_INT (values, 2, comparison.n_outside_changed);
  GIMP_VALUES_SET_INT (values, 3, comparison.n_inside);
  GIMP_VALUES_SET_INT (values, 4, comparison.n_inside_changed);
  GIMP_VALUES_SET_DOUBLE (values, 5, comparison.max_outside);

  return values;
}

/* The deepest alpha and mask values inside a rectangle of the canvas. */
static GimpValueArray *
run_mask_range (GimpProcedure *procedure,
                GimpProcedureConfig *config,
                gpointer run_data)
{
  g_autoptr (GimpLayer) layer = NULL;
  GeglRectangle rect = { 0 };
  GimpValueArray *values;
  gdouble min = 0.0;
  gdouble max = 0.0;

  g_object_get (config, "layer", &layer, "x", &rect.x, "y", &rect.y, "width",
                &rect.width, "height", &rect.height, NULL);
  test_picture_mask_range (layer, &rect, &min, &max);
  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_SET_DOUBLE (values, 1, min);
  GIMP_VALUES_SET_DOUBLE (values, 2, max);

  return values;
}

static GimpValueArray *
run_assign_profile (GimpProcedure *procedure,
                    GimpProcedureConfig *config,
                    gpointer run_data)
{
  g_autoptr (GimpColorProfile) profile = gimp_color_profile_new_rgb_adobe ();
  g_autoptr (GimpImage) image = NULL;

  g_object_get (config, "image", &image, NULL);
  gimp_image_set_color_profile (image, profile);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

/* The name of the image's own profile, or "". */
static GimpValueArray *
run_profile (GimpProcedure *procedure,
             GimpProcedureConfig *config,
             gpointer run_data)
{
  g_autoptr (GimpColorProfile) profile = NULL;
  g_autoptr (GimpImage) image = NULL;
  GimpValueArray *values;

  g_object_get (config, "image", &image, NULL);
  profile = gimp_image_get_color_profile (image);
  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_SET_STRING (
      values, 1, profile ? gimp_color_profile_get_description (profile) : "");

  return values;
}

static GimpValueArray *
run_set_metadata (GimpProcedure *procedure,
                  GimpProcedureConfig *config,
                  gpointer run_data)
{
  g_autoptr (GimpImage) image = NULL;

  g_object_get (config, "image", &image, NULL);
  test_metadata_set (image);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

static GimpValueArray *
run_metadata (GimpProcedure *procedure,
              GimpProcedureConfig *config,
              gpointer run_data)
{
  g_autoptr (GimpImage) image = NULL;
  g_autofree gchar *tag = NULL;
  GimpValueArray *values;

  g_object_get (config, "image", &image, "tag", &tag, NULL);
  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_TAKE_STRING (values, 1, test_metadata_get (image, tag));

  return values;
}

static GimpValueArray *
run_copy (GimpProcedure *procedure,
          GimpProcedureConfig *config,
          gpointer run_data)
{
  g_autofree gchar *from = NULL;
  g_autofree gchar *to = NULL;
  g_autofree gchar *data = NULL;
  gsize length;

  g_object_get (config, "from", &from, "to", &to, NULL);
  g_assert (g_file_get_contents (from, &data, &length, NULL));
  g_assert (g_file_set_contents (to, data, (gssize)length, NULL));

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

static GimpValueArray *
run_make_folder (GimpProcedure *procedure,
                 GimpProcedureConfig *config,
                 gpointer run_data)
{
  g_autofree gchar *path = NULL;

  g_object_get (config, "path", &path, NULL);
  g_assert (g_mkdir_with_parents (path, 0700) == 0);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

static GimpValueArray *
run_rename (GimpProcedure *procedure,
            GimpProcedureConfig *config,
            gpointer run_data)
{
  g_autofree gchar *from = NULL;
  g_autofree gchar *to = NULL;

  g_object_get (config, "from", &from, "to", &to, NULL);
  g_assert (g_rename (from, to) == 0);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

/* Tells the script that presses keys how far the test is... */
static GimpValueArray *
run_touch (GimpProcedure *procedure,
           GimpProcedureConfig *config,
           gpointer run_data)
{
  g_autofree gchar *path = NULL;

  g_object_get (config, "path", &path, NULL);
  g_assert (g_file_set_contents (path, "", 0, NULL));

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

/* ...and waits, at most five minutes, for its answer.  GIMP goes on. */
static GimpValueArray *
run_wait (GimpProcedure *procedure,
          GimpProcedureConfig *config,
          gpointer run_data)
{
  const gint64 end = g_get_monotonic_time () + 5 * G_TIME_SPAN_MINUTE;
  g_autofree gchar *path = NULL;
  gboolean is_there = FALSE;

  g_object_get (config, "path", &path, NULL);
  while (!is_there && g_get_monotonic_time () < end)
    {
      g_usleep (20000);
      is_there = g_file_test (path, G_FILE_TEST_EXISTS);
    }

  return gimp_procedure_new_return_values (
      procedure, is_there ? GIMP_PDB_SUCCESS : GIMP_PDB_EXECUTION_ERROR, NULL);
}

static GimpValueArray *
run_apply (GimpProcedure *procedure,
           GimpProcedureConfig *config,
           gpointer run_data)
{
  g_autoptr (GimpDrawable) drawable = NULL;
  g_autofree gchar *operation = NULL;
  gdouble strength = 0.0;

  g_object_get (config, "drawable", &drawable, "operation", &operation,
                "strength", &strength, NULL);
  test_filter_apply (drawable, operation, strength);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

static GimpValueArray *
run_difference (GimpProcedure *procedure,
                GimpProcedureConfig *config,
                gpointer run_data)
{
  g_autoptr (GimpDrawable) drawable = NULL;
  g_autoptr (GimpDrawable) other = NULL;
  GimpValueArray *values;

  g_object_get (config, "drawable", &drawable, "other", &other, NULL);
  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_SET_DOUBLE (values, 1, test_filter_difference (drawable, other));

  return values;
}

/* Filters pass as their number: Script-Fu has no other way. */
static GimpValueArray *
run_strength (GimpProcedure *procedure,
              GimpProcedureConfig *config,
              gpointer run_data)
{
  GimpValueArray *values;
  gint id = 0;

  g_object_get (config, "filter", &id, NULL);
  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_SET_DOUBLE (
      values, 1, test_filter_strength (gimp_drawable_filter_get_by_id (id)));

  return values;
}

static GimpValueArray *
run_set_strength (GimpProcedure *procedure,
                  GimpProcedureConfig *config,
                  gpointer run_data)
{
  gdouble strength = 0.0;
  gint id = 0;

  g_object_get (config, "filter", &id, "strength", &strength, NULL);
  test_filter_set_strength (gimp_drawable_filter_get_by_id (id), strength);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

static GimpValueArray *
run_host_maps (GimpProcedure *procedure,
               GimpProcedureConfig *config,
               gpointer run_data)
{
  g_autofree gchar *part = NULL;
  GimpValueArray *values;

  g_object_get (config, "path", &part, NULL);
  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_SET_INT (values, 1, test_filter_host_has_mapped (part));

  return values;
}

static void
add_image (GimpProcedure *procedure, const gchar *name)
{
  gimp_procedure_add_image_argument (procedure, name, name, NULL, FALSE,
                                     G_PARAM_READWRITE);
}

static void
add_drawable (GimpProcedure *procedure, gboolean none_ok)
{
  gimp_procedure_add_drawable_argument (procedure, "drawable", "drawable", NULL,
                                        none_ok, G_PARAM_READWRITE);
}

static void
add_int (GimpProcedure *procedure, const gchar *name)
{
  gimp_procedure_add_int_argument (procedure, name, name, NULL, G_MININT,
                                   G_MAXINT, 0, G_PARAM_READWRITE);
}

static void
return_int (GimpProcedure *procedure, const gchar *name)
{
  gimp_procedure_add_int_return_value (procedure, name, name, NULL, G_MININT,
                                       G_MAXINT, 0, G_PARAM_READWRITE);
}

static void
return_string (GimpProcedure *procedure, const gchar *name)
{
  gimp_procedure_add_string_return_value (procedure, name, name, NULL, "",
                                          G_PARAM_READWRITE);
}

static void
return_double (GimpProcedure *procedure, const gchar *name)
{
  gimp_procedure_add_double_return_value (procedure, name, name, NULL,
                                          -G_MAXDOUBLE, G_MAXDOUBLE, 0.0,
                                          G_PARAM_READWRITE);
}

static void
add_texts (GimpProcedure *procedure)
{
  gimp_procedure_add_string_argument (procedure, "model", "model", NULL, "",
                                      G_PARAM_READWRITE);
  gimp_procedure_add_string_argument (procedure, "prompt", "prompt", NULL, "",
                                      G_PARAM_READWRITE);
}

static void
declare_cancel (GimpProcedure *procedure)
{
  gimp_procedure_add_string_argument (procedure, "proc-name", "proc-name", NULL,
                                      "", G_PARAM_READWRITE);
  add_image (procedure, "image");
  add_drawable (procedure, FALSE);
  add_int (procedure, "signal");
  gimp_procedure_add_string_argument (procedure, "argument", "argument", NULL,
                                      "", G_PARAM_READWRITE);
  add_int (procedure, "value");
  add_int (procedure, "delay");
  add_texts (procedure);
  return_int (procedure, "status");
  return_double (procedure, "seconds");
}

static void
declare_call (GimpProcedure *procedure)
{
  gimp_procedure_add_string_argument (procedure, "proc-name", "proc-name", NULL,
                                      "", G_PARAM_READWRITE);
  add_int (procedure, "mode");
  add_image (procedure, "image");
  add_drawable (procedure, TRUE);
  add_texts (procedure);
  return_int (procedure, "status");
  return_string (procedure, "message");
}

static void
declare_hash (GimpProcedure *procedure)
{
  add_drawable (procedure, FALSE);
  return_string (procedure, "hash");
}

static void
declare_draw (GimpProcedure *procedure)
{
  add_drawable (procedure, FALSE);
  add_int (procedure, "seed");
}

static void
declare_compare (GimpProcedure *procedure)
{
  add_image (procedure, "before");
  add_image (procedure, "after");
  add_int (procedure, "dx");
  add_int (procedure, "dy");
  return_int (procedure, "outside");
  return_int (procedure, "outside-changed");
  return_int (procedure, "inside");
  return_int (procedure, "inside-changed");
  return_double (procedure, "outside-difference");
}

static void
declare_mask_range (GimpProcedure *procedure)
{
  gimp_procedure_add_layer_argument (procedure, "layer", "layer", NULL, FALSE,
                                     G_PARAM_READWRITE);
  add_int (procedure, "x");
  add_int (procedure, "y");
  add_int (procedure, "width");
  add_int (procedure, "height");
  return_double (procedure, "min");
  return_double (procedure, "max");
}

static void
declare_assign_profile (GimpProcedure *procedure)
{
  add_image (procedure, "image");
}

static void
declare_profile (GimpProcedure *procedure)
{
  add_image (procedure, "image");
  return_string (procedure, "description");
}

static void
declare_metadata (GimpProcedure *procedure)
{
  add_image (procedure, "image");
  gimp_procedure_add_string_argument (procedure, "tag", "tag", NULL, "",
                                      G_PARAM_READWRITE);
  return_string (procedure, "text");
}

static void
declare_path (GimpProcedure *procedure)
{
  gimp_procedure_add_string_argument (procedure, "path", "path", NULL, "",
                                      G_PARAM_READWRITE);
}

static void
add_strength (GimpProcedure *procedure)
{
  gimp_procedure_add_double_argument (procedure, "strength", "strength", NULL,
                                      0.0, 1.0, 0.0, G_PARAM_READWRITE);
}

static void
declare_apply (GimpProcedure *procedure)
{
  add_drawable (procedure, FALSE);
  gimp_procedure_add_string_argument (procedure, "operation", "operation", NULL,
                                      "", G_PARAM_READWRITE);
  add_strength (procedure);
}

static void
declare_difference (GimpProcedure *procedure)
{
  add_drawable (procedure, FALSE);
  gimp_procedure_add_drawable_argument (procedure, "other", "other", NULL,
                                        FALSE, G_PARAM_READWRITE);
  return_double (procedure, "difference");
}

static void
declare_strength (GimpProcedure *procedure)
{
  add_int (procedure, "filter");
  return_double (procedure, "strength");
}

static void
declare_set_strength (GimpProcedure *procedure)
{
  add_int (procedure, "filter");
  add_strength (procedure);
}

static void
declare_host_maps (GimpProcedure *procedure)
{
  declare_path (procedure);
  return_int (procedure, "is-mapped");
}

static void
declare_rename (GimpProcedure *procedure)
{
  gimp_procedure_add_string_argument (procedure, "from", "from", NULL, "",
                                      G_PARAM_READWRITE);
  gimp_procedure_add_string_argument (procedure, "to", "to", NULL, "",
                                      G_PARAM_READWRITE);
}

static const struct
{
  const gchar *name;
  GimpRunFunc run;
  void (*declare) (GimpProcedure *procedure);
} procedures[] = {
  { "test-pentimento-apply", run_apply, declare_apply },
  { "test-pentimento-assign-profile", run_assign_profile,
    declare_assign_profile },
  { "test-pentimento-call", run_call, declare_call },
  { "test-pentimento-cancel", run_cancel, declare_cancel },
  { "test-pentimento-compare", run_compare, declare_compare },
  { "test-pentimento-difference", run_difference, declare_difference },
  { "test-pentimento-copy", run_copy, declare_rename },
  { "test-pentimento-draw", run_draw, declare_draw },
  { "test-pentimento-format", run_format, declare_hash },
  { "test-pentimento-hash", run_hash, declare_hash },
  { "test-pentimento-host-maps", run_host_maps, declare_host_maps },
  { "test-pentimento-make-folder", run_make_folder, declare_path },
  { "test-pentimento-mask-range", run_mask_range, declare_mask_range },
  { "test-pentimento-metadata", run_metadata, declare_metadata },
  { "test-pentimento-profile", run_profile, declare_profile },
  { "test-pentimento-rename", run_rename, declare_rename },
  { "test-pentimento-set-strength", run_set_strength, declare_set_strength },
  { "test-pentimento-strength", run_strength, declare_strength },
  { "test-pentimento-set-metadata", run_set_metadata, declare_assign_profile },
  { "test-pentimento-touch", run_touch, declare_path },
  { "test-pentimento-wait", run_wait, declare_path },
};

static GList *
test_plug_in_query (GimpPlugIn *plug_in)
{
  GList *names = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (procedures); i++)
    names = g_list_append (names, g_strdup (procedures[i].name));

  return names;
}

static GimpProcedure *
test_plug_in_create (GimpPlugIn *plug_in, const gchar *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (procedures); i++)
    if (strcmp (procedures[i].name, name) == 0)
      {
        GimpProcedure *procedure =
            gimp_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN,
                                procedures[i].run, NULL, NULL);

        procedures[i].declare (procedure);
        gimp_procedure_set_documentation (procedure, name, NULL, name);
        return procedure;
      }

  return NULL;
}

static void
test_plug_in_class_init (TestPlugInClass *klass)
{
  GIMP_PLUG_IN_CLASS (klass)->query_procedures = test_plug_in_query;
  GIMP_PLUG_IN_CLASS (klass)->create_procedure = test_plug_in_create;
  GIMP_PLUG_IN_CLASS (klass)->set_i18n = NULL;
}

static void
test_plug_in_init (TestPlugIn *plug_in)
{
}

GIMP_MAIN (TEST_TYPE_PLUG_IN)
