#!/usr/bin/env bash
# Tries the flows on a real Directus, on loopback, in a folder of its own.
#
#   integrations/directus/run.sh      install from the npm registry, start, try, stop
#
# Directus needs Node 22, which the npm package `node` brings, and a compiler where there is no built isolated-vm or
# sqlite3; that takes some minutes. WORK is the folder (default: claimlint-directus in the system's temporary one; what
# is installed stays there for the next run), PYTHON a Python that has claimlint with its extra `serve`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export WORK=${WORK:-${TMPDIR:-/tmp}/claimlint-directus} PYTHON=${PYTHON:-python3}
export PORT=${PORT:-8171} CLAIMLINT_PORT=${CLAIMLINT_PORT:-8172}
version=${DIRECTUS_VERSION:-12.4.0}
umask 077
mkdir -p "$WORK/tools" "$WORK/app"
cd "$WORK/tools"
[ -e package.json ] || echo '{"name": "tools", "private": true, "version": "0.0.0"}' >package.json
if [ ! -x node_modules/.bin/node ]; then
  npm install --no-audit --no-fund node@22 >"$WORK/npm.log" 2>&1 || { tail -20 "$WORK/npm.log"; exit 1; }
fi
export PATH=$WORK/tools/node_modules/node/bin:$PATH
cd "$WORK/app"
if [ "$(cat "$WORK/installed" 2>/dev/null)" != "$version" ]; then
  echo "== installing Directus $version with Node $(node --version)"
  # The headers of this very Node, which its package has; otherwise they are downloaded from nodejs.org.
  export npm_config_nodedir=$WORK/tools/node_modules/node/node_modules/node-$(node -p 'process.platform + "-" + process.arch')
  echo "{\"name\": \"claimlint-directus\", \"private\": true, \"version\": \"0.0.0\", \"dependencies\": {\"directus\": \"$version\"}}" >package.json
  npm install --no-audit --no-fund >"$WORK/npm.log" 2>&1 || { tail -20 "$WORK/npm.log"; exit 1; }
  echo "$version" >"$WORK/installed"
fi
echo "== trying"
exec "$PYTHON" "$here/try.py"
