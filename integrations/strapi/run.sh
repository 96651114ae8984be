#!/usr/bin/env bash
# Tries the gate and Strapi's own webhook on a real Strapi 5, on loopback, in a folder of its own.
#
#   integrations/strapi/run.sh      install from the npm registry, start, try, stop
#
# Needs Node 20 or later, npm, and a compiler for better-sqlite3 where there is no built one. WORK is the folder
# (default: claimlint-strapi in the system's temporary one; what is installed stays there for the next run),
# PYTHON a Python that has claimlint with its extra `serve`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export WORK=${WORK:-${TMPDIR:-/tmp}/claimlint-strapi} PYTHON=${PYTHON:-python3}
export PORT=${PORT:-8141} CLAIMLINT_PORT=${CLAIMLINT_PORT:-8142} STRAPI_TELEMETRY_DISABLED=true
version=${STRAPI_VERSION:-5.54.0}
umask 077
app=$WORK/app
mkdir -p "$app"/{config,database/migrations,public/uploads,src/api/article/content-types/article,src/api/article/controllers,src/api/article/routes,src/api/article/services}
cd "$app"
cat >package.json <<JSON
{"name": "claimlint-strapi", "private": true, "version": "0.0.0",
 "dependencies": {"@strapi/strapi": "$version", "better-sqlite3": "^12", "react": "^18", "react-dom": "^18",
                  "react-router-dom": "^6", "styled-components": "^6"}}
JSON
if [ "$(cat "$WORK/installed" 2>/dev/null)" != "$version" ]; then
  echo "== installing Strapi $version"
  npm install --no-audit --no-fund >"$WORK/npm.log" 2>&1 || { tail -20 "$WORK/npm.log"; exit 1; }
  echo "$version" >"$WORK/installed"
fi

echo "== site"
random() { head -c 24 /dev/urandom | base64 | tr -d '/+=\n'; }
rm -rf .tmp
mkdir -p .tmp
cat >config/server.js <<JS
module.exports = { host: '127.0.0.1', port: $PORT, app: { keys: ['$(random)'] } };
JS
cat >config/admin.js <<JS
module.exports = { serveAdminPanel: false, auth: { secret: '$(random)' }, apiToken: { salt: '$(random)' },
                   transfer: { token: { salt: '$(random)' } }, secrets: { encryptionKey: '$(random)' } };
JS
cat >config/database.js <<'JS'
module.exports = { connection: { client: 'sqlite', connection: { filename: '.tmp/data.db' }, useNullAsDefault: true } };
JS
cat >src/api/article/content-types/article/schema.json <<'JSON'
{"kind": "collectionType", "collectionName": "articles",
 "info": {"singularName": "article", "pluralName": "articles", "displayName": "Article"},
 "options": {"draftAndPublish": true},
 "attributes": {"title": {"type": "string"}, "body": {"type": "blocks"}, "summary": {"type": "richtext"}}}
JSON
for part in controllers/Controller routes/Router services/Service; do
  echo "module.exports = require('@strapi/strapi').factories.createCore${part#*/}('api::article.article');" \
    >"src/api/article/${part%/*}/article.js"
done
cp "$here/claimlint.js" src/claimlint.js
cp "$here/index.js" src/index.js
echo "== trying"
exec "$PYTHON" "$here/try.py"
