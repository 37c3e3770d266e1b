#!/bin/sh
# Starts PostgreSQL as the image of the world does: a first start makes the database that the variables ask for.
set -eu

# A value from NAME, or from the file that NAME_FILE names.
value() {
  eval "direct=\${$1:-} file=\${$1_FILE:-}"
  if [ -n "$file" ]; then cat "$file"; else printf %s "${direct:-$2}"; fi
}

case "${1:-}" in
  '' | -*) set -- postgres "$@" ;;
esac
if [ "$1" != postgres ]; then exec "$@"; fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=$(value POSTGRES_USER postgres)
  database=$(value POSTGRES_DB "$user")
  password=$(value POSTGRES_PASSWORD '')
  if [ -z "$password" ]; then
    echo 'database is not made yet and POSTGRES_PASSWORD is empty' >&2
    exit 1
  fi
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  secret=$(mktemp)
  printf '%s\n' "$password" >"$secret"
  initdb --username="$user" --pwfile="$secret" --encoding=UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256
  rm -f "$secret"
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl -w -o "-c listen_addresses='' -c unix_socket_directories=/tmp" start
  if [ "$database" != postgres ]; then
    psql -v ON_ERROR_STOP=1 --host=/tmp --username="$user" --no-password --dbname=postgres --set=name="$database" <<'SQL'
CREATE DATABASE :"name";
SQL
  fi
  pg_ctl -w -m fast stop
fi
shift
exec postgres -c "listen_addresses=*" "$@"
