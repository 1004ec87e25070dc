# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# history-keys.sh: what run-ui-tests presses for history.scm.

history () {
  window '^History$'
}

# has_runs NUMBER: of entries in the history's folder.
has_runs () {
  [ "$(find "$work/user/history" -name '*.json' | wc -l)" -eq "$1" ] \
    || { fail "the history has not $1 runs"; return 1; }
}

# search TEXT: typed into the field; the list gets the keys again.
search () {
  keys ctrl+f && text "$1" && sleep 0.5 && keys Return
}

drive () {
  wait_for insert && history && shot history \
    && search 'objec fill' && shot history-found \
    && keys alt+i && shot history-inserted && keys Escape || return
  wait_for undo && window 'pentimento-history.*GIMP$' && keys ctrl+z \
    && tell undone || return
  wait_for insert-small && history && search remove && keys alt+i \
    && keys Escape || return
  wait_for reuse && history && search 'no such words' && shot history-nothing \
    && search 'remove' && keys alt+r && window '^Remove Object$' \
    && shot history-reused && generate Return && keys Return || return
  wait_for delete && history && has_runs 3 && keys Delete \
    && window '^Delete Runs$' && shot history-delete && keys Return \
    && history && has_runs 3 && keys Delete && window '^Delete Runs$' \
    && keys alt+d && history && has_runs 2 \
    && rm "$work/user/history"/*.pixels && sleep 1 && settle \
    && shot history-thumbnails \
    && keys alt+t ctrl+a && text 120 && keys Tab alt+k && shot history-private \
    && keys Escape || return
  wait_for clear && history && keys ctrl+a && shot history-several \
    && keys alt+a && window '^Clear History$' && shot history-clear \
    && keys alt+l && history && has_runs 0 && shot history-empty \
    && keys Escape || return
}
