# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# keyring.sh: an unlocked Secret Service (gnome-keyring) on a session bus of
# its own, for a test in shell; needs $work (a folder).

# keyring_missing: prints which program is missing, or nothing.
keyring_missing () {
  for program in dbus-daemon gdbus gnome-keyring-daemon; do
    command -v "$program" >/dev/null || { echo "$program"; return 0; }
  done
}

# keyring_start: exports the address of the bus, and folders of its own; sets
# $bus_pid and $keyring_pid.
keyring_start () {
  mkdir -p "$work/session/home"
  mkdir -m 700 "$work/session/run"
  export HOME="$work/session/home"
  export XDG_RUNTIME_DIR="$work/session/run"
  export XDG_DATA_HOME="$work/session/home/.local/share"
  unset GNOME_KEYRING_CONTROL
  dbus-daemon --session --nofork --print-address=3 \
    3>"$work/session/address" 2>"$work/session/log" 9>&- &
  bus_pid=$!
  for _ in $(seq 100); do
    [ -s "$work/session/address" ] && break
    sleep 0.1
  done
  DBUS_SESSION_BUS_ADDRESS=$(cat "$work/session/address")
  export DBUS_SESSION_BUS_ADDRESS
  printf 'test-password' >"$work/session/password"
  gnome-keyring-daemon --foreground --unlock --components=secrets \
    <"$work/session/password" >>"$work/session/log" 2>&1 9>&- &
  keyring_pid=$!
  for _ in $(seq 100); do
    keyring_is_ready && return 0
    kill -0 "$keyring_pid" 2>/dev/null || break
    sleep 0.1
  done
  sed 's/^/# keyring: /' "$work/session/log" >&2
  return 1
}

# The service is there, and has a collection that secrets go into.  Asked for
# before it is there, the bus would start another one, which is locked.
keyring_is_ready () {
  gdbus call --session --dest org.freedesktop.DBus \
    --object-path /org/freedesktop/DBus \
    --method org.freedesktop.DBus.NameHasOwner org.freedesktop.secrets \
    2>/dev/null | grep -q true \
    && gdbus call --session --dest org.freedesktop.secrets \
      --object-path /org/freedesktop/secrets \
      --method org.freedesktop.Secret.Service.ReadAlias default 2>/dev/null \
    | grep -q collection
}

# keyring_stop: ends both, if they were started.
keyring_stop () {
  [ -z "${keyring_pid:-}" ] || kill "$keyring_pid" 2>/dev/null
  [ -z "${bus_pid:-}" ] || kill "$bus_pid" 2>/dev/null
  keyring_pid=
  bus_pid=
}
