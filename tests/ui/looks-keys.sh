# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# looks-keys.sh: a picture of each dialog that looks.scm opens, in any language.

# look NAME: the dialog is told by whose it is, since titles are translated.
look () {
  wait_for "look-$1" || return
  # A tooltip is a window as well.
  xdotool mousemove 0 0
  id=$(timeout 120 xdotool search --sync --onlyvisible \
    --classname '^pentimento$' | tail -1)
  [ -n "$id" ] || { fail "no window: $1"; return 1; }
  xdotool windowraise "$id" windowfocus "$id" 2>/dev/null
  sleep 1
  settle
  sleep 1
  # Only this one is run, for three candidates.
  [ "$1" != candidates ] || {
    keys Tab Tab Tab ctrl+a && text 3 && generate Return && sleep 2 && settle
  }
  import -window "$id" "$shots/$1.png" 2>/dev/null
  keys Escape
}

drive () {
  for dialog in generate reimagine edit expand enhance upscale face \
    select-subject fill candidates history models settings; do
    look "$dialog" || return
  done
}
