# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# What update-po and the check of ./dev lint share.  From the top of the
# checkout; no line numbers and no dates, so that files change with texts only.

# One order of files everywhere, and gettext's own messages in English.
export LC_ALL=C.UTF-8
unset LANGUAGE

# extract_texts XGETTEXT_ARGUMENT...: the keywords of meson's preset "glib".
extract_texts () {
  xgettext --from-code=UTF-8 --language=C --output=- \
    --package-name=Pentimento --copyright-holder='The Pentimento authors' \
    --add-location=file --add-comments=Translators: \
    --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 \
    --keyword=g_dgettext:2 --keyword=g_dcgettext:2 \
    --keyword=g_dngettext:2,3 --keyword=g_dpgettext2:2c,3 \
    --flag=_:1:pass-c-format --flag=N_:1:pass-c-format \
    --flag=C_:2:pass-c-format --flag=NC_:2:pass-c-format \
    --flag=g_dngettext:2:pass-c-format --flag=g_dngettext:3:pass-c-format \
    --flag=g_strdup_printf:1:c-format --flag=g_print:1:c-format \
    --flag=g_printerr:1:c-format --flag=g_string_append_printf:2:c-format \
    --flag=g_set_error:4:c-format --flag=pmt_reader_fail:3:c-format \
    --flag=pmt_problems_add:4:c-format "$@" \
    | sed '/^"POT-Creation-Date:/d'
}

# write_manifests OUT: the texts of the shipped manifests, models, downloads and
# presets, as C.
write_manifests () {
  local manifests=() file
  for file in data/catalog/*.json data/models/*/bundle.json \
    data/downloads/*.json data/presets/*.json; do
    [ "${file##*/}" = schema.json ] || manifests+=("$file")
  done
  python3 tools/i18n/manifest-strings "${manifests[@]}" > "$1"
}

# write_potfiles OUT: the sources that have texts.
write_potfiles () {
  local folders=() folder
  for folder in cli engine gegl plugin ui; do
    [ ! -d "$folder" ] || folders+=("$folder")
  done
  {
    echo '# Made by tools/i18n/update-po: files with texts for people.'
    {
      find "${folders[@]}" -name '*.[ch]' | sort \
        | extract_texts --files-from=- --no-wrap \
        | sed -n 's/^#: //p' | tr ' ' '\n'
      echo po/manifests.c
    } | sort -u
  } > "$1"
}

# write_template OUT: every text, from POTFILES.in.
write_template () {
  grep -v '^#' po/POTFILES.in | extract_texts --files-from=- > "$1"
}

# list_languages: of po/LINGUAS.
list_languages () {
  grep -v '^#' po/LINGUAS | tr ' ' '\n' | sed '/^$/d'
}
