#!/usr/bin/env bash
# Installs the real services and programs that tests use where they find them. Needs Debian and root; without them, the
# tests that use one say that they were left out.
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
)
missing=()
for entry in "${needed[@]}"; do
  # Unquoted, because the name of a folder depends on the machine.
  command -v ${entry%%:*} > /dev/null || compgen -G "${entry%%:*}" > /dev/null || missing+=("${entry#*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi
