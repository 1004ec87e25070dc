# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# po/ knows every text for people, and every language has all of them.
for tool in xgettext python3; do
  if ! command -v "$tool" > /dev/null; then
    echo "$tool is not installed"
    exit 77
  fi
done
# shellcheck source=/dev/null
. tools/i18n/common.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
stale=

# A text cut by a macro, such as "%" G_GINT64_FORMAT, can't be translated.
write_template "$work/template.pot" 2> "$work/warnings" || status=1
if [ -s "$work/warnings" ]; then
  cat "$work/warnings"
  status=1
fi

# Names of stages are keys of the timings that scripts read.
if grep -rnE 'progress_begin \([^;]*[^A-Za-z]_ \(' --include='*.c' engine; then
  echo "Mark the name of a stage with N_(); it is translated on display."
  status=1
fi

write_manifests "$work/manifests.c"
if ! cmp -s "$work/manifests.c" po/manifests.c; then
  echo "po/manifests.c does not have the texts of data/catalog and data/presets"
  stale=yes
fi
write_potfiles "$work/POTFILES.in" 2> /dev/null
for file in $(comm -13 <(sort po/POTFILES.in) <(sort "$work/POTFILES.in")); do
  echo "po/POTFILES.in misses $file, which has texts to translate"
  stale=yes
done
for file in $(comm -23 <(sort po/POTFILES.in) <(sort "$work/POTFILES.in")); do
  echo "po/POTFILES.in lists $file, which has no texts to translate"
  stale=yes
done

# texts OPTION WHAT: the first line of each text of the merged file that
# msgattrib finds.
texts () {
  msgattrib --no-wrap "$1" "$work/merged.po" | awk -v what="$po: $2:" '
    { sub(/^#~ /, "") }
    /^msgid ""$/ {
      if ((getline) <= 0 || /^(#~ )?msgstr/) next
      sub(/^#~ /, "")
      print what, $0
      next
    }
    /^msgid / { sub(/^msgid /, ""); print what, $0 }'
}

# Only when the sources are in order: nothing is said twice.
for language in $(list_languages); do
  [ -z "$stale" ] && [ "$status" -eq 0 ] || break
  po=po/$language.po
  if ! msgfmt --check --check-accelerators=_ --output-file=/dev/null "$po" \
    2> "$work/said"; then
    cat "$work/said"
    status=1
    continue
  fi
  msgmerge --quiet --no-fuzzy-matching --output-file="$work/merged.po" \
    "$po" "$work/template.pot"
  {
    texts --untranslated "not translated"
    texts --only-fuzzy "to be reviewed (fuzzy)"
    texts --only-obsolete "no longer in the sources"
  } > "$work/said"
  if [ -s "$work/said" ]; then
    cat "$work/said"
    stale=yes
  fi
done

if [ -n "$stale" ]; then
  echo "Run tools/i18n/update-po, then translate in po/*.po what is empty or" \
    "fuzzy (po/README.md)."
  status=1
fi
exit "$status"
