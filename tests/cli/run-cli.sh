#!/bin/sh
# SPDX-License-Identifier: LGPL-3.0-or-later
# The contract of the `pentimento` command: files, exit status, messages.
# usage: run-cli.sh PENTIMENTO DATA_DIR
set -u
pentimento=$1
export PENTIMENTO_DATA=$2
export LC_ALL=C.UTF-8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PENTIMENTO_HOME="$work/home"
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

square='(x >= 60 && x < 90 && y >= 40 && y < 70)'
picture "$work/in.ppm" 160 120 "$square ? \"255 0 0\" : \"128 128 128\""
picture "$work/mask.ppm" 160 120 "$square ? \"255 255 255\" : \"0 0 0\""
picture "$work/empty.ppm" 160 120 '"0 0 0"'
picture "$work/full.ppm" 160 120 '"255 255 255"'
{
  printf 'P6\n160 120\n255\n'
  head -c 57600 /dev/urandom
} >"$work/noise.ppm"
picture "$work/small.ppm" 16 12 '"255 255 255"'
printf 'not a picture' >"$work/text.png"
in="$work/in.ppm"
mask="$work/mask.ppm"
out="$work/out.ppm"

expect 0 "--version" --version
expect 0 "--help" --help
expect 2 "no verb is wrong usage"
expect 2 "an unknown verb is wrong usage" frobnicate
expect 2 "an unknown option is wrong usage" run remove --frobnicate
expect 2 "no --in is wrong usage" run remove --out "$out"
expect 2 "no --out is wrong usage" run remove --in "$in"
expect 2 "--set without = is wrong usage" \
  run remove --in "$in" --out "$out" --set seed
expect 2 "an argument too many is wrong usage" \
  run remove "$in" --in "$in" --out "$out"

expect 0 "presets" presets
prints "presets lists them by category" "Drawing and Painting"
expect 0 "presets, searched" presets --search "WATER paper" --operation fill
prints "finds by words of the template" "watercolor"
holds "and nothing else" test "$(grep -c '^  [a-z]' "$work/stdout")" -eq 1
expect 0 "presets --json" presets --json --search film-look
prints "presets --json has the template" '"prompt":.*<prompt>, photograph'
expect 1 "presets of no operation" presets --operation polish
says "names it" "polish"
expect 2 "--export without a file is wrong usage" presets --export film-look
expect 2 "two things at once are wrong usage" \
  presets --import a --remove b
expect 0 "a preset to a file" presets --export film-look "$work/film.json"
expect 1 "but never over one" presets --export film-look "$work/film.json"
one_line_error "one sentence"
expect 1 "nor over a preset" presets --import "$work/film.json"
says "tells what to do" "--replace"
sed 's/film-look/my-film/' "$work/film.json" >"$work/my-film.json"
expect 0 "a preset from a file" presets --import "$work/my-film.json"
expect 0 "is there" presets --json --search my-film
prints "as the user's own" '"own":.*true'
expect 1 "a device is no preset" presets --import /dev/null
sed 's/film-look/..\/film/' "$work/film.json" >"$work/path.json"
expect 1 "an id with a path" presets --import "$work/path.json"
says "tells file, line and id" "path.json, line 2, column .*\.\./film"
expect 0 "one of the user's goes" presets --remove my-film
expect 1 "one of ours stays" presets --remove film-look
expect 1 "an unknown preset" estimate generate --model flux_schnell \
  --set prompt=x --set preset=film-lok
says "names a similar one" "film-lok.*film-look"
expect 1 "a preset of another operation" estimate generate \
  --model flux_schnell --set prompt=x --set preset=edit-season
one_line_error "one sentence"

expect 0 "models" models
prints "models names the fill" "patch-fill"
expect 0 "models --json" models --json
prints "models --json lists parameters" '"seed"'

expect 0 "remove" run remove --in "$in" --mask "$mask" --out "$out" \
  --set seed=7
