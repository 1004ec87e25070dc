#!/bin/sh
# SPDX-License-Identifier: LGPL-3.0-or-later
# `pentimento store`: listing, downloading, adding, removing, other programs.
# usage: run-store.sh PENTIMENTO DATA_DIR
set -u
pentimento=$1
export PENTIMENTO_DATA=$2
export LC_ALL=C.UTF-8
work=$(mktemp -d)
server=
trap 'exec 3>&-; [ -z "$server" ] || wait "$server"; rm -rf "$work"' EXIT
export PENTIMENTO_HOME="$work/home"
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

# An embedding: the smallest file that is a model.
style="$work/style.safetensors"
header='{"emb_params":{"dtype":"F32","shape":[1,4],"data_offsets":[0,16]}}'
{
  printf '\102\000\000\000\000\000\000\000%s' "$header"
  head -c 16 /dev/zero
} >"$style"

expect 0 "store" store
prints "lists what can be downloaded" "yunet .*YuNet"
prints "with license and host" "githubusercontent.com, license MIT"
prints "and what comes with Pentimento" "shipped/restore-1x.onnx"
expect 0 "store --json" store --json
prints "tells the checksum" '"sha256":.*8f2383e4'
expect 2 "two things at once are wrong usage" store --add a --download b
expect 2 "its options with other verbs are wrong usage" models --sources
expect 2 "an argument is wrong usage" store yunet

expect 0 "an own file is added" store --add "$style"
prints "and where is told" "embeddings/style.safetensors"
expect 1 "but not twice" store --add "$style"
one_line_error "one sentence"
expect 0 "it is listed" store
prints "as installed" "embeddings/style.safetensors"
expect 0 "and removed" store --remove embeddings/style.safetensors
holds "from the disk" test ! -e \
  "$work/home/models/embeddings/style.safetensors"
expect 1 "what is not there can't be removed" store --remove ../home
one_line_error "one sentence"
printf 'x' >"$work/old.ckpt"
expect 1 "a pickle is refused" store --add "$work/old.ckpt"
says "with the reason" "PyTorch"

mkdir -p "$work/comfy/models/loras"
cp "$style" "$work/comfy/models/loras/other.safetensors"
expect 0 "a folder of another program" store --add-source "$work/comfy"
expect 0 "is listed" store --sources
prints "with its path" "$work/comfy"
expect 0 "and what is in it" store
prints "too" "comfy/models/loras/other.safetensors"
expect 1 "its models can't be removed" store --remove \
  "$work/comfy/models/loras/other.safetensors"
expect 0 "it is taken off the list" store --remove-source "$work/comfy"
expect 1 "once" store --remove-source "$work/comfy"
expect 1 "no folder" store --add-source "$work/nothing"
one_line_error "one sentence"

if ! command -v python3 >/dev/null; then
  echo "ok $((number + 1)) - downloads # SKIP python3 is missing"
  echo "1..$((number + 1))"
  exit 0
fi

# A download that is stopped by Ctrl+C, and gone on with.
head -c 200000 /dev/urandom >"$work/file"
mkfifo "$work/stop"
python3 "$(dirname "$0")/file-server" "$work/file" <"$work/stop" \
  >"$work/requests" &
server=$!
exec 3>"$work/stop"
while [ ! -s "$work/requests" ]; do sleep 0.1; done
mkdir -p "$work/home/downloads"
cat >"$work/home/downloads/mine.json" <<OFFER
{
  "id": "mine", "name": "Mine", "kind": "lora", "license": "CC0-1.0",
  "files": [{
    "name": "lora/mine.safetensors", "role": "lora", "bytes": 200000,
    "url": "http://127.0.0.1:$(head -n 1 "$work/requests")/mine",
    "sha256": "$(sha256sum "$work/file" | cut -d ' ' -f 1)"
  }]
}
OFFER
part="$work/home/models/lora/mine.safetensors.part"
# A program that is started in the background ignores Ctrl+C unless it is told
# otherwise; SIGTERM does the same here.
"$pentimento" store --download mine >"$work/stdout" 2>"$work/stderr" &
job=$!
for _ in $(seq 300); do
  [ "$(stat -c %s "$part" 2>/dev/null || echo 0)" -lt 100000 ] || break
  sleep 0.1
done
kill -TERM "$job"
wait "$job"
holds "a download that is stopped ends with 1" test $? -eq 1
says "tells that it goes on" "goes on from there"
holds "keeps what is there" test "$(stat -c %s "$part")" -eq 100000
expect 0 "it is listed" store
prints "with what is there" "100.0.*of it"
expect 0 "it is gone on with" store --download mine
holds "gives the same bytes" cmp "$work/file" \
  "$work/home/models/lora/mine.safetensors"
holds "asks for the rest only" grep -qx 'bytes=100000-' "$work/requests"
expect 0 "it is removed" store --remove mine
holds "with its file" test ! -e "$work/home/models/lora/mine.safetensors"
expect 1 "nothing is left to discard" store --discard mine
one_line_error "one sentence"
expect 1 "no such download" store --download nothing
one_line_error "one sentence"

echo "1..$number"
