# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# models-keys.sh: what run-ui-tests presses for models.scm; serves a model.

models () {
  window '^Models$'
}

# search TEXT: typed into the field; the list gets the keys again.
search () {
  keys ctrl+f && text "$1" && sleep 0.5 && keys Return
}

# has_size FILE BYTES: waits for that of a file below models/.
has_size () {
  for _ in $(seq 300); do
    [ "$(stat -c %s "$work/user/models/$1" 2>/dev/null)" != "$2" ] || return 0
    sleep 0.1
  done
  fail "$1 has not $2 bytes"
  return 1
}

# is_gone FILE: likewise.
is_gone () {
  for _ in $(seq 300); do
    [ -e "$work/user/models/$1" ] || return 0
    sleep 0.1
  done
  fail "$1 is still there"
  return 1
}

# serve NAME: a model NAME that can be downloaded; its first request gets half
# of it, and silence for a minute: until then keys are pressed without settling,
# since a bar that moves never does.
serve () {
  head -c 200000 /dev/urandom >"$work/$1"
  : >"$work/$1-requests"
  tail -f /dev/null --pid "$$" \
    | python3 "$here/../cli/file-server" "$work/$1" >"$work/$1-requests" 9>&- &
  while [ ! -s "$work/$1-requests" ]; do sleep 0.1; done
  cat >"$work/user/downloads/$1.json" <<OFFER
{
  "id": "$1", "name": "Paper $1", "kind": "lora", "license": "CC0-1.0",
  "license_url": "https://creativecommons.org/publicdomain/zero/1.0/",
  "about": "Makes everything look as if cut out of paper.",
  "files": [{
    "name": "lora/$1.safetensors", "role": "lora", "bytes": 200000,
    "url": "http://127.0.0.1:$(head -n 1 "$work/$1-requests")/$1",
    "sha256": "$(sha256sum "$work/$1" | cut -d ' ' -f 1)"
  }]
}
OFFER
}

# An embedding: the smallest file that is a model.
make_style () {
  printf '\102\000\000\000\000\000\000\000' >"$1"
  printf '{"emb_params":{"dtype":"F32","shape":[1,4],"data_offsets":[0,16]}}' \
    >>"$1"
  head -c 16 /dev/zero >>"$1"
}

drive () {
  mkdir -p "$work/user/downloads" "$work/comfy/models/loras"
  serve first
  serve second
  make_style "$work/style.safetensors"
  cp "$work/style.safetensors" "$work/comfy/models/loras/other.safetensors"
  wait_for download && models && shot models && search 'paper first' \
    && shot models-offer && xdotool key alt+d \
    && has_size lora/first.safetensors.part 100000 && sleep 0.5 \
    && shot models-downloading && keys alt+p && sleep 1.5 && settle \
    && shot models-paused && keys alt+r \
    && has_size lora/first.safetensors 200000 && sleep 0.5 && settle \
    && shot models-installed \
    && keys alt+r && window '^Remove Model$' && shot models-remove \
    && keys Return && models && has_size lora/first.safetensors 200000 \
    && keys alt+r && window '^Remove Model$' && keys alt+d \
    && is_gone lora/first.safetensors && models && keys Escape || return
  wait_for add && models && keys alt+a && window '^Add Model File$' \
    && text "$work/style.safetensors" && shot models-add && keys Return \
    && has_size embeddings/style.safetensors 90 && models && sleep 0.5 \
    && settle && shot models-added \
    && keys alt+f && window '^Folders of Other Programs$' && keys alt+a \
    && window '^Folder of Another Program$' && text "$work/comfy" \
    && keys Return && window '^Folders of Other Programs$' \
    && shot models-folders && keys alt+o && models && sleep 1 && settle \
    && search other && shot models-external && keys Escape || return
  grep -q comfy "$work/user/config.json" \
    || { fail "the folder is not kept"; return 1; }
  wait_for close && models && search 'paper second' && xdotool key alt+d \
    && has_size lora/second.safetensors.part 100000 && xdotool key Escape \
    && find_window '^Stop Downloads$' && shot models-close && keys alt+s \
    || return
  has_size lora/second.safetensors.part 100000 || return
}
