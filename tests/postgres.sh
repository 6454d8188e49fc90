#!/usr/bin/env bash
# Runs a command with a PostgreSQL of its own, named in MEDRING_TEST_POSTGRES; takes it away afterwards.
# Installs Debian's package where there is none (as the superuser).
set -euo pipefail
find_server() { find /usr/lib/postgresql -name initdb 2>/dev/null | sort -V | tail -1; }
if [ -z "$(find_server)" ]; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
fi
bin=$(dirname "$(find_server)")
work=$(mktemp -d)
chmod 755 "$work"
# PostgreSQL refuses to run as the superuser.
if [ "$(id -u)" = 0 ]; then
  chown postgres "$work"
  as() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
else
  as() { "$@"; }
fi
cd "$work"
port=$((20000 + RANDOM % 20000))
as "$bin/initdb" -D "$work/data" -U medring -A trust --no-sync >"$work/initdb.log"
cat >>"$work/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$work'
wal_level = logical
max_replication_slots = 20
fsync = off
CONF
trap 'as "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
as "$bin/pg_ctl" -D "$work/data" -l "$work/log" -w start >/dev/null || { cat "$work/log"; exit 1; }
cd - >/dev/null
MEDRING_TEST_POSTGRES="postgres://medring@127.0.0.1:$port" "$@"
