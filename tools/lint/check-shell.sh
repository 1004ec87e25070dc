# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# Shell scripts pass shellcheck.
if ! command -v shellcheck > /dev/null; then
  echo "shellcheck is not installed"
  exit 77
fi
while IFS= read -r file; do
  case $file in
    *.sh) printf '%s\0' "$file" ;;
    *.*/*.* | *.c | *.h | *.md) ;;
    *)
      if head -n 1 "$file" | grep -qE '^#!.*[ /](ba)?sh$'; then
        printf '%s\0' "$file"
      fi
      ;;
  esac
done < "$LINT_FILES" | xargs -0 -r shellcheck --severity=warning -f gcc
