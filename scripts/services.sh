#!/usr/bin/env bash
# Installs the real services and programs that tests use where they find them. Needs Debian and root; without them, the
# tests that use one say that they were left out.
set -euo pipefail

# The program, and the package that has it.
needed=(redis-server:redis-server lognormalizer:liblognorm-utils python3:python3)
missing=()
for entry in "${needed[@]}"; do
  command -v "${entry%%:*}" > /dev/null || missing+=("${entry#*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi
