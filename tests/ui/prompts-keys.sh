# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# prompts-keys.sh: what run-ui-tests presses for prompts.scm.

# Ctrl+Return would be OK, where there is one.
without_checkpoint () {
  wait_for generate-none && window '^Generate$' && shot generate-empty \
    && text 'a red jacket' && keys ctrl+shift+Left ctrl+Up \
    && shot generate-none && keys ctrl+Return \
    && window '^Generate$' && keys Escape || return
  wait_for expand-none && window '^Expand$' && keys ctrl+a \
    && text 40 && keys Tab && shot expand \
    && keys alt+a && shot expand-advanced \
    && keys alt+a \
    && keys Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab \
    && text 'a red jacket' && shot expand-none \
    && keys ctrl+Return && window '^Expand$' \
    && keys Escape || return
}

# is_saved ID: whether there is such a preset of the user.
is_saved () {
  grep -q '"prompt"' "$work/user/presets/$1.json" \
    || { fail "no preset $1"; return 1; }
}

# is_gone ID: whether there is none.
is_gone () {
  [ ! -e "$work/user/presets/$1.json" ] || { fail "a preset $1"; return 1; }
}

# import_preset FILE: of $work.
import_preset () {
  keys alt+i && window '^Import Preset$' && text "$work/$1" && keys Return \
    && sleep 1
}

# A shipped preset stays; one's own goes to a file, is kept, removed, and taken
# back from the file; a broken file is refused.
manage_presets () {
  printf '{"id": "broken",\n "name": 7}\n' >"$work/broken.json"
  window '^Manage Presets$' && shot preset-manage \
    && keys Delete alt+r && window '^Manage Presets$' \
    && keys shift+Tab && text 'mine' && sleep 1 && shot preset-own \
    && keys alt+e && window '^Export Preset$' && keys ctrl+a \
    && text "$work/mine.json" && shot preset-export && keys Return && sleep 1 \
    && cmp "$work/mine.json" "$work/user/presets/mine.json" \
    && window '^Manage Presets$' && keys alt+r && window '^Remove Preset$' \
    && shot preset-remove && keys Return && is_saved mine \
    && window '^Manage Presets$' && keys alt+r && window '^Remove Preset$' \
    && keys alt+r && is_gone mine \
    && window '^Manage Presets$' && import_preset mine.json && is_saved mine \
    && window '^Manage Presets$' && shot preset-imported \
    && import_preset mine.json && window '^Replace Preset$' \
    && shot preset-replace && keys alt+r && is_saved mine \
    && window '^Manage Presets$' && import_preset broken.json \
    && window '^Manage Presets$' && shot preset-broken && is_gone broken \
    && keys alt+c
}

with_checkpoint () {
  wait_for generate && window '^Generate$' && keys ctrl+a \
    && text 'a (red:1.2) (fox :: snow::2 --ar 16:9 --v 7 --foo' && sleep 0.5 \
    && shot generate-marks && keys Tab Tab \
    && text '16' && sleep 0.5 && shot generate-problem && keys ctrl+a Delete \
    && keys shift+Tab shift+Tab ctrl+a && text 'a red jacket' \
    && keys ctrl+shift+Left ctrl+Up ctrl+Up ctrl+End Return \
    && text 'in the rain' && keys Tab \
    && text 'blurry' && shot generate-usual \
    && keys Tab Tab Tab Tab ctrl+a && text 48 \
    && keys Tab ctrl+a && text 48 \
    && keys Tab Tab Tab Tab Tab space && shot generate-locked \
    && keys Tab Tab Tab space && shot generate \
    && keys alt+a && shot generate-advanced \
    && keys alt+a shift+Tab shift+Tab \
    && generate Return && shot generate-made && keys Return || return
  wait_for undo-generate && window 'pentimento-prompt.*GIMP$' \
    && keys ctrl+z && tell generate-undone || return
  wait_for generate-stop && window '^Generate$' && shot generate-again \
    && keys Tab Tab Tab Tab ctrl+a && text 768 \
    && keys Tab ctrl+a && text 768 \
    && keys Tab Tab && xdotool key Return \
    && sleep 3 && shot generate-progress && generate Escape \
    && keys Escape || return
  wait_for reimagine && window '^Reimagine$' && text 'x' \
    && shot reimagine && keys Tab Tab space && sleep 1 \
    && shot reimagine-presets && text 'film' && sleep 1 \
    && shot reimagine-search && keys Return && sleep 1 \
    && shot reimagine-preset && keys space && sleep 1 \
    && keys shift+Tab shift+Tab Return && window '^Save as Preset$' \
    && text 'Mine' && shot preset-save && keys Return && sleep 1 \
    && is_saved mine && window '^Reimagine$' && shot preset-saved \
    && keys space && sleep 1 && keys shift+Tab Return \
    && manage_presets && window '^Reimagine$' && keys Escape || return
  wait_for edit && window '^Edit by Instruction$' \
    && shot edit-empty && text 'x' && shot edit \
    && keys shift+Tab Return && window '^Models$' && shot more-models \
    && keys Escape && window '^Edit by Instruction$' && shot edit-again \
    && keys Escape || return
  wait_for fill && window '^Fill Selection$' && text 'a tree' \
    && keys alt+i && window '^Choose a Checkpoint$' \
    && text "$work/elsewhere.safetensors" \
    && shot fill-file && keys Return \
    && window '^Fill Selection$' && keys shift+Tab Return \
    && window '^Models$' && keys Escape && window '^Fill Selection$' \
    && keys Tab Tab Tab Tab Tab Tab Tab Tab space && shot fill-rolled \
    && keys Tab Tab ctrl+a && text 2 \
    && keys Tab space shift+Tab && shot fill \
    && generate Return && keys alt+e && shot fill-made && keys Escape || return
}

drive () {
  without_checkpoint || return
  until [ -e "$work/golden" ] || [ -e "$work/no-golden" ]; do
    kill -0 "$gimp_pid" 2>/dev/null || return
    sleep 0.1
  done
  [ -e "$work/no-golden" ] || with_checkpoint
}
