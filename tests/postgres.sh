#!/usr/bin/env bash
# Runs a command with a PostgreSQL of its own, named in MEDRING_TEST_POSTGRES; takes it away afterwards. It speaks TLS as well:
# MEDRING_TEST_POSTGRES_CA names a folder with ca.pem, which signed its certificate, and other.pem, which did not.
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
mkdir "$work/tls"
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" \
    -keyout "$work/tls/$1.key" -out "$work/tls/$1.pem" 2>/dev/null
}
authority ca
authority other
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=postgres \
  -keyout "$work/tls/server.key" -out "$work/tls/server.csr" 2>/dev/null
openssl x509 -req -in "$work/tls/server.csr" -CA "$work/tls/ca.pem" -CAkey "$work/tls/ca.key" -CAcreateserial -days 2 \
  -extfile <(echo "subjectAltName=IP:127.0.0.1") -out "$work/tls/server.pem" 2>/dev/null
chmod 600 "$work/tls/server.key"
if [ "$(id -u)" = 0 ]; then chown -R postgres "$work/tls"; fi
cat >>"$work/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$work'
wal_level = logical
max_replication_slots = 20
fsync = off
ssl = on
ssl_cert_file = '$work/tls/server.pem'
ssl_key_file = '$work/tls/server.key'
CONF
trap 'as "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
as "$bin/pg_ctl" -D "$work/data" -l "$work/log" -w start >/dev/null || { cat "$work/log"; exit 1; }
cd - >/dev/null
MEDRING_TEST_POSTGRES_CA="$work/tls" MEDRING_TEST_POSTGRES="postgres://medring@127.0.0.1:$port" "$@"
