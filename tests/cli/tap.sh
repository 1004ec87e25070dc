# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# tap.sh: runs the command and prints TAP; needs $pentimento and $work.

# Meson's malloc fills what it gives: GEGL takes 16 MiB and more at a time.
export MALLOC_PERTURB_=0

number=0

result() {
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $number - $2"
  else
    sed 's/^/# /' "$work/stdout" "$work/stderr"
    echo "not ok $number - $2"
  fi
}

# expect STATUS NAME ARGS...
expect() {
  status=$1
  name=$2
  shift 2
  "$pentimento" "$@" >"$work/stdout" 2>"$work/stderr"
  got=$?
  [ "$got" -eq "$status" ] || echo "exit status $got" >>"$work/stderr"
  holds "$name" test "$got" -eq "$status"
}

# says NAME PATTERN: the last command's standard error
says() {
  grep -q -- "$2" "$work/stderr"
  result $? "$1"
}

prints() {
  grep -q -- "$2" "$work/stdout"
  result $? "$1"
}

# holds NAME COMMAND...
holds() {
  name=$1
  shift
  "$@"
  result $? "$name"
}

one_line_error() {
  holds "$1" test "$(wc -l <"$work/stderr")" -eq 1
}

# picture FILE WIDTH HEIGHT AWK_EXPRESSION_OF_x_y
picture() {
  awk -v w="$2" -v h="$3" "BEGIN {
    print \"P3\\n\" w \" \" h \"\\n255\"
    for (y = 0; y < h; y++) for (x = 0; x < w; x++) print $4
  }" >"$1"
}
