# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# Messages, phases with a log, locks.

say () {
  printf 'dev: %s\n' "$*" >&2
}

fail () {
  say "$*"
  exit 1
}

fail_usage () {
  say "$*"
  exit 2
}

# phase NAME LOG COMMAND...: one line on the terminal, the rest in LOG; after
# a failure the end of LOG and its path.  Returns the status of COMMAND.
phase () {
  local name=$1 log=$2 start=$SECONDS status=0
  shift 2
  mkdir -p "$(dirname "$log")"
  if [ -t 2 ]; then
    printf 'dev: %s ... ' "$name" >&2
  fi
  "$@" > "$log" 2>&1 < /dev/null 9>&- || status=$?
  if [ ! -t 2 ]; then
    printf 'dev: %s ... ' "$name" >&2
  fi
  if [ "$status" -eq 0 ]; then
    printf '%d s\n' $((SECONDS - start)) >&2
    return 0
  fi
  printf 'failed after %d s\n' $((SECONDS - start)) >&2
  tail -n 25 "$log" | sed 's/^/  | /' >&2
  say "The whole log: $log"
  return "$status"
}

# quiet_phase: as phase(), but silent when it succeeds within two seconds.
quiet_phase () {
  local name=$1 log=$2 start=$SECONDS status=0
  shift 2
  mkdir -p "$(dirname "$log")"
  "$@" > "$log" 2>&1 < /dev/null 9>&- || status=$?
  if [ "$status" -ne 0 ]; then
    say "$name ... failed"
    tail -n 25 "$log" | sed 's/^/  | /' >&2
    say "The whole log: $log"
  elif [ $((SECONDS - start)) -gt 2 ]; then
    say "$name ... $((SECONDS - start)) s"
  fi
  return "$status"
}

# lock FILE: one ./dev at a time; held until the process ends or unlock().
lock () {
  mkdir -p "$(dirname "$1")" 2> /dev/null \
    || fail "The folder $(dirname "$1") can't be made; is it writable?"
  exec 9> "$1"
  if ! flock -n 9; then
    say "Waiting for another ./dev that uses the same folder"
    flock 9
  fi
}

unlock () {
  exec 9>&-
}

# need_space FOLDER MIB: ends with a sentence when less is free.
need_space () {
  local free
  free=$(df -Pk "$1" | awk 'NR == 2 { print int($4 / 1024) }')
  [ "$free" -ge "$2" ] || fail "$1 has $free MiB free and $2 MiB are needed;" \
    "free some space or set XDG_CACHE_HOME to a folder on a larger disk."
}
