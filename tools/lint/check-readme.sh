# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# Every folder with sources has a README.md here or above it whose table
# names, in back quotes, each of its files and folders (not meson.build).
status=0

# listed README NAME: also as a folder "NAME/" or by a pattern such as *.c.
listed () {
  local word
  while IFS= read -r word; do
    # shellcheck disable=SC2254
    case $2 in
      $word | ${word%/}) return 0 ;;
    esac
  done < <(grep -o '`[^`]*`' "$1" | tr -d '`')
  return 1
}

# The nearest README.md from FOLDER upwards, but not that of the top.
nearest () {
  local folder=$1
  while [ "$folder" != . ]; do
    if [ -f "$folder/README.md" ]; then
      echo "$folder"
      return 0
    fi
    folder=$(dirname "$folder")
  done
}

while IFS= read -r file; do
  folder=$(dirname "$file")
  home=$(nearest "$folder")
  if [ -z "$home" ]; then
    echo "$folder has no README.md with a table of its files"
    status=1
    continue
  fi
  # In a folder without its own README.md the folder's name is enough.
  name=${file#"$home"/}
  listed "$home/README.md" "$name" || listed "$home/README.md" "${name%%/*}" || {
    echo "$home/README.md does not list ${name%%/*}"
    status=1
  }
done < <(grep -E '^(engine|cli|plugin|ui|gegl|tests|tools|data)/' "$LINT_FILES" \
  | grep -vE '(^|/)(README\.md|meson\.build)$') | sort -u > "$LINT_FILES.out"
cat "$LINT_FILES.out"
[ ! -s "$LINT_FILES.out" ] || status=1
rm -f "$LINT_FILES.out"
exit "$status"
