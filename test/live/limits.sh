#!/bin/bash
# Large scripts load and run on every kernel, or are refused with a message that says why.
. "${0%/*}/../lib.sh"
needs root

# repeat N TEXT: the text for each number below N, which takes the place of #
repeat() { T=$2 awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) { t = ENVIRON["T"]; gsub(/#/, i, t); print t } }'; }

# runs NAME WANT OPTIONS…: the script in the file script.ply prints WANT
runs() {
	run timeout 250 ply "${@:3}" script.ply
	[ $status = 0 ] && [ ! -s err ] || fail "$1: status $status"
	[ "$(cat out)" = "$2" ] || fail "$1: not what was expected"
}

{ repeat 200 'BEGIN /y >= 0/ { @[#] = count(); y += #; }'; echo 'BEGIN { printf("%d\n", y); clear(@); exit(0); }'; } >script.ply
runs "200 clauses on one event" 19900

# thread-locals, this-> and strtok go on from function to function
{
	echo 'BEGIN { this->sum = 1; this->text = "abc"; $t = strtok("a b", " "); }'
	repeat 200 'BEGIN { this->sum += #; self->n++; @[this->text, #] = sum(this->sum); $x = this->sum * 3 + self->n; y = $x; }'
	echo 'BEGIN { printf("%d %d %s %s\n", this->sum, self->n, this->text, strtok(0, " ")); clear(@); exit(0); }'
} >script.ply
runs "what clauses share" "19901 200 abc b"

{ repeat 200 'BEGIN { printf("#\n"); }'; echo 'BEGIN { exit(0); }'; } >script.ply
runs "200 clauses that print" "$(seq 0 199)"

{
	echo 'BEGIN {'
	repeat 100 '@m#[#] = #; w#[comm] = #; v# = #; self->t# = #; @c# = count();'
	echo '}'
	repeat 100 'BEGIN { s += @m#[#] + w#[comm] + v# + self->t#; clear(@m#); clear(@c#); }'
	echo 'BEGIN { printf("%d\n", s); exit(0); }'
} >script.ply
runs "100 maps and variables" 19800

# maps that share a name in the program are cleared each on its own, and looped over where the kernel can
{
	echo 'BEGIN {'
	repeat 60 '@m#[1] = #; @m#[2] = #; @a#["x"] = count(); @a#["y"] = count();'
	echo '}'
	repeat 59 'BEGIN { clear(@m#); clear(@a#); }'
	echo 'BEGIN { printf("%d %d\n", @m59[1], has_key(@m58, 1)); exit(0); }'
} >script.ply
run ply script.ply
expect_status 0
expect_out <<'END'
59 1

@m59
  1                                   59
  2                                   59

@a59
  x                                    1
  y                                    1
END

cat >script.ply <<'END'
BEGIN {
	$a = "0123456789abcdef";
	$a = strjoin($a, $a); $a = strjoin($a, $a); $a = strjoin($a, $a); $a = strjoin($a, $a); $a = strjoin($a, $a);
	$a = strjoin($a, $a); $a = strjoin($a, $a); $b = strjoin($a, $a);
	m[1] = $b; s = $b; self->s = $a;
	printf("%d %d %d %d %d\n", strlen($a), strlen($b), m[1] == $b, s == $b, self->s == substr($b, 0, 2048));
	exit(0);
}
END
runs "strings of 4 KiB" "2048 4095 1 1 1" -x strsize=4096

echo 'BEGIN { m["a"] = 1; printf("%d\n", m["a"]); exit(0); }' >script.ply
run ply -x strsize=4096 script.ply
if [ $status = 0 ]; then
	expect_out <<<1
else
	expect_match err '^script.ply:1:9: error: a key of m takes [0-9]+ bytes, and this kernel allows 512$'
fi

{
	echo 'BEGIN {'
	repeat 60 '$v# = # * (pid > 0);'
	echo 'for ($i : 0..3) { $s = 0'
	repeat 60 '+ $v# * ($i + 1)'
	echo ';'
	repeat 60 '$v#++;'
	echo '} printf("%d\n", $s); exit(0); }'
} >script.ply
runs "60 live values" $((3 * (1770 + 120)))

{ repeat 80 'BEGIN { g# = #; }'; echo 'BEGIN { printf("%d\n", '; repeat 79 'g# + ('; echo g79; repeat 79 ')'; echo '); exit(0); }'; } >script.ply
runs "an expression 80 deep" 3160

{ echo 'BEGIN { x = 5;'; repeat 200 'if (x > -#) { '; echo 'printf("in\n");'; repeat 200 '}'; echo 'exit(0); }'; } >script.ply
runs "200 ifs in each other" in

{ echo 'BEGIN { x = 199;'; repeat 200 'if (x == #) { @[#] = count(); y = # * 7; } else '; echo '{ } printf("%d\n", y); clear(@); exit(0); }'; } >script.ply
runs "200 branches" 1393

# further than a jump reaches: some 50,000 instructions
{ echo 'BEGIN { x = 5;'; repeat 8000 'if (x % (# + 2) == 1) { y += #; }'; echo 'printf("%d\n", y); exit(0); }'; } >script.ply
runs "8000 branches that are never taken" 2

{ repeat 1000 'BEGIN { x++; y = y * 3 + x; @[#, y] = sum(x * #); if (y % 2) { x++; } }'; echo 'BEGIN { clear(@); exit(0); }'; } >script.ply
runs "1000 clauses" ""

# one clause that is too large says so
{ echo 'BEGIN {'; repeat 4000 'x++; @[#, x] = sum(x * # + y); y = y ^ #;'; echo 'exit(0); }'; } >script.ply
run ply script.ply
expect_status 1
expect_match err '^script.ply:1:1: error: this clause is too large'

{ echo 'BEGIN {'; repeat 65 'printf("#");'; echo '}'; } >script.ply
run ply script.ply
expect_status 1
expect_match err '^script.ply:66:1: error: a clause has at most 64 actions'

{ repeat 10000 'syscall:getppid /arg0 == #/ { @[comm, #] = count(); }'; echo 'BEGIN { exit(0); }'; } >script.ply
run ply -e script.ply
expect_status 0
