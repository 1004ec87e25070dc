/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* procedures.c: declares the procedures from the models' manifests. */
#include "config.h"

#include "procedures.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "history.h"
#include "models.h"
#include "operation-call.h"
#include "operation-run.h"
#include "references.h"
#include "rerun.h"
#include "resume.h"
#include "services.h"

/**
 * Declaration: what a manifest can't tell
 * @menu_label: with mnemonic
 */
typedef struct
{
  const gchar *name;
  PmtOperation operation;
  const gchar *menu_label;
  const gchar *blurb;
  const gchar *help;
} Declaration;

static const Declaration declarations[] = {
  { "plug-in-pentimento-generate", PMT_OPERATION_GENERATE, N_ ("_Generate..."),
    N_ ("Make a picture from a description"),
    N_ ("A diffusion model makes a picture of what the prompt says, as a new "
        "layer of the size asked for, of the selection, or of the image. "
        "Needs a checkpoint of yours, and a prompt. Returns the new "
        "layers.") },
  { "plug-in-pentimento-reimagine", PMT_OPERATION_REIMAGINE,
    N_ ("Re_imagine..."),
    N_ ("Make the picture anew, close to the old one or far from it"),
    N_ ("A diffusion model makes the layer anew, or what is selected of it, "
        "as the prompt says; the strength tells how far it may leave the old "
        "picture. The result is a new layer, the original stays as it is. "
        "Needs a checkpoint of yours. Returns the new layers.") },
  { "plug-in-pentimento-fill", PMT_OPERATION_FILL, N_ ("_Fill Selection..."),
    N_ ("Fill what is selected with what a prompt says"),
    N_ ("A diffusion model replaces what is selected by what the prompt says, "
        "and fits it into its surroundings. The new layer has a layer mask, "
        "the original stays as it is. Needs a selection and a checkpoint of "
        "yours. Returns the new layers.") },
  { "plug-in-pentimento-edit", PMT_OPERATION_EDIT,
    N_ ("E_dit by Instruction..."),
    N_ ("Change the picture as an instruction says"),
    N_ ("A diffusion model changes the layer, or what is selected of it, as "
        "the prompt says, such as “make the jacket red”. The result is a new "
        "layer, the original stays as it is. Needs an instruction and a "
        "checkpoint of the InstructPix2Pix kind. Returns the new layers.") },
  { "plug-in-pentimento-remove", PMT_OPERATION_REMOVE, N_ ("_Remove Object..."),
    N_ ("Remove what is selected and fill the place from its surroundings"),
    N_ ("The selected object disappears behind a new layer made from the "
        "rest of the layer. The new layer has a layer mask, the original "
        "stays as it is. Needs a selection. Returns the new layers.") },
  { "plug-in-pentimento-expand", PMT_OPERATION_EXPAND, N_ ("_Expand..."),
    N_ ("Continue the picture beyond its edges"),
    N_ ("A new layer continues the picture on the sides asked for, in pixels "
        "or up to an aspect ratio, beyond the canvas or beyond the layer. "
        "With a prompt a diffusion model does it, which needs a checkpoint of "
        "yours. The original stays as it is. Needs one of the sides or an "
        "aspect ratio. Returns the new layers.") },
  { "plug-in-pentimento-upscale", PMT_OPERATION_UPSCALE, N_ ("_Upscale..."),
    N_ ("Enlarge the image, the layer or what is selected, with detail"),
    N_ ("A network enlarges the layer up to four times, or what is selected "
        "of it, and makes a new layer. Either the whole image is scaled, the "
        "other layers by interpolation, or only the new layer is larger. The "
        "pixels of the original are not replaced. Returns the new layers.") },
  { "plug-in-pentimento-enhance", PMT_OPERATION_ENHANCE, N_ ("E_nhance..."),
    N_ ("Take away noise, blur and traces of compression"),
    N_ ("A network denoises, sharpens and repairs the layer, or what is "
        "selected of it, and makes a new layer of the same size. The original "
        "stays as it is. Returns the new layers.") },
  { "plug-in-pentimento-face", PMT_OPERATION_FACE, N_ ("Enhance F_aces..."),
    N_ ("Find faces and restore each of them"),
    N_ ("Finds the faces of the layer, or of what is selected of it, and "
        "restores them in a new layer with a mask that shows nothing else. "
        "Networks that are installed for faces make up detail, which may "
        "change who a face looks like; without one, faces are denoised and "
        "sharpened. The original stays as it is. Needs a network that finds "
        "faces, or OpenCV. Returns the new layers; none where there is no "
        "face.") },
  { "plug-in-pentimento-select-subject", PMT_OPERATION_SELECT_SUBJECT,
    N_ ("_Select Subject..."), N_ ("Select what the picture is about"),
    N_ ("Finds the subject of the layer, or what is around it, and makes it "
        "the selection. Needs a network that finds subjects, or a selection "
        "around the subject.") },
};

