# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# The library exports the functions of pentimento.h, no more and no fewer.
library=$LINT_BUILD/main/engine/libpentimento.so
if [ ! -e "$library" ]; then
  echo "the library is not built"
  exit 77
fi
# Comments go first: they name functions as well.
declared=$(gcc -fpreprocessed -dD -E -P engine/pentimento.h 2> /dev/null \
  | grep -oE '\bpmt_[a-z0-9_]+ \(' | tr -d ' (' | sort -u)
exported=$(nm -D --defined-only "$library" | awk '{ print $3 }' \
  | sed 's/@.*//' | sort -u)
status=0
for name in $(comm -23 <(echo "$declared") <(echo "$exported")); do
  echo "$name is declared in pentimento.h but not exported"
  status=1
done
for name in $(comm -13 <(echo "$declared") <(echo "$exported")); do
  echo "$name is exported but not declared in pentimento.h"
  status=1
done
exit "$status"
