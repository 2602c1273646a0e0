#!/usr/bin/env bash
# Installs the real services and programs that tests use where they find them. Needs Debian and root; without them, the
# tests that use one say that they were left out. Tests start their own services; none is left running by this.
set -euo pipefail

# The program, or the file of a package that has none, and the package.
needed=(
  redis-server:redis-server
  lognormalizer:liblognorm-utils
  python3:python3
  openssl:openssl
  rsyslogd:rsyslog
  /usr/lib/*/rsyslog/lmnsd_gtls.so:rsyslog-gnutls
  /usr/lib/*/rsyslog/imrelp.so:rsyslog-relp
  nats-server:nats-server
  protoc:protobuf-compiler
  prometheus-alertmanager:prometheus-alertmanager
)
# Debian lets nobody install rsyslog and syslog-ng together, so the files of the second one go here.
syslog_ng=/opt/syslog-ng

# Installing must not start services: where nothing says so yet, this does (policy-rc.d of Debian's invoke-rc.d).
if [ ! -e /usr/sbin/policy-rc.d ]; then
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
  chmod +x /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi

missing=()
for entry in "${needed[@]}"; do
  # Unquoted, because the name of a folder depends on the machine.
  command -v ${entry%%:*} > /dev/null || compgen -G "${entry%%:*}" > /dev/null || missing+=("${entry#*:}")
done
if [ ${#missing[@]} -gt 0 ] || [ ! -x "$syslog_ng/usr/sbin/syslog-ng" ]; then
  apt-get update -qq
fi
install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" > /dev/null
}
if [ ${#missing[@]} -gt 0 ]; then install "${missing[@]}"; fi

if [ ! -x "$syslog_ng/usr/sbin/syslog-ng" ]; then
  folder=$(mktemp -d)
  (cd "$folder" && apt-get download -qq -o APT::Sandbox::User=root syslog-ng-core)
  # The first of each alternative, without versions.
  mapfile -t libraries < <(dpkg-deb -f "$folder"/*.deb Depends | tr ',' '\n' | sed -E 's/[|(].*//; s/ //g' | grep '^lib')
  install "${libraries[@]}"
  dpkg-deb -x "$folder"/*.deb "$syslog_ng"
  rm -r "$folder"
fi
