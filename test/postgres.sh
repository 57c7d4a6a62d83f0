# Sourced by live tests, behind lib.sh: a PostgreSQL server of their own, which others cannot connect to.

# postgres_start: starts it; $postgres is the server's file. False if there is none to be started here.
postgres_start() {
	local bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)

	postgres=$bin/postgres
	[ -x "$postgres" ] && command -v runuser >/dev/null || return
	db=$(mktemp -d)
	servers+=' postgres_stop'
	chown postgres "$db"
	as_postgres initdb -D "$db/data" -A trust --no-sync || fail "initdb"
	as_postgres pg_ctl -D "$db/data" -w -o "-k $db -h '' -F" -l "$db/log" start || fail "$(cat "$db/log")"
}

# postgres_query SQL…: one session.
postgres_query() {
	as_postgres psql -h "$db" -qAt "${@/#/-c}" postgres || fail "psql"
}

postgres_stop() {
	servers=${servers/ postgres_stop/}
	as_postgres pg_ctl -D "$db/data" -m immediate stop
	rm -r "$db"
}

# The user has no access to the test's folder.
as_postgres() { (cd / && runuser -u postgres -- "${postgres%/*}/$1" "${@:2}" >/dev/null); }
