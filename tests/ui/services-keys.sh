# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# services-keys.sh: what run-ui-tests presses for services.scm.

settings () {
  window '^Pentimento Settings$'
}

# was_asked SERVICE: whether it got a request since the last reset.
was_asked () {
  mock_get "requests?service=$1" | grep -q '"path"' \
    || { fail "$1 was not asked"; return 1; }
}

# address TEXT: typed over the one that is there, and saved by its button.
address () {
  keys alt+a && keys ctrl+a && text "$1" && keys alt+d
}

drive () {
  wait_for settings && settings && shot settings \
    && keys alt+r && keys ctrl+a && text 5 \
    && keys Tab && keys alt+o \
    && keys alt+n && keys ctrl+a && text 1 && keys Tab \
    && keys alt+l && keys ctrl+a && text 2048 && keys Tab \
    && shot settings-limit \
    && keys Escape || return
  wait_for save-key && settings && keys alt+k && text test-key-fal \
    && shot settings-typed && keys alt+s && shot settings-saved \
    && mock_post reset '{}' >/dev/null && keys alt+t && sleep 2 && settle \
    && was_asked fal && shot settings-tested && keys Escape || return
  wait_for save-address && settings && address http://127.0.0.1:9/fal \
    && shot settings-address && keys Escape || return
  wait_for old-address && settings && address "$mock/fal" && keys Escape \
    || return
  wait_for forget-key && settings && keys alt+f && shot settings-forgotten \
    && keys Escape || return
  wait_for generate && window '^Generate$' && shot generate-remote \
    && keys Escape || return
}
