# Shared by every script: where things are, and how to talk. Source it.
# shellcheck shell=bash disable=SC2034 # used by those who source it

REPO=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
# Outside the clone and by absolute path: a Python put there is patched for its place.
CACHE="${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/acupressure-mat"
# An environment that happens to be active in the caller's shell is not ours.
unset VIRTUAL_ENV
# Where a build machine sets this, each Python that starts would compile for seconds.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $*"
  exit 1
}

# Runs a command in silence; only when it fails is its output shown.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if ((status)); then
    say "this failed ($status): $*"
    cat -- "$log" >&2
  fi
  rm -f -- "$log"
  return "$status"
}
