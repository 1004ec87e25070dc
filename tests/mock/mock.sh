# shellcheck shell=sh disable=SC2034,SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# mock.sh: starts a mock server for a test in shell; needs $mock_server (the
# program) and $work (a folder).  It ends with the script.

# mock_start ARGUMENT...: sets $mock, $other, $control, and with --tls $tls,
# $tls_other, $tls_wrong and $ca.
mock_start() {
  rm -f "$work/mock-in"
  mkfifo "$work/mock-in"
  "$mock_server" "$@" <"$work/mock-in" >"$work/mock-out" 9<&- &
  mock_pid=$!
  exec 9>"$work/mock-in"
  until grep -q '^ready$' "$work/mock-out"; do
    kill -0 "$mock_pid" 2>/dev/null || return 1
    sleep 0.05
  done
  mock=$(mock_url mock)
  other=$(mock_url other)
  control=$(mock_url control)
  tls=$(mock_url tls)
  tls_other=$(mock_url tls-other)
  tls_wrong=$(mock_url tls-wrong)
  ca=$(sed -n 's/^tls: .* ca=//p' "$work/mock-out")
}

# mock_url NAME: an address that was printed.
mock_url() {
  sed -n "s/^$1: \([^ ]*\).*/\1/p" "$work/mock-out"
}

# mock_listen SERVICE: the address of --listen SERVICE=PORT.
mock_listen() {
  sed -n "s/^listen: $1 //p" "$work/mock-out"
}

# mock_post NAME JSON, mock_get NAME: /__mock/NAME; prints the answer.
mock_post() {
  python3 -c 'import sys, urllib.request as u
print(u.urlopen(u.Request(sys.argv[1], sys.argv[2].encode())).read().decode())
' "$control/__mock/$1" "$2"
}

mock_get() {
  python3 -c 'import sys, urllib.request as u
print(u.urlopen(sys.argv[1]).read().decode())' "$control/__mock/$1"
}

# mock_stop: ends it.
mock_stop() {
  exec 9>&-
  wait "$mock_pid"
}
