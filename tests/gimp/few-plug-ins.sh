# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-3.0-or-later
# few-plug-ins.sh: a profile in which GIMP starts in a third of the time.
#
# few_plug_ins PROFILE: into PROFILE/gimprc, that of GIMP's own plug-ins only
# Script-Fu and the file formats of the tests are there (GIMP asks each of its
# 120 plug-ins what it does when a profile is new).  GIMP_LIBDIR is where GIMP
# has them; without it they are all there.
few_plug_ins () {
  few_from=${GIMP_LIBDIR:-/nowhere}/plug-ins
  [ -d "$few_from/script-fu" ] || return 0
  mkdir -p "$1/few"
  for few_name in script-fu file-png file-jpeg; do
    ln -s "$few_from/$few_name" "$1/few/$few_name"
  done
  printf '(plug-in-path "%s")\n' "$1/plug-ins:$1/few" >>"$1/gimprc"
}
