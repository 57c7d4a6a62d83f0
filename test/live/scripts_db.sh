#!/bin/bash
# Scripts about databases: a slow query among fast ones, of a MariaDB and a PostgreSQL of their own, and of what looks like MySQL.
. "${0%/*}/../lib.sh"
. "${0%/*}/../mariadb.sh"
. "${0%/*}/../postgres.sh"
needs root uprobe
scripts=${0%/*}/../../scripts examples=${0%/*}/../../doc/examples

# slow SCRIPT ROW QUERY [ARG…]: of these three queries one is slow, so it says (on a busy machine another may be, too); and all with -m 0
slow() {
	local name=$1 row=$2 query=$3

	start ply "$scripts/$name.ply" -m 150 "${@:4}"
	"$query" 'select 40 + 2' "select $sleep(0.2)" "select 'x'"
	stop
	expect_equal "$(head -n 1 out)" "$(sed -n 2p "$examples/$name.ply.txt")" "doc/examples/$name.ply.txt"
	expect_equal "$(grep select out | grep -vcE ' ([0-9]+[0-9]{3}|[2-9][0-9]{2}|1[5-9][0-9])\.[0-9]{3} select')" 0 "$name: fast queries"
	expect_match out "^$row +[0-9]+\\.[0-9]{3} select $sleep\\(0\\.2\\)\$"
	start ply "$scripts/$name.ply" -m 0 "${@:4}"
	"$query" 'select 40 + 2' "select $sleep(0.2)" "select 'x'"
	stop
	for text in '40 \+ 2' "$sleep\\(0\\.2\\)" "'x'"; do
		expect_equal "$(grep -cE "^$row +[0-9]+\\.[0-9]{3} select $text\$" out)" 1 "$name: $text"
	done
}
done=0

if mariadb_start; then
	sleep='sleep' done=$((done + 1))
	slow mysqld_qslower " *[0-9]+\\.[0-9]{6} $mariadb" mariadb_query -p "$mariadb"
	slow dbslower "[0-9:]{8} mysql +$mariadb" mariadb_query -p "$mariadb"
	mariadb_stop
fi

if postgres_start; then
	sleep='pg_sleep' done=$((done + 1))
	slow pgslower '[0-9:]{8} [0-9]+' postgres_query --program="$postgres"
	slow dbslower '[0-9:]{8} postgres +[0-9]+' postgres_query --postgres="$postgres"
	postgres_stop
fi

# MySQL's function has other arguments
cat >mysqld.cc <<'END'
struct COM_DATA { const char *query; };
class THD {};
enum enum_server_command { COM_QUERY = 3, COM_PING = 14 };
bool dispatch_command(THD *thd, const COM_DATA *data, enum_server_command command) { return false; }
int main()
{
	THD thd;
	char text[] = "select 1"; // as what has come from a client
	COM_DATA query = { text }, ping = {};

	return dispatch_command(&thd, &query, COM_QUERY) + dispatch_command(&thd, &ping, COM_PING);
}
END
if ${CXX-c++} -O0 -o mysqld mysqld.cc 2>/dev/null; then
	run ply -c ./mysqld "$scripts/mysqld_qslower.ply" --program=./mysqld -m 0
	expect_equal "$(wc -l <out)" 2 'of what looks like MySQL'
	expect_match out ' [0-9]+\.[0-9]{3} select 1$'
	run ply -c ./mysqld "$scripts/dbslower.ply" --mysql=./mysqld --postgres=/nowhere -m 0
	expect_match out ' mysql +[0-9]+ +[0-9]+\.[0-9]{3} select 1$'
	done=$((done + 1))
fi

run ply "$scripts/mysqld_qslower.ply" --program=/nowhere
expect_status 1
expect_match err "there is no file '?/nowhere"
[ $done = 3 ] || skip "of MariaDB, PostgreSQL and a C++ compiler $((3 - done)) not installed"
exit 0