tail -c 57600 "$out" | od -An -v -tu1 -w3 >"$work/bytes"
awk '$1 - $2 > 40 {bad = 1} END {exit bad || NR != 160 * 120}' "$work/bytes"
result $? "the object is gone"
expect 0 "the same again" run remove --in "$in" --mask "$mask" \
  --out "$work/again.ppm" --set seed=7
cmp "$out" "$work/again.ppm" >"$work/stdout" 2>&1
result $? "same seed, same pixels"
expect 0 "remove --json" run remove --in "$in" --mask "$mask" --out "$out" \
  --set seed=7 --json
prints "--json has the seed" '"seed":.*7'
prints "--json has timings" '"timings"'
prints "--json has the peak memory" '"peak_memory"'
prints "--json has the recipe" '"recipe"'
expect 0 "two candidates" run remove --in "$in" --mask "$mask" --out "$out" \
  --set count=2
holds "the second candidate has a file of its own" \
  test -s "$work/out-2.ppm"
expect 0 "16-bit PNG out of 8 bits stays 8 bits" \
  run remove --in "$in" --mask "$mask" --out "$work/out.png"
holds "the PNG has 8 bits per sample" \
  test "$(od -An -tu1 -j24 -N1 "$work/out.png" | tr -d ' ')" = 8

expect 0 "expand" run expand --in "$in" --out "$work/wide.ppm" --set right=40
head -c 20 "$work/wide.ppm" | grep -q '200 120'
result $? "the canvas has grown by 40 px"
expect 0 "expand to an aspect" run expand --in "$in" \
  --out "$work/wide.ppm" --set aspect=16:9
prints "what was asked and what was made" "16:9.*213 × 120"

expect 0 "estimate" estimate remove --in "$in" --mask "$mask"
expect 0 "estimate --json" estimate expand --in "$in" --set left=10 --json
prints "estimate gives the canvas" '"width":.*170'

rm -f "$out"
expect 1 "no mask" run remove --in "$in" --out "$out"
one_line_error "one sentence"
expect 1 "an empty mask" run remove --in "$in" --mask "$work/empty.ppm" \
  --out "$out"
one_line_error "one sentence"
expect 1 "a mask that covers everything" \
  run remove --in "$in" --mask "$work/full.ppm" --out "$out"
one_line_error "one sentence"
expect 1 "a mask of another size" \
  run remove --in "$in" --mask "$work/small.ppm" --out "$out"
says "names both sizes" "16 x 12 px.*160 x 120 px"
expect 1 "a missing file" run remove --in "$work/none.png" --mask "$mask" \
  --out "$out"
says "names the file" "none.png"
expect 1 "a file that is no picture" run remove --in "$work/text.png" \
  --mask "$mask" --out "$out"
says "names the file" "text.png"
expect 1 "an unknown ending" run remove --in "$in" --mask "$mask" \
  --out "$work/out.xyz"
says "names the ending" "out.xyz"
expect 1 "an unknown operation" run polish --in "$in" --out "$out"
expect 1 "an unknown model" run remove --in "$in" --mask "$mask" \
  --out "$out" --model nothing-like-it
says "names the model" "nothing-like-it"
expect 1 "an unknown setting" run remove --in "$in" --mask "$mask" \
  --out "$out" --set colour=red
says "names the setting" "colour"
expect 1 "a setting out of range" run remove --in "$in" --mask "$mask" \
  --out "$out" --set count=99
says "names value and range" "count.*99.*8"
expect 1 "all problems at once" run remove --in "$in" --mask "$mask" \
  --out "$out" --set count=99 --set iterations=0
says "the first" "count"
says "and the second" "iterations"
expect 1 "a setting of the wrong type" run remove --in "$in" --mask "$mask" \
  --out "$out" --set seed=blue
says "names the setting" "seed.*blue"
expect 1 "expand by nothing" run expand --in "$in" --out "$out"
expect 1 "a malformed aspect" run expand --in "$in" --out "$out" \
  --set aspect=wide
