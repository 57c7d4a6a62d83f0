# Sourced by live tests, behind lib.sh: a MariaDB server of their own, which others cannot connect to.

# mariadb_start: starts it; $mariadb is its process. False if there is none to be started here.
mariadb_start() {
	command -v mariadbd mariadb runuser >/dev/null && [ "$(command -v mariadbd)" ] || return
	mariadb_db=$(mktemp -d)
	mkdir "$mariadb_db/data"
	chown -R nobody "$mariadb_db"
	(cd / && exec runuser -u nobody -- mariadbd --no-defaults --datadir="$mariadb_db/data" --socket="$mariadb_db/socket" --skip-networking \
		--skip-grant-tables --pid-file="$mariadb_db/pid" --innodb-flush-log-at-trx-commit=0) >mariadb.log 2>&1 &
	wait_for [ -S "$mariadb_db/socket" ]
	mariadb=$(cat "$mariadb_db/pid")
	servers+=' mariadb_stop'
}

# mariadb_query SQL…: one session.
mariadb_query() { printf '%s;\n' "$@" | mariadb --no-defaults -S "$mariadb_db/socket" -N >/dev/null || fail "mariadb"; }

mariadb_stop() {
	servers=${servers/ mariadb_stop/}
	kill -KILL "$mariadb"
	wait
	rm -r "$mariadb_db"
}
