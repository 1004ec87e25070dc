# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# C files are as clang-format 19 writes them; other versions differ.
formatter=
for name in clang-format-19 clang-format; do
  if command -v "$name" > /dev/null \
    && "$name" --version | grep -q 'version 19\.'; then
    formatter=$name
    break
  fi
done
if [ -z "$formatter" ]; then
  echo "clang-format 19 is not installed"
  exit 77
fi
grep -E '^(engine|cli|plugin|ui|gegl|tests|docs|tools)/.*\.[ch]$' "$LINT_FILES" \
  | xargs -r "$formatter" --dry-run -Werror 2>&1 \
  | sed -n -E 's/^([^:]+:[0-9]+):.*error: .*/\1: not formatted/p' \
  | sort -u > "$LINT_FILES.out" || true
cat "$LINT_FILES.out"
if [ -s "$LINT_FILES.out" ]; then
  rm "$LINT_FILES.out"
  echo "Mend it with: ./dev shell 'clang-format -i FILE...'"
  exit 1
fi
rm "$LINT_FILES.out"