expect 1 "too little memory" run remove --in "$in" --mask "$mask" \
  --out "$out" --memory 1
holds "no failure has left a file" test ! -e "$out"

expect 0 "remove, once more" run remove --in "$in" --mask "$mask" \
  --out "$work/silent.ppm"
holds "success is silent on standard error" test ! -s "$work/stderr"
holds "8 bits in, 8 bits out" test "$(wc -c <"$work/silent.ppm")" -lt 60000
{
  printf 'P5\n160 120\n255\n'
  head -c 19200 /dev/urandom
} >"$work/gray.pgm"
expect 0 "gray to JPEG" run remove --in "$work/gray.pgm" --mask "$mask" \
  --out "$work/gray.jpg"
od -An -v -tx1 "$work/gray.jpg" | tr -d ' \n' >"$work/stdout"
prints "gray stays gray: the JPEG has one component" ffc2000b08
expect 1 "PGM can't be written" run remove --in "$work/gray.pgm" \
  --mask "$mask" --out "$work/gray-out.pgm"

picture "$work/tiny.ppm" 3 3 '"10 20 30"'
picture "$work/tiny-mask.ppm" 3 3 'x + y ? "0 0 0" : "255 255 255"'
expect 0 "growing leaves something to copy from" run remove \
  --in "$work/tiny.ppm" --mask "$work/tiny-mask.ppm" --out "$work/tiny-out.ppm"
expect 1 "unless the user says how far" run remove --in "$work/tiny.ppm" \
  --mask "$work/tiny-mask.ppm" --out "$work/tiny-out.ppm" --set grow=4
one_line_error "one sentence"
for threads in 1 3; do
  expect 0 "$threads threads" run remove --in "$work/noise.ppm" \
    --mask "$mask" --out "$work/threads-$threads.ppm" --set seed=3 \
    --threads $threads
done
cmp "$work/threads-1.ppm" "$work/threads-3.ppm" >"$work/stdout" 2>&1
result $? "any number of threads, the same pixels"

# Incomplete files: whatever the loaders make of them, the user must know.
for ending in png jpg tif hdr ppm; do
  whole="$work/whole.$ending"
  expect 0 "write $ending" run remove --in "$in" --mask "$mask" --out "$whole"
  head -c $(($(wc -c <"$whole") * 9 / 10)) "$whole" >"$work/part.$ending"
  expect 1 "an incomplete $ending" run remove --in "$work/part.$ending" \
    --mask "$mask" --out "$work/never.png"
  one_line_error "one sentence"
  says "names the file" "part.$ending"
done
holds "no file of what was incomplete" test ! -e "$work/never.png"
printf '\377\330\377\340\000\020JFIF junk junk junk \377\333\377\331' \
  >"$work/junk.jpg"
expect 1 "a JPEG of junk" run remove --in "$work/junk.jpg" --mask "$mask" \
  --out "$work/never.png"
one_line_error "one sentence"

# A full disk: no write beyond 8 KiB succeeds.
full_disk() (
  trap '' XFSZ
  ulimit -f 16
  "$pentimento" run remove --in "$work/noise.ppm" --mask "$mask" \
    --out "$1" 2>"$work/stderr"
)
for ending in png jpg tif hdr ppm; do
  full_disk "$work/big.$ending"
  holds "a full disk fails: $ending" test $? -eq 1
  one_line_error "one sentence"
  holds "and leaves no $ending" test ! -e "$work/big.$ending"
done

# Interrupted while it works: ends soon, leaves nothing.
mkdir "$work/stopped"
"$pentimento" run remove --in "$work/noise.ppm" --mask "$mask" \
  --out "$work/stopped/out.png" --set count=8 --set iterations=50 \
  --set grow=25 >"$work/stdout" 2>"$work/stderr" &
job=$!
tries=0
while [ -z "$(ls -A "$work/stopped")" ] && [ $tries -lt 300 ]; do
  tries=$((tries + 1))
  sleep 0.1
