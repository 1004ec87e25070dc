# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# Every source names its licence in the first lines.
status=0
while IFS= read -r file; do
  if ! head -n 5 "$file" | grep -q 'SPDX-License-Identifier: [A-Z]'; then
    echo "$file has no SPDX-License-Identifier line"
    status=1
  fi
done < <(grep -E '\.(c|h|sh|py|scm)$|^dev$|^\.ci/run$' "$LINT_FILES")
exit "$status"
