# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# Every header compiles alone: it includes what it needs.
base=$(pkg-config --cflags gio-2.0 gegl-0.4 libcjson)
base="$base $(pkg-config --cflags libonnxruntime 2> /dev/null || true)"
gimp=$(pkg-config --cflags gimp-3.0 gimpui-3.0 2> /dev/null || true)
export base gimp

# shellcheck disable=SC2317 # xargs calls it
check_header () {
  local header=$1 flags=$base said
  case $header in
    plugin/* | ui/* | tests/gimp/* | tests/ui/*)
      [ -n "$gimp" ] || return 0
      flags="$base $gimp"
      ;;
  esac
  # shellcheck disable=SC2086
  if ! said=$(printf '#include "%s"\n' "$PWD/$header" \
    | gcc -std=gnu11 -fsyntax-only -x c -I"$LINT_BUILD/main" \
      -I"$LINT_BUILD/main/engine" -I. -Iengine \
      -I"$(dirname "$header")" $flags - 2>&1); then
    printf '%s does not compile alone:\n%s\n' "$header" \
      "$(grep -m 3 error <<< "$said")"
    return 1
  fi
}
export -f check_header

grep -E '^(engine|cli|plugin|ui|gegl|tests)/.*\.h$' "$LINT_FILES" \
  | xargs -r -P "$(nproc)" -I '{}' bash -c 'check_header "$1"' _ '{}' || exit 1