done
kill -INT $job
wait $job
holds "interrupted: exit status 1" test $? -eq 1
says "says that it was stopped" "stopped"
one_line_error "one sentence"
holds "an interrupted run leaves nothing" test -z "$(ls -A "$work/stopped")"
mkdir "$work/folder.png"
expect 1 "the result is a folder" run remove --in "$in" --mask "$mask" \
  --out "$work/stopped.png/"

# Enhance and upscale.
enhance_and_upscale () {
  expect 0 "enhance" run enhance --in "$in" --out "$out" --set denoise=0.3
  head -c 20 "$out" | grep -q '160 120'
  result $? "enhancing keeps the size"
  expect 0 "enhance by what is not there" run enhance --in "$in" \
    --out "$work/other.png" --set denoise=0.3 --compute no-such-card
  prints "tells that the CPU was used" "no-such-card"
  expect 0 "enhance by nothing" run enhance --in "$work/noise.ppm" \
    --out "$work/same.ppm" --set denoise=0 --set sharpen=0
  tail -c 57600 "$work/noise.ppm" >"$work/noise-bytes"
  tail -c 57600 "$work/same.ppm" | cmp - "$work/noise-bytes" \
    >"$work/stdout" 2>&1
  result $? "nothing asked for, nothing changed"
  expect 0 "upscale" run upscale --in "$in" --out "$out" --set factor=2
  head -c 20 "$out" | grep -q '320 240'
  result $? "twice the size"
  expect 0 "upscale by a fraction" run upscale --in "$in" --out "$out" \
    --set factor=1.3
  head -c 20 "$out" | grep -q '208 156'
  result $? "1.3 times the size"
  expect 0 "upscale into a box" run upscale --in "$in" --out "$out" \
    --set width=200 --set height=200
  prints "what was asked and what was made" "200 × 200.*200 × 150"
  expect 0 "upscale and crop" run upscale --in "$in" --out "$out" \
    --set width=200 --set height=200 --set crop-to-fill=true
  head -c 20 "$out" | grep -q '200 200'
  result $? "exactly that size"
  expect 0 "upscale a selection" run upscale --in "$in" --mask "$mask" \
    --out "$out" --set factor=2
  head -c 20 "$out" | grep -q '320 240'
  result $? "the rest is scaled with it"
  expect 0 "upscale to a layer" run upscale --in "$in" --out "$out" \
    --set target=layer --set factor=3
  head -c 20 "$out" | grep -q '480 360'
  result $? "the file is the layer"
  {
    printf 'P6\n40 30\n65535\n'
    head -c 7200 /dev/urandom
  } >"$work/deep.ppm"
  expect 0 "16 bits" run upscale --in "$work/deep.ppm" --out "$work/deep.png"
  holds "16 bits in, 16 bits out" \
    test "$(od -An -tu1 -j24 -N1 "$work/deep.png" | tr -d ' ')" = 16
  expect 0 "write a JPEG" run enhance --in "$in" --out "$work/dpi.jpg"
  printf '\001\001\054\001\054' \
    | dd of="$work/dpi.jpg" bs=1 seek=13 conv=notrunc 2>/dev/null
  expect 0 "300 dpi from JPEG to PNG" run upscale --in "$work/dpi.jpg" \
    --out "$work/dpi.png"
  od -An -v -tx1 "$work/dpi.png" | tr -d ' \n' >"$work/stdout"
  prints "300 dpi in the PNG" 7048597300002e2300002e2301
  expect 0 "from PNG to PNG" run enhance --in "$work/dpi.png" \
    --out "$work/dpi-2.png"
  od -An -v -tx1 "$work/dpi-2.png" | tr -d ' \n' >"$work/stdout"
  prints "and in the next one" 7048597300002e2300002e2301
  expect 1 "a factor out of range" run upscale --in "$in" --out "$out" \
    --set factor=5
  says "names value and range" "factor.*5.*1 to 4"
  expect 1 "what the model can't do" run upscale --in "$in" --out "$out" \
    --model upscale-cgi --set fix-compression=0.5
  says "names both" "upscale-cgi.*fix-compression"
  one_line_error "one sentence"

  # Networks of the user's.
  mkdir -p "$work/home/models/upscalers"
  cp "$PENTIMENTO_DATA/nets/upscale-2x.onnx" \
    "$work/home/models/upscalers/My 2x.onnx"
  printf 'junk' >"$work/home/models/upscalers/bad.onnx"
  expect 0 "a network of the user's" models
  prints "is listed with its scale" "upscaler-my-2x.*My 2x.onnx (2x)"
  says "and a bad one with the reason" "bad.onnx"
  expect 0 "and can be used" run upscale --in "$in" --out "$out" \
    --model upscaler-my-2x
  expect 0 "a network by its file" run upscale --in "$in" --out "$out" \
    --model "$PENTIMENTO_DATA/nets/upscale-3x.onnx" --set factor=3
  head -c 20 "$out" | grep -q '480 360'
  result $? "three times the size"
  expect 1 "a file that is no network" run upscale --in "$in" --out "$out" \
    --model "$work/home/models/upscalers/bad.onnx"
  says "names the file" "bad.onnx"
  expect 1 "a file that is not there" run upscale --in "$in" --out "$out" \
    --model "$work/none.onnx"
  says "names the file" "none.onnx"
  rm -r "$work/home/models"
}
if "$pentimento" run enhance --in "$in" --out "$out" >"$work/stdout" \
  2>"$work/stderr" || ! grep -q "ONNX Runtime" "$work/stderr"; then
  enhance_and_upscale
