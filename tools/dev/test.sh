# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# test, lint, bench, fuzz.

# A home of its own for the tests: no settings or models of the user.
private_home () {
  export HOME="$build/home"
  rm -rf "$HOME"
  mkdir -p "$HOME/.cache" "$HOME/run"
  chmod 700 "$HOME/run"
  export XDG_RUNTIME_DIR="$HOME/run"
  unset XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME \
    PENTIMENTO_HOME GIMP3_DIRECTORY DISPLAY WAYLAND_DISPLAY
  # Not unset: GIO would start a session bus, and that a keyring.
  export DBUS_SESSION_BUS_ADDRESS=disabled:
  # As our programs do: else GIMP and each test measure for a second.
  export BABL_LUT=0
}

# check NAME COMMAND...: one line of TAP in the results.
check () {
  local name=$1 word='ok'
  shift
  "$@" || word='not ok'
  echo "$word - $name" >> "$results/builds.tap"
  [ "$word" = ok ]
}

skip_check () {
  say "$1: skipped: $2"
  echo "ok - $1 # SKIP $2" >> "$results/builds.tap"
}

# run_tests BUILD OPTION...: what meson test says is summed up later.
run_tests () {
  local name=$1
  shift
  say "Testing \"$name\""
  rm -f "$build/$name/meson-logs/testlog.json"
  # Failures are read from the log, which also tells crashes and time-outs.
  meson test -C "$build/$name" --no-rebuild --print-errorlogs \
    --timeout-multiplier 3 "$@" < /dev/null 9>&- || true
  check "tests of \"$name\" ran" \
    cp "$build/$name/meson-logs/testlog.json" "$results/$name.json" || true
}

lint_results () {
  bash "$top/tools/lint/lint" "$build" > "$results/lint.tap" || true
  grep -vE '^(ok|1\.\.)' "$results/lint.tap" >&2 || true
}

test_main () {
  local built=yes
  check "build and install" build_main || built=no
  # The tests write into the folders of the builds: one ./dev at a time.
  lock "$build/.lock"
  lint_results
  [ "$built" = no ] || run_tests main
}

test_sanitized () {
  if [ ! -r /proc/self/maps ]; then
    skip_check "build with sanitizers" "they need /proc, which is not here"
    return 0
  fi
  check "build with ASan and UBSan" build_options asan -Dgimp=disabled \
    -Dbuildtype=debugoptimized -Db_sanitize=address,undefined \
    -Db_lundef=false || return 0
  local keep=$build/asan/keep-modules.so
  check "module that keeps others loaded" gcc -shared -fPIC -o "$keep" \
    "$top/tests/keep-modules.c" || return 0
  (
    export LSAN_OPTIONS="suppressions=$top/tests/lsan.supp:print_suppressions=0"
    # Whole call chains, through libraries without frame pointers too.
    export ASAN_OPTIONS=verify_asan_link_order=0:fast_unwind_on_malloc=0
    export LD_PRELOAD=$keep
    export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
    run_tests asan
  )
}

build_options () {
  configure "$@" && compile "$1"
}

verb_test () {
  local start=$SECONDS
  results=$build/results
  rm -rf "$results"
  mkdir -p "$results" 2> /dev/null || fail "$top is not writable."
  export_shared
  [ -n "${PENTIMENTO_GOLDEN:-}" ] \
    || say "No golden data: set PENTIMENTO_GOLDEN; tests that need it skip."
  private_home
  test_main
  test_sanitized
  say "Tested in $((SECONDS - start)) s; logs in $build"
  python3 "$tools/summary.py" "$results"
}

verb_lint () {
  build_or_fail
  bash "$top/tools/lint/lint" "$build" "$@"
}

verb_bench () {
  # shellcheck disable=SC2046
  install_packages $(bench_packages)
  build_or_fail
  export_shared
  exec "$top/tests/bench/run-bench" "$build/main" "$@"
}

# Every fuzz target, or one, for some seconds each; its finds stay in
# build-<suite>/finds, new inputs in build-<suite>/corpus.
verb_fuzz () {
  local only='' seconds=30 target name status=0
  while [ $# -gt 0 ]; do
    case $1 in
      *[!0-9]*) only=$1 ;;
      *) seconds=$1 ;;
    esac
    shift
  done
  mkdir -p "$build/finds"
  lock "$build/.lock"
  CC=clang CXX=clang++ build_options fuzz -Dfuzz=true -Dgimp=disabled \
    -Dbuildtype=debugoptimized -Db_lundef=false || fail "The build failed; the log above tells why."
  unlock
  for target in "$build"/fuzz/tests/fuzz/fuzz-*; do
    name=${target##*/fuzz-}
    [ -f "$target" ] && [ -x "$target" ] || continue
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    found=yes
    fuzz_one "$name" "$target" "$seconds" || status=1
  done
  [ -n "${found:-}" ] || fail "There is no fuzz target${only:+ \"$only\"}."
  return "$status"
}

fuzz_one () {
  local name=$1 target=$2 seconds=$3 corpus=$build/corpus/$1
  local seeds=$top/tests/fuzz/corpus/$name
  mkdir -p "$corpus"
  set -- "$corpus"
  [ ! -d "$seeds" ] || set -- "$@" "$seeds"
  if phase "Fuzzing $name for $seconds s" "$build/log/fuzz-$name.log" \
    env LSAN_OPTIONS="suppressions=$top/tests/lsan.supp" "$target" \
    -max_total_time="$seconds" -artifact_prefix="$build/finds/$name-" "$@"; then
    tail -n 1 "$build/log/fuzz-$name.log"
    return 0
  fi
  say "The input that failed is in $build/finds."
  return 1
}
