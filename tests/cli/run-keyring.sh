#!/bin/sh
# SPDX-License-Identifier: LGPL-3.0-or-later
# Keys of services in a real Secret Service: stored for one address, used there,
# forgotten.
# usage: run-keyring.sh PENTIMENTO DATA_DIR
set -u
pentimento=$1
export PENTIMENTO_DATA="$2"
export LC_ALL=C.UTF-8
work=$(mktemp -d)
keyring_pid=
bus_pid=
here=$(dirname "$0")
# shellcheck source=tests/cli/tap.sh
. "$here/tap.sh"
# shellcheck source=tests/keyring.sh
. "$here/../keyring.sh"
# shellcheck source=tests/mock/mock.sh
. "$here/../mock/mock.sh"
mock_server=$here/../mock/mock-server
trap 'keyring_stop; rm -rf "$work"' EXIT

missing=$(keyring_missing)
if [ -n "$missing" ]; then
  echo "1..0 # SKIP $missing is not installed"
  exit 0
fi
if ! command -v python3 >/dev/null; then
  echo "1..0 # SKIP python3 is not installed"
  exit 0
fi

export PENTIMENTO_HOME="$work/user"
mkdir "$work/user"
# shellcheck disable=SC2119 # no arguments
mock_start || exit 1
keyring_start || exit 1

# address URL: where fal is from now on.
address () {
  printf '[{"id": "fal", "type": "fal", "base_url": "%s/fal"}]\n' "$1" \
    >"$work/user/providers.json"
}

# key TEXT: types it into the command.
key () {
  printf '%s\n' "$1" | "$pentimento" key fal >"$work/stdout" 2>"$work/stderr"
}

# generate STATUS NAME
generate () {
  expect "$1" "$2" run generate --model flux_schnell --provider fal \
    --set prompt="a red boat" --out "$work/out.png"
}

# count LIST: how many entries the mock server has in one.
count () {
  mock_get "$1" | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))'
}

unset FAL_KEY
address "$mock"
generate 1 "without a key nothing runs"
says "and it is said where to put one" "no key"
holds "nothing was sent" test "$(count requests)" -eq 0

holds "a key is stored" key test-key-fal
expect 0 "the service is ready" services
prints "it has a key" "^fal .*ready"
holds "the key is in no file of ours" \
  sh -c "! grep -rq test-key-fal '$work/user' '$work/stdout' '$work/stderr'"
generate 0 "a run uses it"
holds "it was sent, and accepted" test "$(count 'requests?service=fal')" -gt 0
holds "it went nowhere else" test "$(count leaks)" -eq 0
expect 0 "the test of the service uses it" test fal

mock_post reset '{}' >"$work/stdout"
address "$other"
generate 1 "at another address it is not used"
says "there is no key for that one" "no key"
expect 0 "services, at the other address" services
prints "no key is shown there" "^fal .*no key"
holds "nothing was sent there" test "$(count requests)" -eq 0
holds "no key was sent there" test "$(count leaks)" -eq 0

address "$mock"
expect 0 "services, at the old address" services
prints "the key is still there" "^fal .*ready"
holds "an empty key forgets it" key ""
expect 0 "services, afterwards" services
prints "it is gone" "^fal .*no key"
generate 1 "and no run uses it"

holds "a key with a control character is refused" \
  sh -c "! printf 'a\\tb\\n' | '$pentimento' key fal 2>'$work/stderr'"
says "with a sentence" "no key of"

keyring_stop
export DBUS_SESSION_BUS_ADDRESS="unix:path=$work/nowhere"
holds "without a keyring the key is not stored" \
  sh -c "! printf 'test-key-fal\\n' | '$pentimento' key fal 2>'$work/stderr'"
says "the environment variable is named" "FAL_KEY"

# A bus that takes calls and answers none.
python3 -c 'import socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(64)
time.sleep(600)' "$work/deaf" 9>&- &
deaf_pid=$!
until [ -e "$work/deaf" ]; do sleep 0.1; done
export DBUS_SESSION_BUS_ADDRESS="unix:path=$work/deaf"
holds "a keyring that does not answer holds nobody up" \
  sh -c "timeout 60 '$pentimento' services >'$work/stdout' 2>'$work/stderr'"
prints "the services are listed" "^fal .*no key"
generate 1 "nor a run"
says "with a sentence" "does not answer.*FAL_KEY"
kill "$deaf_pid"

# Where no session is, none is started.
unset DBUS_SESSION_BUS_ADDRESS
export XDG_RUNTIME_DIR="$work/none"
holds "without a session the key is not stored" \
  sh -c "! printf 'test-key-fal\\n' | '$pentimento' key fal 2>'$work/stderr'"
says "with a sentence" "no session"

echo "1..$number"
