# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# faces-keys.sh: what run-ui-tests presses for faces.scm.

drive () {
  wait_for face-cancel && window '^Enhance Faces$' && shot face \
    && keys Escape || return
  wait_for subject-cancel && window '^Select Subject$' && shot subject \
    && keys Escape || return
  wait_for subject-run && window '^Select Subject$' && keys alt+o || return
  wait_for subject-undo && window 'pentimento-disk.*GIMP$' && keys ctrl+z \
    && tell subject-undone || return
  until [ -e "$work/face-choice" ] || [ -e "$work/no-photo" ]; do
    kill -0 "$gimp_pid" 2>/dev/null || return
    sleep 0.1
  done
  [ ! -e "$work/no-photo" ] || return 0
  window '^Enhance Faces$' && shot faces-found && keys Tab Tab Tab space \
    && shot faces-none && keys space && keys Tab ctrl+a && text 0.4 \
    && keys Tab && shot faces-own && keys alt+o || return
}
