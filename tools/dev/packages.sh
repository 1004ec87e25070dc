# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# What has to be installed, by the names of each distribution.

debian_packages () {
  cat <<'EOF'
adwaita-icon-theme
ca-certificates
clang
clang-format
dbus
dbus-x11
fonts-dejavu-core
g++
gcc
gettext
gimp
git
gnome-keyring
imagemagick
libc6-dev
libcjson-dev
libclang-rt-dev
libcurl4-openssl-dev
libgegl-dev
libgimp-3.0-dev
libisal-dev
libonnxruntime-dev
libpng-dev
librsvg2-common
libsecret-1-dev
meson
ninja-build
openssl
pkgconf
python3
python3-jsonschema
shellcheck
util-linux
xauth
xdotool
xvfb
zlib1g-dev
EOF
}

fedora_packages () {
  cat <<'EOF'
ImageMagick
adwaita-icon-theme
ca-certificates
cjson-devel
clang
clang-tools-extra
compiler-rt
dbus-daemon
dbus-x11
dejavu-sans-fonts
gcc
gcc-c++
gegl04-devel
gettext
gimp
gimp-devel
git-core
gnome-keyring
libasan
libcurl-devel
libpng-devel
librsvg2
libsecret-devel
libubsan
meson
ninja-build
onnxruntime-devel
openssl
pkgconf-pkg-config
python3
python3-jsonschema
ShellCheck
util-linux
xdotool
xorg-x11-server-Xvfb
xorg-x11-xauth
zlib-devel
EOF
}

# Faces without a network: some 160 packages, so only where somebody asks for
# them; the build works without.
opencv_packages () {
  cat <<'EOF'
libopencv-objdetect-dev
opencv-data
EOF
}

# Only ./dev bench needs these: the programs it compares with.
bench_packages () {
  echo gmic
}

# install_packages NAME...: those that are missing, on the system where this
# runs (the host or the root).  One sentence when that is not possible.
install_packages () {
  local manager missing
  manager=$(package_manager)
  missing=$(missing_packages "$manager" "$@")
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086
  set -- $missing
  if [ "$(id -u)" -ne 0 ]; then
    fail "Packages are missing; install them with:" \
      "sudo $(install_command "$manager") $*"
  fi
  phase "Installing missing packages ($#)" "$cache/log/install.log" \
    run_install "$manager" "$@" \
    || fail "Packages could not be installed; is the network reachable?"
}

package_manager () {
  if command -v apt-get > /dev/null; then
    echo apt
  elif command -v dnf > /dev/null; then
    echo dnf
  fi
}

missing_packages () {
  local manager=$1 name
  shift
  for name in "$@"; do
    case $manager in
      apt)
        dpkg-query -W -f '${db:Status-Status}\n' "$name" 2> /dev/null \
          | grep -qx installed || echo "$name"
        ;;
      dnf) rpm -q --whatprovides "$name" > /dev/null 2>&1 || echo "$name" ;;
    esac
  done
}

install_command () {
  case $1 in
    apt) echo "apt-get install -y --no-install-recommends" ;;
    dnf) echo "dnf install -y --setopt=install_weak_deps=False" ;;
  esac
}

run_install () {
  local manager=$1
  shift
  export DEBIAN_FRONTEND=noninteractive
  if [ "$manager" = apt ]; then
    # An interrupted earlier run is mended first.
    dpkg --configure -a && apt-get update || return
  fi
  # shellcheck disable=SC2046
  $(install_command "$manager") "$@"
}
