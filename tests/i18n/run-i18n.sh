#!/bin/sh
# SPDX-License-Identifier: LGPL-3.0-or-later
# The command and the engine in German, with the translations of the build.
# usage: run-i18n.sh PENTIMENTO DATA_DIR PO_BUILD_DIR
set -u
pentimento=$1
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/data" "$work/home/catalog"
ln -s "$2/catalog" "$work/data/catalog"
ln -s "$3" "$work/data/locale"
export PENTIMENTO_DATA="$work/data"
export PENTIMENTO_HOME="$work/home"
number=0

# What a user may add: nothing to translate, and a help that is empty.
cat >"$work/home/catalog/plain.json" <<'EOF'
{
  "id": "plain", "name": "Plain", "backend": "fill",
  "operations": ["remove"], "license": "MIT",
  "parameters": [
    { "name": "own", "type": "number", "default": 0.5, "min": 0.25, "max": 1,
      "label": "Own", "unit": "furlongs" }
  ]
}
EOF

result () {
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $number - $2"
  else
    sed 's/^/# /' "$work/stdout" "$work/stderr"
    echo "not ok $number - $2"
  fi
}

run () {
  "$pentimento" "$@" >"$work/stdout" 2>"$work/stderr"
}

# says NAME TEXT: standard output or error of the last command
says () {
  cat "$work/stdout" "$work/stderr" | grep -qF -- "$2"
  result $? "$1"
}

never_says () {
  ! cat "$work/stdout" "$work/stderr" | grep -qF -- "$2"
  result $? "$1"
}

picture () {
  awk -v w="$2" -v h="$3" "BEGIN {
    print \"P3\\n\" w \" \" h \"\\n255\"
    for (y = 0; y < h; y++) for (x = 0; x < w; x++) print $4
  }" >"$1"
}

. "$here/german-locale.sh"
if [ ! -e "$3/de/LC_MESSAGES/pentimento.mo" ]; then
  echo "1..0 # SKIP the translations are not built (msgfmt is missing)"
  exit 0
fi

LC_ALL=C.UTF-8 LANGUAGE=de run models
says "without a language English is spoken" "How soft the edge of the new part"

if ! german_locale "$work/locales"; then
  echo "1..$number # no German locale and no C.UTF-8 to make one from"
  exit 0
fi
picture "$work/in.ppm" 96 80 '(x > 40 && x < 56) ? "255 0 0" : "128 128 128"'
picture "$work/mask.pgm" 96 80 '(x > 36 && x < 60) ? "255 255 255" : "0 0 0"'

run models
says "help of a manifest" "Wie weich die Kante des neuen Teils ist."
says "name of a model" "patch-fill: Füllen aus der Umgebung (ohne Download)"
says "a user's own texts stay as they are" "furlongs"
says "numbers are as --set reads them" "0.25..1"
never_says "an empty help is empty" "Project-Id-Version"

run estimate remove --in "$work/in.ppm" --mask "$work/mask.pgm" --set feather=x
says "an error of the command" "»x«, muss aber eine Zahl sein."
run estimate remove --in "$work/in.ppm" --mask "$work/mask.pgm" \
  --set iterations=0
says "an error of the engine" "»iterations« ist 0; das Modell »patch-fill«"
run estimate remove --in "$work/in.ppm"
says "operations have their names" "was »Objekt entfernen« bearbeiten soll"
run estimate remove --in "$work/in.ppm" --mask "$work/mask.pgm" \
  --set count=1 --set seed=1
says "a plural with one" "1 Bild auf einer Leinwand von 96 × 80 px"
run estimate remove --in "$work/in.ppm" --mask "$work/mask.pgm" --set count=2
says "a plural with two" "2 Bilder auf einer Leinwand"

run run remove --in "$work/in.ppm" --mask "$work/mask.pgm" \
  --out "$work/out.ppm" --set feather=1.5 --set seed=1 --json
says "what scripts read has no language: timings" \
  '"Filling from the surroundings":'
says "what scripts read has no language: timings of the command" '"Loading":'
says "what scripts read has no language: numbers" '"feather":	1.5'
says "the new layer's name has" '"name":	"Objekt entfernen'

echo "1..$number"
