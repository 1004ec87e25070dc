# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# services-keys.sh: what run-ui-tests presses for services.scm.

drive () {
  wait_for settings && window '^Pentimento Settings$' \
    && shot settings \
    && keys alt+r && keys ctrl+a && text 5 \
    && keys Tab && shot settings-limit \
    && keys Escape || return
  wait_for generate && window '^Generate$' && shot generate-remote \
    && keys Escape || return
}
