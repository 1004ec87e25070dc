# SPDX-License-Identifier: LGPL-3.0-or-later
# shellcheck shell=bash
# A Debian root below the cache folder, for hosts without GIMP 3: made once
# with debootstrap, then entered with the host's folders at their own paths.

root_need_mib=3072

# Whether this process may mount in a private namespace.
can_mount () {
  [ "${PENTIMENTO_DEV_NO_MOUNT:-0}" != 1 ] \
    && unshare --mount --propagation private \
      mount --bind /tmp /tmp 2> /dev/null
}

# root_prepare SUITE VERB ARGUMENT...: sets $root, making it when needed.
root_prepare () {
  local suite=$1 key
  shift
  root=$cache/$suite
  become_root "$suite" "$@"
  mkdir -p "$cache" 2> /dev/null \
    || fail "The cache folder $cache can't be made; set XDG_CACHE_HOME."
  key=$(debian_packages | cksum)
  root_is_ready "$key" && return 0

  lock "$cache/$suite.lock"
  if ! root_is_ready "$key"; then
    need_space "$cache" "$root_need_mib"
    [ -e "$root/etc/debian_version" ] || root_bootstrap "$suite"
    phase "Installing packages into the $suite root (a minute or two)" \
      "$cache/log/$suite-packages.log" root_install || root_install_failed
    echo "$key" > "$root/etc/pentimento-dev"
  fi
  unlock
}

root_is_ready () {
  [ "$(cat "$root/etc/pentimento-dev" 2> /dev/null)" = "$1" ]
}

# Without root: start again in a user namespace in which we are root.
become_root () {
  [ "$(id -u)" -ne 0 ] || return 0
  if unshare --map-root-user --map-auto --mount true 2> /dev/null; then
    PENTIMENTO_DEV_USERNS=1 exec unshare --map-root-user --map-auto --mount \
      --propagation private -- "$top/dev" --suite "$@"
  fi
  fail "This system has no GIMP 3 packages, so a Debian root has to be made," \
    "and that needs root or user namespaces: run sudo ./dev, or install" \
    "the package uidmap and run ./dev again."
}

root_bootstrap () {
  local suite=$1 mirror new
  new=$cache/$suite.new
  root_need_debootstrap
  host_export_proxy
  while read -r mirror; do
    # What an interrupted run left; its mounts went with its namespace.
    rm -rf --one-file-system "$new"
    if phase "Making a Debian $suite root in $cache" \
        "$cache/log/$suite-debootstrap.log" \
        run_debootstrap "$suite" "$new" "$mirror"; then
      mv "$new" "$root"
      return 0
    fi
  done < <(host_mirrors)
  rm -rf --one-file-system "$new"
  root_bootstrap_failed "$cache/log/$suite-debootstrap.log"
}

root_need_debootstrap () {
  command -v debootstrap > /dev/null && return 0
  [ -z "${PENTIMENTO_DEV_USERNS:-}" ] \
    || fail "debootstrap is missing; install it with your package manager."
  case $(package_manager) in
    '') fail "debootstrap is missing; install it with your package manager." ;;
    dnf) command -v rpm > /dev/null && install_packages debootstrap ;;
    apt) install_packages debootstrap debian-archive-keyring ;;
  esac
}

run_debootstrap () {
  local suite=$1 new=$2 mirror=$3 script=/usr/share/debootstrap/scripts
  set -- --variant=minbase --include=ca-certificates "$suite" "$new"
  [ -z "$mirror" ] || set -- "$@" "$mirror"
  # An older debootstrap does not know the release yet; it is made as sid is.
  if [ ! -e "$script/$suite" ] && [ -e "$script/sid" ]; then
    [ -n "$mirror" ] || set -- "$@" ""
    set -- "$@" "$script/sid"
  fi
  # In a user namespace no device can be made; this has debootstrap bind them.
  [ -z "${PENTIMENTO_DEV_USERNS:-}" ] || export container=lxc
  if can_mount; then
    unshare --mount --propagation private debootstrap "$@"
  else
    debootstrap "$@"
  fi
}

root_bootstrap_failed () {
  if grep -qE 'Failed getting release|Couldn.t download|Invalid Release' \
      "$1"; then
    fail "No Debian mirror could be reached: check the network and the" \
      "proxy, or set PENTIMENTO_MIRROR to the address of a mirror."
  fi
  if grep -qE 'Operation not permitted|noexec or nodev|cannot change root' \
      "$1"; then
    fail "The Debian root can't be made: this container forbids chroot or" \
      "device nodes. Run ./dev on a machine, or in a container, that allows" \
      "them or that has GIMP 3 packages (Debian 13)."
  fi
  fail "The Debian root could not be made; the log above tells why."
}

root_install_failed () {
  if grep -q 'No space left' "$cache/log/"*-packages.log; then
    fail "The disk of $cache is full; free some space and run ./dev again."
  fi
  fail "The packages could not be installed: check the network and the" \
    "proxy, then run ./dev again; it goes on where it stopped."
}

# Settings of the root: no services, no manuals, the host's proxies, and
# mirrors that stand still (snapshots) are good enough.
root_configure () {
  printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  cat > "$root/etc/dpkg/dpkg.cfg.d/pentimento" <<'EOF'
force-unsafe-io
path-exclude=/usr/share/man/*
path-exclude=/usr/share/info/*
path-exclude=/usr/share/doc/*
EOF
  printf '%s\n' 'APT::Install-Recommends "false";' 'Acquire::Retries "3";' \
    'Acquire::Languages "none";' 'APT::Sandbox::User "root";' \
    'Acquire::Check-Valid-Until "false";' \
    > "$root/etc/apt/apt.conf.d/90pentimento"
  if command -v apt-config > /dev/null; then
    apt-config dump | grep -i '^Acquire::https*::Proxy' \
      > "$root/etc/apt/apt.conf.d/91proxy" || true
  fi
  mkdir -p "$root/dev/shm"
  chmod 1777 "$root/dev/shm"
}

# Runs the packager in the root.  Certificates that the host's administrator
# added are needed where a proxy opens https.
root_install () {
  root_configure
  if [ -d /usr/local/share/ca-certificates ]; then
    cp -rL /usr/local/share/ca-certificates "$root/usr/local/share/"
  fi
  # shellcheck disable=SC2046
  root_run bash -eu -c 'export DEBIAN_FRONTEND=noninteractive
    dpkg --configure -a
    update-ca-certificates || true
    apt-get update
    apt-get install -y "$@"
    apt-get clean' install $(debian_packages)
}

# root_run COMMAND...: in $root, same folder, same paths.
root_run () {
  if can_mount; then
    unshare --mount --propagation private -- \
      bash "$tools/enter.sh" "$root" "$top" "$@"
  else
    bash "$tools/enter-copy.sh" "$root" "$top" "$@"
  fi
}
