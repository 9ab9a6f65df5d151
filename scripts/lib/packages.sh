# Programs of the system that only some parts need. Source it.
# shellcheck shell=bash

PATH="$PATH:/usr/sbin" # where Debian puts mosquitto, which a plain user does not search

# need_programs PURPOSE PROGRAM[|OTHER]...: installs what is missing where it may, and
# says how where it may not. Program and package have one name; any other one serves too.
need_programs() {
  local purpose=$1 programs missing=()
  shift
  for programs in "$@"; do
    # shellcheck disable=SC2086 # names of programs
    command -v ${programs//|/ } >/dev/null || missing+=("${programs%%|*}")
  done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null ||
    fail "$purpose need ${missing[*]} on PATH: install them with this machine's package manager."
  ((EUID == 0)) ||
    fail "$purpose need ${missing[*]}. Install them with: sudo apt-get install --no-install-recommends ${missing[*]}"
  say "$purpose: installing ${missing[*]} with apt-get ..."
  without_starting_services install_packages "${missing[@]}"
}

install_packages() {
  local options=(-y --no-install-recommends -o DPkg::Lock::Timeout=300)
  export DEBIAN_FRONTEND=noninteractive
  apt-get install "${options[@]}" "$@" >/dev/null 2>&1 </dev/null && return
  # Usually the package lists are missing or old.
  quietly apt-get update && quietly apt-get install "${options[@]}" "$@"
}

# Tests start brokers and players of their own, on ports and in folders of their own; a
# service that comes with a package must not appear on the machine because of us.
without_starting_services() (
  local policy=/usr/sbin/policy-rc.d program
  if [[ ! -e $policy ]]; then
    trap 'rm -f -- "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
  fi
  "$@" || fail "apt-get could not install ${*:2} (see above)"
  if [[ -d /run/systemd/system ]]; then
    for program in "${@:2}"; do
      systemctl disable --quiet "$program.service" >/dev/null 2>&1 || true
    done
  fi
)
