#!/usr/bin/env bash
# Writes src/shipping/otlp-proto from the files here. Needs protoc (Debian: protobuf-compiler) and npm.
set -euo pipefail
cd "$(dirname "$0")/.."
out=src/shipping/otlp-proto
tools=$(mktemp -d)
trap 'rm -r "$tools"' EXIT
# The generator needs Node 22.
npm install --silent --prefix "$tools" @bufbuild/protoc-gen-es@2.17.0 node@22
rm -rf "$out"
mkdir -p "$out"
PATH="$tools/node_modules/.bin:$PATH" protoc -I proto \
  --es_out="$out" --es_opt=target=ts,import_extension=ts,erasable_syntax=true \
  $(cd proto && find . -name '*.proto' -printf '%P\n' | sort)
# Our own rules hold for these files too.
find "$out" -name '*.ts' -exec sed -i '/^\/\* eslint-disable \*\/$/d' {} +
../../node_modules/.bin/oxfmt "$out"
