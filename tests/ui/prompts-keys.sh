# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# prompts-keys.sh: what run-ui-tests presses for prompts.scm.

# Ctrl+Return would be OK, where there is one.
without_checkpoint () {
  wait_for generate-none && window '^Generate$' && shot generate-empty \
    && xdotool type 'a red jacket' && xdotool key ctrl+shift+Left ctrl+Up \
    && sleep 1 && shot generate-none && xdotool key ctrl+Return && sleep 1 \
    && window '^Generate$' && xdotool key Escape || return
  wait_for expand-none && window '^Expand$' && xdotool key ctrl+a \
    && xdotool type 40 && xdotool key Tab && sleep 1 && shot expand \
    && xdotool key alt+a && sleep 1 && shot expand-advanced \
    && xdotool key alt+a \
    && xdotool key Tab Tab Tab Tab Tab Tab Tab Tab \
    && xdotool type 'a red jacket' && sleep 1 && shot expand-none \
    && xdotool key ctrl+Return && sleep 1 && window '^Expand$' \
    && xdotool key Escape || return
}

with_checkpoint () {
  wait_for generate && window '^Generate$' && xdotool key ctrl+a \
    && xdotool type 'a red jacket' \
    && xdotool key ctrl+shift+Left ctrl+Up ctrl+Up ctrl+End Return \
    && xdotool type 'in the rain' && xdotool key Tab \
    && xdotool type 'blurry' && sleep 1 && shot generate-usual \
    && xdotool key Tab Tab Tab ctrl+a && xdotool type 48 \
    && xdotool key Tab ctrl+a && xdotool type 48 \
    && xdotool key Tab Tab Tab Tab Tab Tab space && sleep 1 && shot generate \
    && xdotool key alt+a && sleep 1 && shot generate-advanced \
    && xdotool key alt+a shift+Tab shift+Tab && sleep 1 \
    && xdotool key Return || return
  wait_for undo-generate && window 'pentimento-prompt.*GIMP$' \
    && xdotool key ctrl+z && sleep 1 && tell generate-undone || return
  wait_for generate-stop && window '^Generate$' && shot generate-again \
    && xdotool key Tab Tab Tab ctrl+a && xdotool type 512 \
    && xdotool key Tab ctrl+a && xdotool type 512 \
    && xdotool key Tab Tab && sleep 1 && xdotool key Return && window '^Pentimento: Generate$' \
    && sleep 10 && shot generate-progress && xdotool key Escape || return
  wait_for reimagine && window '^Reimagine$' && xdotool type 'x' && sleep 1 \
    && shot reimagine && xdotool key Escape || return
  wait_for edit && window '^Edit by Instruction$' && sleep 1 \
    && shot edit-empty && xdotool type 'x' && sleep 1 && shot edit \
    && xdotool key Escape || return
  wait_for fill && window '^Fill Selection$' && xdotool type 'a tree' \
    && xdotool key alt+i && window '^Choose a Checkpoint$' \
    && xdotool type "$work/elsewhere.safetensors" && sleep 1 \
    && shot fill-file && xdotool key Return && sleep 1 \
    && window '^Fill Selection$' \
    && xdotool key Tab Tab Tab Tab Tab Tab ctrl+a && xdotool type 2 \
    && xdotool key Tab space shift+Tab && sleep 1 && shot fill \
    && xdotool key Return || return
}

drive () {
  without_checkpoint || return
  until [ -e "$work/golden" ] || [ -e "$work/no-golden" ]; do
    kill -0 "$gimp_pid" 2>/dev/null || return
    sleep 0.1
  done
  [ -e "$work/no-golden" ] || with_checkpoint
}
