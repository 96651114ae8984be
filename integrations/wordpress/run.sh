#!/usr/bin/env bash
# Tries the plugin on a real WordPress: Debian's packages, on loopback, in a folder of its own.
#
#   integrations/wordpress/run.sh            install what is missing, make the site, try, stop
#   KEEP=1 integrations/wordpress/run.sh     leave site, database and claimlint folder as they are
#
# WORK is the folder (default: claimlint-wordpress in the system's temporary one), PYTHON a Python that has
# claimlint with its extra `serve`; with playwright and Chromium there, the editors are tried as well.
# Nothing of the system but the packages is changed: the site is a copy, the database listens on a socket only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export WORK=${WORK:-${TMPDIR:-/tmp}/claimlint-wordpress}
export PYTHON=${PYTHON:-python3} PORT=${PORT:-8131} CLAIMLINT_PORT=${CLAIMLINT_PORT:-8132}
export HOST=127.0.0.1:$PORT SITE=$WORK/site
umask 077
mkdir -p "$WORK"

packages='wordpress wordpress-theme-twentytwentythree php-cli php-mysql php-curl php-xml php-mbstring mariadb-server'
# shellcheck disable=SC2086  (a list of words)
if ! dpkg -s $packages >/dev/null 2>&1; then
  echo "== installing $packages"
  # Debian starts what it installs; ours has to be started by us alone.
  policy=/usr/sbin/policy-rc.d
  [ -e $policy ] || { printf '#!/bin/sh\nexit 101\n' >$policy; chmod 755 $policy; made=$policy; }
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >"$WORK/apt.log" 2>&1
  rm -f ${made:-}
fi

pids=() # each leads a session of its own, so that its children end with it
stop() {
  for pid in "${pids[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap stop EXIT

echo "== database"
socket=$WORK/db.sock
if [ ! -d "$WORK/db/mysql" ]; then
  mariadb-install-db --no-defaults --datadir="$WORK/db" --user="$(id -un)" \
    --auth-root-authentication-method=normal --skip-test-db >"$WORK/db.log" 2>&1
fi
setsid mariadbd --no-defaults --datadir="$WORK/db" --socket="$socket" --pid-file="$WORK/db.pid" --skip-networking \
  --user="$(id -un)" >>"$WORK/db.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do mariadb-admin --no-defaults --socket="$socket" ping >/dev/null 2>&1 && break; sleep 0.2; done

random() { head -c 24 /dev/urandom | base64 | tr -d '/+=\n'; }
database_password=$(random)
export PASSWORD; PASSWORD=$(random)
mariadb --no-defaults --socket="$socket" <<SQL
CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS wordpress@localhost;
SET PASSWORD FOR wordpress@localhost = PASSWORD('$database_password');
GRANT ALL ON wordpress.* TO wordpress@localhost;
SQL

echo "== site"
[ -d "$SITE" ] || cp -rL /usr/share/wordpress "$SITE"
cp "$here/claimlint.php" "$SITE/wp-content/plugins/claimlint.php"
mkdir -p "$SITE/wp-content/mu-plugins"
# Pages have the classic editor, posts the block editor; both are tried.
cat >"$SITE/wp-content/mu-plugins/classic.php" <<'PHP'
<?php
add_filter( 'use_block_editor_for_post_type', function ( $use, $type ) { return 'page' !== $type && $use; }, 10, 2 );
add_filter( 'pre_wp_mail', '__return_true' ); // No mail leaves this machine.
PHP
cat >"$SITE/wp-config.php" <<PHP
<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'wordpress' );
define( 'DB_PASSWORD', '$database_password' );
define( 'DB_HOST', 'localhost:$socket' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
$(for key in AUTH_KEY SECURE_AUTH_KEY LOGGED_IN_KEY NONCE_KEY AUTH_SALT SECURE_AUTH_SALT LOGGED_IN_SALT NONCE_SALT; do
  printf "define( '%s', '%s' );\n" $key "$(random)"
done)
\$table_prefix = 'wp_';
define( 'WP_HOME', 'http://$HOST' );
define( 'WP_SITEURL', 'http://$HOST' );
define( 'WP_ENVIRONMENT_TYPE', 'local' ); // Application passwords work without https.
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_HTTP_BLOCK_EXTERNAL', true ); // Nothing leaves this machine.
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', '$WORK/php.log' );
defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require_once ABSPATH . 'wp-settings.php';
PHP
rm -f "$WORK/php.log"
[ -e "$SITE/.installed" ] || php "$here/setup.php" >"$WORK/install.log"
php "$here/setup.php" >"$WORK/site.json"
PHP_CLI_SERVER_WORKERS=4 setsid php -S "$HOST" -t "$SITE" >"$WORK/web.log" 2>&1 &
pids+=($!)

echo "== trying"
status=0
"$PYTHON" "$here/try.py" || status=$?
[ -n "${KEEP:-}" ] || { stop; rm -rf "$WORK/db" "$SITE"; }
exit $status
