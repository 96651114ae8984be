#!/usr/bin/env bash
# Tries Ghost's own webhooks on a real Ghost 6, on loopback, in a folder of its own.
#
#   integrations/ghost/run.sh      install from the npm registry, start, try, stop
#
# Ghost 6 needs Node 22, which the npm package `node` brings, and pnpm, which it is locked with (both go into the
# folder). A compiler is needed where there is no built better-sqlite3 or re2; that takes some minutes. WORK is the
# folder (default: claimlint-ghost in the system's temporary one; what is installed stays there for the next run),
# PYTHON a Python that has claimlint with its extra `serve`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export WORK=${WORK:-${TMPDIR:-/tmp}/claimlint-ghost} PYTHON=${PYTHON:-python3}
export PORT=${PORT:-8151} CLAIMLINT_PORT=${CLAIMLINT_PORT:-8152}
version=${GHOST_VERSION:-6.65.0} pnpm=${PNPM_VERSION:-12.4.2}
umask 077
mkdir -p "$WORK/tools"
cd "$WORK/tools"
[ -e package.json ] || echo '{"name": "tools", "private": true, "version": "0.0.0"}' >package.json
if [ ! -x node_modules/.bin/pnpm ]; then
  npm install --no-audit --no-fund node@22 "pnpm@$pnpm" >"$WORK/npm.log" 2>&1 || { tail -20 "$WORK/npm.log"; exit 1; }
fi
export PATH=$WORK/tools/node_modules/node/bin:$WORK/tools/node_modules/.bin:$PATH
cd "$WORK"
if [ "$(cat installed 2>/dev/null)" != "$version" ]; then
  # The headers of this very Node, which its package has; otherwise they are downloaded from nodejs.org.
  export npm_config_nodedir=$WORK/tools/node_modules/node/node_modules/node-$(node -p 'process.platform + "-" + process.arch')
  echo "== installing Ghost $version with Node $(node --version)"
  # Its package carries parts of itself as archives, which npm install by name does not find.
  npm pack --silent "ghost@$version" >/dev/null
  rm -rf package
  tar xzf "ghost-$version.tgz"
  (cd package && pnpm install --prod --frozen-lockfile) >"$WORK/pnpm.log" 2>&1 || { tail -20 "$WORK/pnpm.log"; exit 1; }
  echo "$version" >installed
fi
echo "== trying"
exec "$PYTHON" "$here/try.py"
