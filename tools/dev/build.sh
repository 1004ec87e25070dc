# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# Build folders: build-<suite>/{main,asan,fuzz}, prefix/ and log/.

# Golden data and photographs for the tests, unless the caller names others.
export_shared () {
  local shared=${PENTIMENTO_SHARED:-$top/../shared}
  if [ -d "$shared" ]; then
    PENTIMENTO_SHARED=$(readlink -f "$shared")
    export PENTIMENTO_SHARED
  fi
  if [ -z "${PENTIMENTO_GOLDEN:-}" ] && [ -d "$shared/golden" ]; then
    export PENTIMENTO_GOLDEN="$PENTIMENTO_SHARED/golden"
  fi
}

# configure NAME OPTION...: a build folder, made anew only when its options,
# its place or the installed GIMP change.
configure () {
  local name=$1 key
  shift
  key="$top $* ${PENTIMENTO_OPENCV:+opencv} $(meson --version) $(pkg-config --modversion \
    gimp-3.0 gegl-0.4 glib-2.0 2>&1 | tr '\n' ' ')"
  if [ -f "$build/$name/build.ninja" ] \
    && [ "$(cat "$build/$name.key" 2> /dev/null)" = "$key" ]; then
    return 0
  fi
  rm -rf "${build:?}/$name" "$build/$name.key"
  phase "Configuring the build \"$name\"" "$build/log/$name-setup.log" \
    meson setup "$@" "$build/$name" "$top" || return
  echo "$key" > "$build/$name.key"
}

compile () {
  quiet_phase "Building \"$1\"" "$build/log/$1-compile.log" \
    meson compile -C "$build/$1"
}

# The build that runs: installed below build-<suite>/prefix, where the
# plug-in finds its manifests, GIMP the plug-in and GEGL the operations.
build_main () {
  mkdir -p "$build" 2> /dev/null || fail "$top is not writable."
  # shellcheck disable=SC2046
  [ -z "${PENTIMENTO_OPENCV:-}" ] || install_packages $(opencv_packages)
  lock "$build/.lock"
  configure main --prefix="$build/prefix" --libdir=lib \
    -Dplugindir="$build/prefix/lib/gimp/plug-ins" \
    -Dgegldir="$build/prefix/lib/gegl-0.4" || return
  compile main || return
  quiet_phase "Installing \"main\"" "$build/log/main-install.log" \
    meson install -C "$build/main" --no-rebuild --only-changed || return
  unlock
}

build_or_fail () {
  build_main || fail "The build failed; the log above tells why."
}

verb_run () {
  build_or_fail
  exec "$build/prefix/bin/pentimento" "$@"
}

verb_shell () {
  build_main || {
    say "The build failed; the shell starts all the same."
    unlock
  }
  export_shared
  gimp_environment
  export PATH="$build/prefix/bin:$PATH"
  export PKG_CONFIG_PATH="$build/prefix/lib/pkgconfig"
  export LD_LIBRARY_PATH="$build/prefix/lib"
  if [ $# -gt 0 ]; then
    exec bash -c "$*"
  fi
  say "The built programs are on PATH; builds are in $build; exit leaves."
  exec bash -i
}