GList *
pmt_procedures_list (void)
{
  GList *names = NULL;

  names = g_list_prepend (names, g_strdup (PMT_RESUME_PROCEDURE));
  names = g_list_prepend (names, g_strdup (PMT_SERVICES_PROCEDURE));
  names = g_list_prepend (names, g_strdup (PMT_MODELS_PROCEDURE));
  names = g_list_prepend (names, g_strdup (PMT_HISTORY_PROCEDURE));
  names = g_list_prepend (names, g_strdup (PMT_USE_SETTINGS_PROCEDURE));
  names = g_list_prepend (names, g_strdup (PMT_RERUN_PROCEDURE));
  for (gsize i = G_N_ELEMENTS (declarations); i > 0; i--)
    names = g_list_prepend (names, g_strdup (declarations[i - 1].name));

  return names;
}

static const Declaration *
find_declaration (const gchar *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (declarations); i++)
    if (strcmp (declarations[i].name, name) == 0)
      return &declarations[i];

  return NULL;
}

static void
describe (GimpProcedure *procedure, const Declaration *declaration)
{
  gint sensitivity = GIMP_PROCEDURE_SENSITIVE_DRAWABLE;

  if (!pmt_call_needs_layer (declaration->operation))
    sensitivity |= GIMP_PROCEDURE_SENSITIVE_DRAWABLES
                   | GIMP_PROCEDURE_SENSITIVE_NO_DRAWABLES;
  /* Any type: the reason why indexed pictures are refused should be told,
   * not left to a gray menu entry.
   */
  gimp_procedure_set_image_types (procedure, "*");
  gimp_procedure_set_sensitivity_mask (procedure, sensitivity);
  gimp_procedure_set_menu_label (procedure, _ (declaration->menu_label));
  gimp_procedure_add_menu_path (procedure, "<Image>/Filters/Pentimento");
  gimp_procedure_set_documentation (procedure, _ (declaration->blurb),
                                    _ (declaration->help), declaration->name);
  gimp_procedure_set_attribution (procedure, "The Pentimento authors",
                                  "The Pentimento authors", "2026");
}

GimpProcedure *
pmt_procedures_create (GimpPlugIn *plug_in, const gchar *name)
{
  const Declaration *declaration = find_declaration (name);
  PmtOperationData *data;
  GimpProcedure *procedure;

  if (g_str_equal (name, PMT_RESUME_PROCEDURE))
    return pmt_resume_create (plug_in);
  if (g_str_equal (name, PMT_HISTORY_PROCEDURE))
    return pmt_history_create (plug_in);
  if (g_str_equal (name, PMT_MODELS_PROCEDURE))
    return pmt_models_create (plug_in);
  if (g_str_equal (name, PMT_SERVICES_PROCEDURE))
    return pmt_services_create (plug_in);
  if (g_str_equal (name, PMT_RERUN_PROCEDURE))
    return pmt_rerun_create (plug_in);
  if (g_str_equal (name, PMT_USE_SETTINGS_PROCEDURE))
    return pmt_use_settings_create (plug_in);
  if (!declaration)
    return NULL;

  data = pmt_operation_data_new (declaration->operation);
  procedure = gimp_image_procedure_new (
      plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, pmt_operation_run, data,
      pmt_operation_data_free);
  describe (procedure, declaration);
  pmt_arguments_declare (procedure, data->specs, data->engine,
                         declaration->operation);
  pmt_references_declare (procedure, data->engine, declaration->operation);
  if (declaration->operation != PMT_OPERATION_SELECT_SUBJECT)
    gimp_procedure_add_core_object_array_return_value (
        procedure, "layers", _ ("Layers"), _ ("The new layers"),
        GIMP_TYPE_LAYER, G_PARAM_READWRITE);

  return procedure;
}
