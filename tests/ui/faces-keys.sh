# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# faces-keys.sh: what run-ui-tests presses for faces.scm.

drive () {
  wait_for face-cancel && window '^Enhance Faces$' && shot face \
    && keys Escape || return
  wait_for subject-cancel && window '^Select Subject$' && shot subject \
    && keys Escape || return
}
