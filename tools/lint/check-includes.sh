# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# A folder includes only what stands below it (docs/architecture.md).
status=0

# forbid FOLDER PATTERN WHY: no file of FOLDER includes PATTERN.
forbid () {
  local hits
  hits=$(grep -E "^$1/.*\.[ch]\$" "$LINT_FILES" \
    | xargs -r grep -HnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($2)" \
    || true)
  if [ -n "$hits" ]; then
    printf '%s\n' "$hits" | sed "s#\$#   ($3)#"
    status=1
  fi
}

gimp='libgimp|gimp\.h|gtk/|gdk/'
for folder in engine cli gegl docs; do
  forbid "$folder" "$gimp" "$folder/ is free of GIMP and GTK"
  forbid "$folder" '(\.\./)*(plugin|ui)/' "plugin/ and ui/ stand above $folder/"
done
forbid engine '(\.\./)*(cli|gegl)/' "cli/ and gegl/ stand above engine/"
forbid gegl '(\.\./)*cli/' "gegl/ and cli/ do not know each other"
forbid gegl '(core|catalog|image|prompt|onnx|fill|diffusion|remote|store)/' \
  "gegl/ uses engine/restore/ only"
forbid ui '(\.\./)*(plugin|cli|gegl)/' "ui/ uses the engine only"
forbid cli '(\.\./)*gegl/' "gegl/ and cli/ do not know each other"
forbid plugin '(\.\./)*gegl/' "GEGL loads gegl/; nobody links it"
forbid cli '(core|catalog|image|prompt|onnx|restore|fill|diffusion|remote|store)/' \
  "cli/ uses the public interface only"

# Inside the engine: the kinds of operation do not know each other.
kinds='prompt restore fill diffusion remote'
for folder in $kinds; do
  others=$(printf '%s\n' $kinds | grep -vx "$folder" | paste -sd '|')
  case $folder in
    # Diffusion reads weighted prompts, remote services their flags.
    diffusion | remote) others=${others#prompt|} ;;
  esac
  forbid "engine/$folder" "($others)/" "not below engine/$folder/"
done
# The store knows what all kinds of models are; nothing in the engine knows it.
for folder in core catalog image onnx face subject $kinds; do
  forbid "engine/$folder" 'store/' "engine/store/ stands above engine/$folder/"
done
for folder in core image; do
  forbid "engine/$folder" 'prompt/|onnx/|restore/|fill/|diffusion/|remote/' \
    "not below engine/$folder/"
done
forbid engine/prompt 'image/|onnx/' "not below engine/prompt/"
forbid engine/catalog 'image/|prompt/|onnx/|restore/|fill/|diffusion/|remote/' \
  "not below engine/catalog/"
forbid engine/onnx 'catalog/|image/|prompt/|restore/|fill/|diffusion/|remote/' \
  "not below engine/onnx/"
exit "$status"
