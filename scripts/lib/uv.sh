# uv and a Python 3.14: found on the machine, or put into the cache. Source it.
# shellcheck shell=bash disable=SC2034 # used by those who source it

UV_PIN=0.13.6 # the one that Home Assistant 2026.11.0 itself requires
UV_MINIMUM=0.9
UV_VENV="$CACHE/uv-$UV_PIN"

# Sets UV to a program that is new enough for our lock file.
need_uv() {
  local found
  if UV=$(command -v uv) && found=$("$UV" --version 2>/dev/null); then
    found=$(awk '{ print $2 }' <<<"$found")
    [[ $(printf '%s\n' "$UV_MINIMUM" "$found" | sort -V | head -n 1) == "$UV_MINIMUM" ]] && return
  fi
  UV="$UV_VENV/bin/uv"
  "$UV" --version >/dev/null 2>&1 && return
  say "uv: installing it into $UV_VENV ..."
  rm -rf -- "$UV_VENV"
  mkdir -p "$CACHE"
  if python3 -m venv "$UV_VENV" >/dev/null 2>&1; then
    quietly "$UV_VENV/bin/python" -m pip install "uv==$UV_PIN" || fail "pip could not install uv"
  elif debian_python_possible; then
    make_debian_python
    quietly "$DEBIAN_PYTHON" "$(compgen -G "$DEBIAN_PYTHON_ROOT/usr/share/python-wheels/pip-*.whl")/pip" \
      install --target "$UV_VENV" "uv==$UV_PIN" || fail "pip could not install uv"
  else
    fail "uv $UV_MINIMUM or newer is needed and there is neither it nor a python3 with venv to install it with." \
      "Install uv (https://docs.astral.sh/uv/) or python3 with its venv module, and run this again."
  fi
  "$UV" --version >/dev/null || fail "the uv in $UV_VENV does not run"
}

find_python() {
  "$UV" python find --system --no-project --no-python-downloads --quiet '>=3.14.2,<3.15' 2>/dev/null
}

# Sets PYTHON to one that Home Assistant accepts.
need_python() {
  PYTHON=$(find_python) && return
  if [[ -x $DEBIAN_PYTHON ]] && debian_python_works; then
    PYTHON=$DEBIAN_PYTHON
    return
  fi
  say "Python 3.14: none installed, asking uv for one ..."
  local limit=()
  if debian_python_possible; then
    # There is another way, so do not wait for a network that does not answer.
    limit=(timeout 120)
    export UV_HTTP_CONNECT_TIMEOUT=5 UV_HTTP_RETRIES=1
  fi
  if ${limit[@]+"${limit[@]}"} "$UV" python install --quiet 3.14 >/dev/null 2>&1 && PYTHON=$(find_python); then
    return
  fi
  debian_python_possible ||
    fail "Home Assistant requires Python 3.14.2 or later. There is none here, and uv could not" \
      "download one. Install Python 3.14 and run this again."
  make_debian_python
  PYTHON=$DEBIAN_PYTHON
}
