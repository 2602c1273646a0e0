#!/usr/bin/env bash
# Installs the real services that tests start where they find them. Needs Debian and root; without them, the tests that use
# one say that they were left out.
set -euo pipefail

needed=(redis-server)
missing=()
for package in "${needed[@]}"; do
  command -v "$package" > /dev/null || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi
