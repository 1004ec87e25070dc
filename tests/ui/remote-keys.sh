# shellcheck shell=sh disable=SC2154 # of the script that reads this
# SPDX-License-Identifier: LGPL-3.0-or-later
# remote-keys.sh: what run-ui-tests presses for remote.scm.

# has_pictures NUMBER: the last request of the jobs API had so many.
has_pictures () {
  mock_get 'requests?service=jobs&step=submit' | python3 -c '
import json, sys
def count(node):
    if isinstance(node, dict):
        return 1 if "sha256" in node else sum(map(count, node.values()))
    return sum(map(count, node)) if isinstance(node, list) else 0
found = count(json.load(sys.stdin)[-1])
print("# pictures sent:", found, file=sys.stderr)
sys.exit(found != int(sys.argv[1]))' "$1" || { fail "not $1 pictures"; return 1; }
}

# was_asked SERVICE STEP: whether it got such a request.
was_asked () {
  mock_get "requests?service=$1&step=$2" | grep -q '"path"' \
    || { fail "$1 was not asked"; return 1; }
}

# model NUMBER: chooses the one that stands there in the list, "Automatic" is 0;
# from the prompt, where the dialog starts.
model () {
  keys shift+Tab shift+Tab shift+Tab && keys Home || return 1
  for _ in $(seq "$1"); do keys Down || return 1; done
}

drive () {
  wait_for references && window '^Edit by Instruction$' && shot references-none \
    && keys Tab Tab space && shot references-one \
    && keys Tab Tab space && window '^Add Reference Pictures$' \
    && text "$work/sample.png" && shot references-file && keys Return \
    && window '^Edit by Instruction$' && xdotool keydown alt && sleep 0.5 \
    && shot references && xdotool keyup alt && keys alt+a \
    && shot references-advanced && keys alt+a && generate alt+g && shot references-made \
    && keys alt+o && wait_for references-done && has_pictures 3 || return
  wait_for balance && window '^Upscale$' && sleep 2 && settle \
    && was_asked topaz list && shot balance && keys Escape || return
  wait_for no-references && window '^Generate$' && shot no-references \
    && keys Escape || return
  wait_for lists && window '^Generate$' && sleep 2 && settle && shot lists \
    && xdotool keydown alt && sleep 0.5 && shot lists-alt && xdotool keyup alt \
    && keys alt+k && keys Down && shot lists-chosen && generate alt+g && keys alt+o \
    || return
  wait_for no-lists && mock_post script '{"service": "comfyui",
      "match": {"step": "list"}, "times": -1, "fault": "drop"}' >/dev/null \
    && window '^Generate$' && model 1 && sleep 3 && settle \
    && was_asked comfyui list && shot no-lists && keys Escape && mock_post clear-scripts '{}' >/dev/null \
    || return
  wait_for defaults && window '^Generate$' && model 5 \
    && shot defaults && generate alt+g && shot defaults-made && keys Escape \
    && window '^Paid Candidates$' && shot paid && keys Escape \
    && window '^Generate$' && keys Escape && window '^Paid Candidates$' \
    && keys Return || return
  wait_for interrupt && mock_post script '{"service": "fal",
      "match": {"step": "file"}, "times": -1, "fault": "drop"}' >/dev/null \
    && tell interrupted && wait_for fetch \
    && mock_post clear-scripts '{}' >/dev/null \
    && window '^Fetch Interrupted Run$' && shot fetch \
    && keys Down && keys alt+o && window '^Forget Run$' && shot forget \
    && keys alt+o && window '^Fetch Interrupted Run$' && shot forgotten \
    && keys alt+f || return
}
