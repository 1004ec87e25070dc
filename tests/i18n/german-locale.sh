# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=sh
# german_locale FOLDER: switches this shell to German, with the system's
# locale or else with C.UTF-8 under a German name in FOLDER: gettext answers
# in English wherever the locale is called C.  Status 1 where neither is there.
german_locale () {
  if ! locale -a 2>/dev/null | grep -qix 'de_DE\.utf-\{0,1\}8'; then
    for plain in /usr/lib/locale/C.utf8 /usr/lib/locale/C.UTF-8; do
      [ ! -d "$plain" ] || break
    done
    [ -d "$plain" ] || return 1
    mkdir -p "$1" && cp -r "$plain" "$1/de_DE.UTF-8" || return 1
    export LOCPATH="$1"
  fi
  export LC_ALL=de_DE.UTF-8
  export LANGUAGE=de
}
