# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# GIMP with the built plug-in and a profile of its own.

# Nothing of the user's GIMP is read or written.
gimp_environment () {
  export GIMP3_DIRECTORY="$build/gimp-profile"
  mkdir -p "$GIMP3_DIRECTORY" "$build/cache"
  # The user's caches stay alone; the user's data (models) is found.
  export XDG_CACHE_HOME="$build/cache"
  # Replaces GEGL's own folders, which are named again.
  GEGL_PATH="$build/prefix/lib/gegl-0.4:$(pkg-config --variable=pluginsdir \
    gegl-0.4)"
  export GEGL_PATH
  local rc
  # shellcheck disable=SC2016
  rc=$(printf '(plug-in-path "%s")\n(check-updates no)' \
    '${gimp_dir}/plug-ins:${gimp_plug_in_dir}/plug-ins:'"$build/prefix/lib/gimp/plug-ins")
  if [ ! -e "$GIMP3_DIRECTORY/gimprc" ]; then
    printf '%s\n' "$rc" > "$GIMP3_DIRECTORY/gimprc"
  fi
}

# scheme_string TEXT: as a Script-Fu literal.
scheme_string () {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/["\\]/\\&/g')"
}

# gimp_batch EXPRESSION: status 0 only if Script-Fu ran to its end.
gimp_batch () {
  gimp_environment
  "$(gimp_console)" -i --quit \
    --batch-interpreter=plug-in-script-fu-eval -b "$1" < /dev/null 9>&-
}

gimp_console () {
  local name
  for name in gimp-console-3.0 gimp-console-3.2 gimp-console-3 gimp-console; do
    if command -v "$name"; then
      return 0
    fi
  done
  fail "GIMP is not installed here: gimp-console was not found."
}

verb_script () {
  [ $# -eq 1 ] || fail_usage "Usage: ./dev script FILE.scm"
  [ -f "$1" ] || fail "There is no file $1."
  build_or_fail
  gimp_batch "(load $(scheme_string "$(realpath "$1")"))"
}

# Pictures of every dialog, as users with other settings see them.
verb_screenshots () {
  local out=${1:-$PWD/screenshots} look name scheme scale language status=0
  [ $# -le 1 ] || fail_usage "Usage: ./dev screenshots [DIR]"
  mkdir -p "$out" && out=$(realpath "$out") || fail "$out can't be made."
  build_or_fail
  export_shared
  gimp_environment
  for look in dark:1: light:1: dark:2: light:1:de dark:1:fr; do
    IFS=: read -r scheme scale language <<< "$look"
    name=$scheme-$((100 * scale))${language:+-$language}
    PENTIMENTO_DATA="$top/data" SCREENSHOTS="$out/$name" UI_SCHEME="$scheme" \
      UI_SCALE="$scale" UI_LANGUAGE="$language" \
      phase "Opening every dialog: $name" "$build/log/screenshots-$name.log" \
      bash "$top/tests/ui/run-ui-tests" "$build/main/plugin/pentimento" \
      "$build/main/tests/gimp/test-pentimento" looks || status=1
  done
  say "The pictures are in $out."
  return "$status"
}

verb_gimp () {
  if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    fail "There is no display: DISPLAY and WAYLAND_DISPLAY are not set."
  fi
  build_or_fail
  gimp_environment
  exec dbus-run-session -- gimp -s "$@"
}

verb_demo () {
  local out=$PWD/demo photo='' select='' status=0
  while [ $# -gt 0 ]; do
    case $1 in
      --out | --select)
        [ $# -gt 1 ] || fail_usage "$1 needs a value."
        if [ "$1" = --out ]; then out=$2; else select=$2; fi
        shift 2
        ;;
      -*) fail_usage "The demo has no option $1; see ./dev help." ;;
      *)
        [ -z "$photo" ] || fail_usage "The demo takes one photo."
        photo=$1
        shift
        ;;
    esac
  done
  [ -z "$photo" ] || [ -f "$photo" ] || fail "There is no file $photo."
  build_or_fail
  gimp_environment
  bash "$top/tools/demo/demo.sh" "$(gimp_console)" "$out" "$select" "$photo" \
    || status=$?
  if [ -n "${SUDO_UID:-}" ] && [ -d "$out" ]; then
    chown -R "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$out"
  fi
  return "$status"
}
