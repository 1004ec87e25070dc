#!/bin/sh
# SPDX-License-Identifier: LGPL-3.0-or-later
# Installs the library alone into a fresh prefix, builds the example of
# docs/embedding.md against it with pkg-config, as another editor would, and
# removes an object with it.
# usage: run-embedding.sh SOURCE_ROOT
set -eu
source_root=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0

check() {
  number=$((number + 1))
  name=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    echo "ok $number - $name"
  else
    sed 's/^/# /' "$work/log"
    echo "not ok $number - $name"
    exit 1
  fi
}

install_library() {
  meson setup "$work/build" "$source_root" --prefix "$work/prefix" \
    -Dgegldir="$work/prefix/lib/gegl-0.4" \
    -Dgimp=disabled -Dtests=false -Dbuildtype=plain &&
    meson install -C "$work/build"
}

one_header() {
  test "$(find "$work/prefix/include" -name '*.h' | wc -l)" -eq 1
}

build_example() {
  flags=$(pkg-config --cflags --libs pentimento)
  # shellcheck disable=SC2086 # flags are several words
  cc -Wall -Werror -Wno-deprecated-declarations \
    "$source_root/docs/examples/remove-object.c" -o "$work/remove-object" \
    $flags -Wl,-rpath,"$libdir"
}

# A red square on a gray picture goes away; P3 is the plainest picture file.
make_picture() {
  awk 'BEGIN {
    print "P3\n160 120\n255"
    for (y = 0; y < 120; y++)
      for (x = 0; x < 160; x++)
        print (x >= 60 && x < 90 && y >= 40 && y < 70) ? "255 0 0" \
                                                       : "128 128 128"
  }' >"$work/in.ppm"
}

run_example() {
  "$work/remove-object" "$work/in.ppm" "$work/out.ppm" 56 36 38 38
}

red_is_gone() {
  test -s "$work/out.ppm" &&
    tail -c 57600 "$work/out.ppm" | od -An -v -tu1 -w3 |
    awk '$1 - $2 > 40 {bad = 1} END {exit bad || NR != 160 * 120}'
}

# gettext answers in English wherever the locale is called C.
installed_translation() (
  . "$source_root/tests/i18n/german-locale.sh"
  german_locale "$work/locales" || exit 0
  ! "$work/prefix/bin/pentimento" paint 2>"$work/said" &&
    grep -q "ist nicht bekannt" "$work/said"
)

same_in_docs() {
  awk '/^```c$/ {on = 1; next} /^```$/ {on = 0} on' \
    "$source_root/docs/embedding.md" |
    cmp - "$source_root/docs/examples/remove-object.c"
}

echo "1..7"
check "the library installs without GIMP" install_library
libdir=$(dirname "$(find "$work/prefix" -name 'libpentimento.so' | head -n 1)")
export PKG_CONFIG_PATH="$libdir/pkgconfig"
check "one public header" one_header
check "the example builds with pkg-config" build_example
make_picture
check "the example runs" run_example
check "the object is gone" red_is_gone
check "the installed command speaks German" installed_translation
check "docs/embedding.md shows this example" same_in_docs
