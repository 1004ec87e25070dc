# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-3.0-or-later
# prompts-keys.sh: what run-ui-tests presses for prompts.scm.

drive () {
  wait_for generate-none && window '^Generate$' && shot generate-empty \
    && xdotool type 'a red jacket' && xdotool key ctrl+shift+Left ctrl+Up \
    && sleep 1 && shot generate-none && xdotool key ctrl+Return && sleep 1 \
    && xdotool key Tab Tab && shot generate-none-after \
    && xdotool key Escape || return
  wait_for expand-none && window '^Expand$' && xdotool key ctrl+a \
    && xdotool type 40 && xdotool key Tab && sleep 1 && shot expand-none \
    && xdotool key alt+a && sleep 1 && shot expand-advanced && xdotool key alt+a && sleep 1 && shot expand-again \
    && xdotool key Escape || return
}
