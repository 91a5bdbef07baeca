#!/bin/sh
# Runs a command beside a PostgreSQL of its own: on loopback, in a temporary folder, stopped and removed at the end.
# DATABASE_URL tells the command where it is; PG_OPTIONS are further settings of the server. Exit code 75 when PostgreSQL is not installed.
set -eu

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -x "$bin/initdb" ] || bin=$(dirname "$(command -v initdb || echo /none/initdb)")
[ -x "$bin/initdb" ] || { echo 'PostgreSQL is not installed (Debian: apt-get install postgresql)' >&2; exit 75; }

# PostgreSQL refuses to run as root.
as_owner() { if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

place=$(mktemp -d)
[ "$(id -u)" -eq 0 ] && chown postgres "$place"
port=$("${PYTHON:-python3}" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
stop() {
    as_owner "$bin/pg_ctl" --pgdata "$place/data" --mode immediate --silent stop || true
    rm -rf "$place"
}
trap stop EXIT
trap 'exit 130' INT TERM

cd "$place"
as_owner "$bin/initdb" --pgdata "$place/data" --username keheng --auth trust --encoding UTF8 --locale C.UTF-8 >/dev/null
as_owner "$bin/pg_ctl" --pgdata "$place/data" --silent --wait --log "$place/log" \
    --options "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=on -c max_connections=100 ${PG_OPTIONS:-}" start
cd "$OLDPWD"
PATH="$bin:$PATH" DATABASE_URL="postgresql://keheng@127.0.0.1:$port/postgres" "$@"
