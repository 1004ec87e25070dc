#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-3.0-or-later
# enter.sh ROOT CHECKOUT COMMAND...: runs COMMAND in ROOT with the host's
# folders at their own paths.  Runs in a private mount namespace: nothing
# needs unmounting, and the host sees none of it.
set -eu -o pipefail

root=$1
top=$2
shift 2
# shellcheck source=tools/dev/paths.sh
. "$(dirname "$0")/paths.sh"

bind_folder () {
  mkdir -p "$root$1"
  mount --rbind "$1" "$root$1"
}

# Every folder at the top that is no part of the system: users' files.
bind_top_level () {
  local path name
  for path in /*; do
    name=${path#/}
    if is_system "$name"; then
      continue
    elif [ -L "$path" ]; then
      [ -e "$root$path" ] || ln -s "$(readlink "$path")" "$root$path"
    elif [ -d "$path" ]; then
      bind_folder "$path"
    fi
  done
}

# Whether the root has nothing at a path, or only an earlier mount point.
is_free () {
  if [ -d "$root$1" ]; then
    [ -z "$(ls -A "$root$1")" ]
  else
    [ ! -s "$root$1" ]
  fi
}

# A path inside a system folder, such as /var/lib/x/y or /usr/src/x: its
# folder where the root has none, else the file alone.
bind_wanted () {
  local path=$1 name folder
  name=${path#/}
  is_system "${name%%/*}" || [ ! -d "$path" ] || return 0
  folder=$path
  [ -d "$path" ] || folder=${path%/*}
  case $folder in
    /dev* | /proc* | /sys*) ;;
    '' | /*)
      if [ -n "$folder" ] && is_free "$folder"; then
        bind_folder "$folder"
      elif [ -f "$path" ] && is_free "$path"; then
        touch "$root$path"
        mount --bind "$path" "$root$path"
      fi
      ;;
  esac
}

bind_top_level
for path in /var/tmp /var/home /run/user /run/media; do
  [ ! -d "$path" ] || [ -L "$path" ] || bind_folder "$path"
done
wanted_paths "$@" | while IFS= read -r path; do
  bind_wanted "$path"
done
shared=$(readlink -f "$top/../shared")
if [ -d "$shared" ] && [ -d "$root$shared" ]; then
  mount --bind "$shared" "$root$shared"
  mount -o remount,ro,bind "$root$shared" 2> /dev/null || true
fi
for path in /proc /sys /dev; do
  mount --rbind "$path" "$root$path"
done

start_in_root "$@"
