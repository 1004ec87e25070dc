/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* procedures.c: declares the procedures from the models' manifests. */
#include "config.h"

#include "procedures.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "estimate.h"
#include "history.h"
#include "models.h"
#include "operation-run.h"
#include "procedure-parts.h"
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

/* In the order of the menu, behind the operations. */
static const struct
{
  const gchar *name;
  GimpProcedure *(*create) (GimpPlugIn *plug_in);
} others[] = {
  { PMT_RERUN_PROCEDURE, pmt_rerun_create },
  { PMT_USE_SETTINGS_PROCEDURE, pmt_use_settings_create },
  { PMT_HISTORY_PROCEDURE, pmt_history_create },
  { PMT_MODELS_PROCEDURE, pmt_models_create },
  { PMT_SERVICES_PROCEDURE, pmt_services_create },
  { PMT_RESUME_PROCEDURE, pmt_resume_create },
  { PMT_ESTIMATE_PROCEDURE, pmt_estimate_create },
};

GList *
pmt_procedures_list (void)
{
  GList *names = NULL;

  for (gsize i = G_N_ELEMENTS (others); i > 0; i--)
    names = g_list_prepend (names, g_strdup (others[i - 1].name));
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

static const Declaration *
find_operation (PmtOperation operation)
{
  for (gsize i = 0; i < G_N_ELEMENTS (declarations); i++)
    if (declarations[i].operation == operation)
      return &declarations[i];

  g_return_val_if_reached (NULL);
}

GimpProcedure *
pmt_procedures_create_operation (GimpPlugIn *plug_in, PmtOperationData *data)
{
  const Declaration *declaration = find_operation (data->operation);
  GimpProcedure *procedure = gimp_image_procedure_new (
      plug_in, declaration->name, GIMP_PDB_PROC_TYPE_PLUGIN, pmt_operation_run,
      data, pmt_operation_data_free);

  pmt_procedure_take_images (procedure, pmt_call_needs_layer (data->operation));
  pmt_procedure_describe (procedure, _ (declaration->menu_label),
                          _ (declaration->blurb), _ (declaration->help));
  pmt_arguments_declare (procedure, data->specs, data->engine, data->operation);
  pmt_references_declare (procedure, data->engine, data->operation);
  if (data->operation != PMT_OPERATION_SELECT_SUBJECT)
    pmt_procedure_declare_layers (procedure);

  return procedure;
}

GimpProcedure *
pmt_procedures_create (GimpPlugIn *plug_in, const gchar *name)
{
  const Declaration *declaration = find_declaration (name);

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (strcmp (others[i].name, name) == 0)
      return others[i].create (plug_in);
  if (!declaration)
    return NULL;

  return pmt_procedures_create_operation (
      plug_in, pmt_operation_data_new (declaration->operation));
}