else
  number=$((number + 1))
  echo "ok $number - enhance and upscale # SKIP no ONNX Runtime here"
fi

rm -rf "$work/home/history"
expect 0 "an empty history" history
holds "prints nothing" test ! -s "$work/stdout"
expect 0 "a run for the history" run remove --in "$in" --mask "$mask" \
  --out "$out" --set seed=11
expect 0 "history" history
prints "lists operation and model" "remove .*patch-fill"
id=$(cut -d ' ' -f 1 "$work/stdout")
expect 0 "history --json" history --json
prints "--json has the recipe" '"recipe"'
expect 0 "history --search" history --search PATCH
prints "finds without regard to case" "$id"
expect 0 "history --search for what is not there" history --search teapot
holds "finds nothing" test ! -s "$work/stdout"
expect 0 "history --show" history --show "$id"
prints "prints the recipe" '"seed":11'
expect 1 "history --show of no entry" history --show ../../passwd
one_line_error "one sentence"
expect 2 "--show belongs to history" models --show "$id"
expect 2 "one thing at a time" history --show "$id" --clear
printf '{' >"$work/home/history/20200101-000000-000000-0000.json"
expect 0 "a broken entry is left out" history
says "and told" "20200101-000000-000000-0000"
prints "the others are listed" "$id"
expect 0 "history --delete" history --delete "$id"
expect 1 "history --delete again" history --delete "$id"
expect 0 "history --clear" history --clear
holds "nothing is left" test -z "$(ls "$work/home/history")"
printf '{"history": false}' >"$work/home/config.json"
expect 0 "a private run" run remove --in "$in" --mask "$mask" --out "$out"
holds "keeps nothing" test -z "$(ls "$work/home/history")"
rm "$work/home/config.json"
rmdir "$work/home/history"
printf '' >"$work/home/history"
expect 0 "a history that can't be written" \
  run remove --in "$in" --mask "$mask" --out "$out"
prints "is told, and the run is as good" "history"
rm "$work/home/history"

mkdir -p "$work/home/catalog"
printf '{\n  "id": "broken",\n  "name": 3\n}\n' \
  >"$work/home/catalog/broken.json"
expect 0 "a broken manifest of the user" models
says "names file and line" "broken.json.*line 3"
prints "and the rest still load" "patch-fill"
PENTIMENTO_DATA="$work/nowhere"
expect 1 "no manifests" models
one_line_error "one sentence"

echo "1..$number"
