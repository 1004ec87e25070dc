# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# No path of one machine, no mirror or registry by name.
pattern='(^|[^[:alnum:]_.}/-])/([h]ome|[U]sers)/[a-z]|[^[:alnum:]_.}]/[r]oot/'
pattern="$pattern|[^[:alnum:]_.}]/[w]ork/|[d]eb\.debian\.org"
pattern="$pattern|[a]rchive\.ubuntu\.com|ftp\.[a-z.]*debian\.org"
pattern="$pattern|[p]ypi\.org|registry\.[n]pmjs"
if grep -vE '\.(png|jpg|xcf|po|pot|onnx)$' "$LINT_FILES" \
  | xargs -d '\n' grep -InE "$pattern"; then
  exit 1
fi
