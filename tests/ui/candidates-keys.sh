# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# candidates-keys.sh: what run-ui-tests presses for candidates.scm.

remove_window () {
  window '^Remove Object$'
}

# was_opened_once PART: of the checkpoint, in all runs.
was_opened_once () {
  [ "$(count_logged "opened: $1\$")" -eq 1 ] \
    || { fail "opened again: $1"; return 1; }
}

drive () {
  wait_for all && remove_window && generate Return && shot candidates \
    && keys alt+b && shot candidates-before && keys alt+e \
    && shot candidates-inserted && keys Escape || return
  wait_for undo-all && window 'pentimento-all.*GIMP$' && keys ctrl+z \
    && tell all-undone || return
  wait_for layer-gone && remove_window && generate Return \
    && window 'pentimento-layer.*GIMP$' && keys ctrl+F10 \
    && remove_window && keys alt+2 && shot candidates-checked \
    && keys alt+t && keys alt+g && shot candidates-refused \
    && keys Escape || return
  wait_for picture-gone && window 'pentimento-closed.*GIMP$' \
    && keys ctrl+F11 && remove_window && generate Return \
    && window 'pentimento-closed.*GIMP$' && keys ctrl+w \
    && remove_window && keys alt+t && shot candidates-closed \
    && keys Escape && tell picture-closed || return
  until [ -e "$work/again" ] || [ -e "$work/no-golden" ]; do
    kill -0 "$gimp_pid" 2>/dev/null || return
    sleep 0.1
  done
  [ ! -e "$work/no-golden" ] || return 0
  window '^Generate$' && shot again && generate ctrl+Return \
    && shot again-made && keys alt+2 alt+t && shot again-inserted \
    && window 'pentimento-again.*GIMP$' && keys ctrl+z \
    && window '^Generate$' && keys alt+m ctrl+a && text 'a blue boat' \
    && generate ctrl+Return && shot again-changed && keys alt+4 \
    && keys alt+o && was_opened_once unet && was_opened_once vae || return
}
