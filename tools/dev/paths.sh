# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# What the two ways to enter a root share: which paths matter, and how the
# command is started.

# Folders that are the root's own.
is_system () {
  case $1 in
    bin | boot | dev | etc | lib* | lost+found | proc | run | sbin | sys \
      | usr | var) return 0 ;;
  esac
  return 1
}

# wanted_paths ARGUMENT...: absolute paths, one a line, that the command may
# use: the checkout, ../shared, the current folder, files among the arguments
# (also as --option=FILE or NAME=FILE) and in PENTIMENTO_ variables.
wanted_paths () {
  local word
  printf '%s\n' "$top" "$PWD" "$HOME"
  [ ! -e "$top/../shared" ] || readlink -f "$top/../shared"
  for word in "$@" "${PENTIMENTO_GOLDEN:-}" "${PENTIMENTO_SHARED:-}" \
    "${PENTIMENTO_HOME:-}" "${XAUTHORITY:-}"; do
    existing_path "$word"
    existing_path "${word#*=}"
  done | sort -u
}

# The path itself if it or at least its folder exists, links resolved too.
existing_path () {
  local path=$1
  case $path in
    '' | *$'\n'*) return 0 ;;
    /*) ;;
    *) path=$PWD/$path ;;
  esac
  if [ -e "$path" ] || { [[ $1 == */* ]] && [ -d "${path%/*}" ]; }; then
    realpath -s "$path"
    readlink -f "$path"
  fi
}

# start_in_root COMMAND...: replaces this process.  The environment goes
# along, except for what points at the host's own libraries and tools.
start_in_root () {
  cat /etc/resolv.conf > "$root/etc/resolv.conf" 2> /dev/null || true
  cat /etc/hosts > "$root/etc/hosts" 2> /dev/null || true
  exec env -u LD_LIBRARY_PATH -u LD_PRELOAD -u PYTHONPATH -u PYTHONHOME \
    -u PKG_CONFIG_PATH -u PKG_CONFIG_LIBDIR -u CC -u CXX -u CFLAGS \
    -u CXXFLAGS -u LDFLAGS -u XDG_DATA_DIRS -u XDG_CONFIG_DIRS \
    -u GI_TYPELIB_PATH -u GIO_MODULE_DIR -u GTK_PATH -u LANGUAGE -u LC_CTYPE \
    -u GSETTINGS_SCHEMA_DIR -u BASH_ENV -u ENV -u TMPDIR \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 LC_ALL=C.UTF-8 \
    chroot "$root" sh -c 'cd "$1" && shift && exec "$@"' sh "$PWD" "$@"
}
