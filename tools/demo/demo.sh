#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-3.0-or-later
# demo.sh GIMP-CONSOLE OUT SELECT PHOTO: runs demo.scm; ./dev demo calls it
# with the plug-in built and GIMP3_DIRECTORY set.  SELECT is "X,Y,W,H" in
# percent of the picture, PHOTO a file; either may be empty.
set -eu -o pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
console=$1
out=$2
select=$3
photo=$4

fail () {
  printf 'dev: %s\n' "$*" >&2
  exit 1
}

# GIMP's own picture, and what to remove from it: the sun, a star.
splash () {
  local version data
  version=$("$console" --version | grep -oE '[0-9]+\.[0-9]+' | head -n 1)
  data=$(pkg-config --variable=gimpdatadir gimp-3.0)
  photo=$data/images/gimp-splash.png
  [ -f "$photo" ] || fail "GIMP's splash image is not at $photo;" \
    "name a photo: ./dev demo PHOTO"
  case $version in
    3.0) select=${select:-70,26.5,9.7,19} ;;
    3.2) select=${select:-25,65,9.5,17} ;;
  esac
}

scheme_string () {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/["\\]/\\&/g')"
}

[ -n "$photo" ] || splash
# Without better knowledge: the middle of the picture.
select=${select:-42,42,16,16}
number='[0-9]+(\.[0-9]+)?'
[[ $select =~ ^$number(,$number){3}$ ]] \
  || fail "--select takes four percentages, such as 42,42,16,16."

mkdir -p "$out" || fail "The folder $out can't be made; choose one with --out."
out=$(realpath "$out")
name=$(basename "$photo")
prefix=$out/${name%.*}
log=$prefix.log

expression="(begin
  (define demo-photo $(scheme_string "$(realpath "$photo")"))
  (define demo-prefix $(scheme_string "$prefix"))
  (define demo-select '(${select//,/ }))
  (define demo-folder $(scheme_string "$here/"))
  (load $(scheme_string "$here/demo.scm")))"

status=0
stdbuf -oL "$console" -i --quit \
  --batch-interpreter=plug-in-script-fu-eval -b "$expression" \
  2>&1 < /dev/null | tee "$log" | sed -un 's/^@ //p' || status=$?
if [ "$status" -ne 0 ]; then
  grep -iE 'error|pentimento' "$log" | grep -v '^@' | sed 's/^/  | /' >&2
  fail "The demo did not finish; the whole log: $log"
fi
rm -f "$log"
