#!/bin/sh
# installed.sh [target]: installs the packages of tarballs/ in an empty project and tries them, with the compiled
# addon of a target where there is one, and then, in any case, with one that is built here from the package.
set -eu
packages=$(cd "$(dirname "$0")/../tarballs" && pwd)
project=$(mktemp -d)
cd "$project"
echo '{ "name": "project", "private": true }' >package.json
cp "$packages/probe.mjs" .

# Our packages are not published yet: npm finds each of them beside the one that asks for it.
set -- "${1:-}" "$packages"/psutil-extra-[0-9]*.tgz "$packages"/psutil-extra-worker-*.tgz "$packages"/psutil-extra-native-[0-9]*.tgz
target=$1
shift
[ -z "$target" ] || set -- "$@" "$packages/psutil-extra-native-$target"-[0-9]*.tgz
npm install --no-audit --no-fund --omit=optional "$@"

if [ -n "$target" ]; then
  node probe.mjs
  rm -r "node_modules/@psutil-extra/native-$target"
fi
make=$(command -v gmake || command -v make)
MAKE=$make npx -y node-gyp@12.4.0 rebuild -C node_modules/@psutil-extra/native/source --nodedir=nodedir
node probe.mjs
