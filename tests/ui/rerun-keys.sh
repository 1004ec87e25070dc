# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# rerun-keys.sh: what run-ui-tests presses for rerun.scm.

drive () {
  wait_for use-settings && window '^Remove Object$' && shot use-settings \
    && generate Return && keys Return || return
  wait_for use-settings-cancel && window '^Remove Object$' && keys Escape \
    || return
}
