# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# The host: does it have GIMP 3, and what does its apt use?

os_release () {
  # shellcheck source=/dev/null
  (. /etc/os-release 2> /dev/null && eval "echo \"\${$1:-}\"")
}

# version_at_least HAVE WANT; no version (a rolling release) is new enough.
version_at_least () {
  [ -z "$1" ] || [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# Whether GIMP 3 is installed or among the packages of this system.
host_has_gimp () {
  if command -v pkg-config > /dev/null && pkg-config --exists gimp-3.0; then
    return 0
  fi
  local version
  version=$(os_release VERSION_ID)
  case $(os_release ID) in
    debian) version_at_least "$version" 13 ;;
    ubuntu) version_at_least "$version" 25.04 ;;
    fedora) version_at_least "$version" 42 ;;
    *) apt-cache show libgimp-3.0-dev > /dev/null 2>&1 ;;
  esac
}

host_prepare () {
  local names
  case $(package_manager) in
    apt) names=$(debian_packages) ;;
    dnf) names=$(fedora_packages) ;;
    *)
      # Elsewhere Meson names what is missing, if anything is.
      return 0
      ;;
  esac
  # shellcheck disable=SC2086
  install_packages $names
}

# The mirrors to try, one a line; an empty line is debootstrap's own default.
host_mirrors () {
  if [ -n "${PENTIMENTO_MIRROR:-}" ]; then
    echo "$PENTIMENTO_MIRROR"
    return 0
  fi
  if [ "$(os_release ID)" = debian ]; then
    host_apt_uris | grep -E '^https?://' | grep -v security | head -n 1
  fi
  echo
}

# URIs of the host's release, from one-line and deb822 source files.
host_apt_uris () {
  local name
  name=$(os_release VERSION_CODENAME)
  sed -n -E "s/^deb( +\[[^]]*\])? +([^ ]+) +${name}(-updates)? .*/\2/p" \
    /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null || true
  awk -v name="$name" '
    function flush () { if (uri != "" && suites ~ " " name) print uri
                        uri = suites = "" }
    FNR == 1 { flush() }
    /^[ \t]*$/ { flush() }
    tolower($1) == "uris:" { uri = $2 }
    tolower($1) == "suites:" { suites = " " substr($0, index($0, $2)) }
    END { flush() }' /dev/null /etc/apt/sources.list.d/*.sources \
    2> /dev/null || true
}

# Proxies that only apt knows of are given to debootstrap as well.
host_export_proxy () {
  command -v apt-config > /dev/null || return 0
  local http='' https=''
  eval "$(apt-config shell http Acquire::http::Proxy \
    https Acquire::https::Proxy)"
  case $http in http*) export http_proxy="${http_proxy:-$http}" ;; esac
  case $https in http*) export https_proxy="${https_proxy:-$https}" ;; esac
}
