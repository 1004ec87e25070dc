# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# dialogs-keys.sh: what run-ui-tests presses for dialogs.scm.

remove_dialog () {
  window '^Remove Object$'
}

# The view of the preview is VIEW pixels square, in the upper right corner.
VIEW=300
BORDER=12

# view_left: horizontal position of the view inside the window $id.
view_left () {
  width=$(xdotool getwindowgeometry --shell "$id" | sed -n 's/^WIDTH=//p')
  echo $((width - BORDER - VIEW))
}

# shot_view NAME: the view of the preview alone.
shot_view () {
  import -window "$id" -crop "${VIEW}x$VIEW+$(view_left)+$BORDER" +repage \
    "$shots/$1.png" 2>/dev/null || true
}

# drag_view X TO_X: drags inside the view, from the height of 200 pixels.
drag_view () {
  left=$(view_left)
  xdotool mousemove --window "$id" $((left + $1)) 200 mousedown 1
  settle
  xdotool mousemove --window "$id" $((left + $2)) 220 mouseup 1
  settle
}

# count_colors NAME: of a screenshot.
count_colors () {
  identify -format '%k' "$shots/$1.png"
}

is_changed () {
  ! cmp -s "$shots/$1.png" "$shots/$2.png"
}

# The preview shows a picture, which the divider and dragging change.
compare_preview () {
  settle
  shot "$1"
  shot_view "$1-view"
  drag_view $((VIEW / 2)) 40
  shot_view "$1-divided"
  drag_view 200 120
  settle
  shot_view "$1-moved"
  shot "$1-compared"
  # Without ImageMagick there is nothing to look at.
  command -v import >/dev/null && command -v identify >/dev/null || return 0
  [ "$(count_colors "$1-view")" -gt 100 ] \
    || { fail "the preview of $1 is empty"; return 1; }
  is_changed "$1-view" "$1-divided" \
    || { fail "the divider of $1 does not move"; return 1; }
  is_changed "$1-divided" "$1-moved" \
    || { fail "the patch of $1 does not move"; return 1; }
}

drive () {
  wait_for remove-ok && remove_dialog && shot remove \
    && generate Return && shot remove-made && keys Return || return
  wait_for remove-cancel && remove_dialog && keys Escape || return
  wait_for undo && window 'pentimento-test.*GIMP$' && keys ctrl+z \
    && tell undone || return
  wait_for filter && window 'pentimento-test.*GIMP$' && keys ctrl+F9 \
    && window '^Denoise' && shot filter && keys Return \
    && tell filtered || return
  wait_for stop && remove_dialog && xdotool key Return && sleep 1 \
    && shot progress && generate Escape && shot progress-stopped \
    && keys Escape || return
  wait_for expand && window '^Expand$' \
    && shot expand-empty && keys ctrl+a && text 40 \
    && keys Tab && shot expand && generate Return && shot expand-made \
    && keys Return || return
  wait_for reshow && window '^Expand$' && shot reshow \
    && generate Return && keys Return || return
  wait_for enhance && window '^Enhance$' && compare_preview enhance \
    && tell enhance-compared && keys Return || return
  wait_for enhance-cancel && window '^Enhance$' && keys Escape || return
  wait_for upscale && window '^Upscale$' \
    && keys ctrl+a && text 1.5 && keys Tab \
    && compare_preview upscale && tell upscale-compared \
    && keys Return || return
  wait_for undo-upscale && window 'pentimento-photo.*GIMP$' \
    && keys ctrl+z && shot undone && tell upscale-undone \
    || return
  # The last model and its strength; then back to the models, to the first.
  wait_for refine && window '^Upscale$' \
    && keys ctrl+a && text 2 \
    && keys Tab shift+Tab shift+Tab End \
    && keys Tab Tab Tab Tab Tab Tab Tab Tab Tab ctrl+a \
    && text 0.5 && keys Tab && shot refine-first \
    && keys shift+Tab shift+Tab shift+Tab shift+Tab shift+Tab \
      shift+Tab shift+Tab shift+Tab shift+Tab shift+Tab Home \
    && shot refine \
    && keys Tab Return || return
}
