# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# services-keys.sh: what run-ui-tests presses for services.scm.

drive () {
  wait_for settings && window '^Pentimento Settings$' && sleep 1 \
    && shot settings \
    && xdotool key alt+r && xdotool key ctrl+a && xdotool type 5 \
    && xdotool key Tab && sleep 1 && shot settings-limit \
    && xdotool key Escape || return
  wait_for generate && window '^Generate$' && sleep 1 && shot generate-remote \
    && xdotool key Escape || return
}
