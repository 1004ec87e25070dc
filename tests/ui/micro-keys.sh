# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# micro-keys.sh: what run-ui-tests presses for micro.scm.

drive () {
  wait_for generate && window '^Generate$' && shot generate \
    && keys ctrl+a && text 'blue fabric' && shot generate-prompt \
    && generate ctrl+Return && shot generate-made && keys Return || return
  wait_for edit && window '^Edit by Instruction$' && shot edit \
    && text 'make it blue' && shot edit-prompt \
    && generate ctrl+Return && shot edit-made && keys Return || return
}
