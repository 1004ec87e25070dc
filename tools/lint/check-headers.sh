# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# Every header compiles alone: it includes what it needs.
status=0
base=$(pkg-config --cflags gio-2.0 gegl-0.4 libcjson)
base="$base $(pkg-config --cflags libonnxruntime 2> /dev/null || true)"
gimp=$(pkg-config --cflags gimp-3.0 gimpui-3.0 2> /dev/null || true)
while IFS= read -r header; do
  flags=$base
  case $header in
    plugin/* | ui/* | tests/gimp/* | tests/ui/*)
      [ -n "$gimp" ] || continue
      flags="$base $gimp"
      ;;
  esac
  # shellcheck disable=SC2086
  if ! printf '#include "%s"\n' "$PWD/$header" \
    | gcc -std=gnu11 -fsyntax-only -x c -I"$LINT_BUILD/main" \
      -I"$LINT_BUILD/main/engine" -I. -Iengine \
      -I"$(dirname "$header")" $flags - 2> "$LINT_FILES.out"; then
    echo "$header does not compile alone:"
    grep -m 3 error "$LINT_FILES.out" || true
    status=1
  fi
done < <(grep -E '^(engine|cli|plugin|ui|gegl|tests)/.*\.h$' "$LINT_FILES")
rm -f "$LINT_FILES.out"
exit "$status"
