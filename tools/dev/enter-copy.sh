#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-3.0-or-later
# enter-copy.sh ROOT CHECKOUT COMMAND...: as enter.sh, where mounting is not
# allowed: copies the checkout and the named files to the same paths in ROOT,
# and afterwards copies out what is new.
set -eu -o pipefail

root=$1
top=$2
shift 2
# shellcheck source=tools/dev/paths.sh
. "$(dirname "$0")/paths.sh"

# Folders of results: the current one and those of the arguments.
result_folders () {
  local path
  wanted_paths "$@" | while IFS= read -r path; do
    case $path in
      "$top" | "$HOME") continue ;;
    esac
    [ -d "$path" ] || path=${path%/*}
    [ -z "$path" ] || printf '%s\n' "$path"
  done | sort -u
}

# The checkout, without old build folders and history; those of the root
# stay, and files that were deleted outside are deleted inside.
copy_checkout () {
  mkdir -p "$root$top"
  find "$root$top" -mindepth 1 -maxdepth 1 ! -name 'build*' \
    -exec rm -rf {} +
  tar -C "$top" --exclude=./.git --exclude='./build*' -cf - . \
    | tar -C "$root$top" -xf -
}

# Files among the arguments, and the folders that the tests read.
copy_wanted () {
  local path
  wanted_paths "$@" | while IFS= read -r path; do
    case $path in
      "$top"/* | /dev/* | /proc/* | /sys/*) continue ;;
    esac
    if [ -f "$path" ]; then
      mkdir -p "$root${path%/*}"
      cp -pL "$path" "$root$path"
    fi
  done
  for path in "$top/../shared" "${PENTIMENTO_GOLDEN:-}" \
    "${PENTIMENTO_SHARED:-}" "${PENTIMENTO_HOME:-}"; do
    [ -d "$path" ] || continue
    path=$(readlink -f "$path")
    mkdir -p "$root$path"
    cp -rpLu "$path/." "$root$path/"
  done
  if [ -L "$top/../shared" ]; then
    ln -sfn "$(readlink -f "$top/../shared")" "$root${top%/*}/shared"
  fi
}

# copy_new FOLDER DEPTH: files written since the start, to the host.
copy_new () {
  [ -d "$root$1" ] || return 0
  (cd "$root$1" && find . -maxdepth "$2" -type f -newer "$stamp" \
    ! -path './build*' ! -path '*/.git/*' -print0) \
    | tar -C "$root$1" --null -T - -cf - | tar -C "$1" -xf -
}

copy_checkout
copy_wanted "$@"
result_folders "$@" | while IFS= read -r path; do
  mkdir -p "$root$path"
done
mkdir -p "$root$HOME" "$root$PWD" "$root/tmp"
stamp=$(mktemp)
trap 'rm -f "$stamp"' EXIT

status=0
(start_in_root "$@") || status=$?

copy_new "$top" 99
for path in "$root$top"/build*/log; do
  [ ! -d "$path" ] || {
    mkdir -p "${path#"$root"}"
    cp -rpu "$path/." "${path#"$root"}/"
  }
done
result_folders "$@" | while IFS= read -r path; do
  is_system "$(echo "${path#/}" | cut -d/ -f1)" || copy_new "$path" 2
done
exit "$status"
