Strings: what they are compared and joined to, and each function with its edges.

== comparing with literals
BEGIN {
	$s = "abc";
	printf("%d%d%d%d ", $s == "abc", $s == "ab", $s == "abcd", $s == "");
	printf("%d%d%d%d ", $s != "abc", $s != "ab", $s != "abcd", $s != "");
	printf("%d%d%d%d\n", $s < "abd", $s < "abc", $s > "ab", $s > "abcd");
	exit(0);
}
--
1000 0111 1010

== comparing variables
BEGIN {
	$a = "apple"; $b = "apricot"; $c = "apple";
	printf("%d%d%d%d%d\n", $a == $b, $a == $c, $a < $b, $b < $a, $a != $b);
	exit(0);
}
--
01101

== bytes above 127 are greater than letters
BEGIN { $s = "\xff"; $t = "z"; printf("%d%d\n", $s > "z", $t < $s); exit(0); }
--
11

== a string compared with 0 is compared with ""
BEGIN { $s = "x"; printf("%d%d\n", $s == 0, $s != 0); exit(0); }
--
01

== strlen
BEGIN { $s = "hello"; $e = ""; printf("%d %d %d\n", strlen($s), strlen($e), strlen("four")); exit(0); }
--
5 0 4

== strjoin
BEGIN { $s = "ab"; $e = ""; printf("[%s][%s][%s]\n", strjoin($s, "cd"), strjoin($e, $s), strjoin($s, strjoin("-", $s))); exit(0); }
--
[abcd][ab][ab-ab]

== strings are cut at strsize
BEGIN { $s = "0123456789"; $t = strjoin($s, $s); printf("%s %d\n", $t, strlen($t)); exit(0); }
-- args -x strsize=16
--
012345678901234 15

== substr counts from the begin
BEGIN { $s = "abcdef"; printf("[%s][%s][%s][%s]\n", substr($s, 0), substr($s, 2), substr($s, 6), substr($s, 10)); exit(0); }
--
[abcdef][cdef][][]

== substr takes n characters
BEGIN { $s = "abcdef"; printf("[%s][%s][%s][%s]\n", substr($s, 0, 2), substr($s, 2, 3), substr($s, 2, 0), substr($s, 4, 100)); exit(0); }
--
[ab][cde][][ef]

== substr counts from the end
BEGIN { $s = "abcdef"; printf("[%s][%s][%s]\n", substr($s, -2), substr($s, -4, 2), substr($s, -6)); exit(0); }
--
[ef][cd][abcdef]

== substr leaves out what lies before the begin
BEGIN { $s = "abcdef"; printf("[%s][%s][%s]\n", substr($s, -8), substr($s, -8, 3), substr($s, -8, 2)); exit(0); }
--
[abcdef][a][]

== substr leaves out as many at the end
BEGIN { $s = "abcdef"; printf("[%s][%s][%s][%s]\n", substr($s, 0, -1), substr($s, 2, -2), substr($s, 2, -4), substr($s, -3, -1)); exit(0); }
--
[abcde][cd][][de]

== substr with numbers known at run time only
BEGIN { $s = "abcdef"; for ($i : 0..4) { printf("%s ", substr($s, $i, $i + 1)); } printf("\n"); exit(0); }
--
a bc cde def 

== strchr and strrchr
BEGIN { $s = "a/b/c"; printf("[%s][%s][%s][%s]\n", strchr($s, '/'), strrchr($s, '/'), strchr($s, 'x'), strrchr($s, 'x')); exit(0); }
--
[/b/c][/c][][]

== strstr
BEGIN {
	$s = "one two three"; $n = "two"; $e = "";
	printf("[%s][%s][%s][%s]\n", strstr($s, "t"), strstr($s, $n), strstr($s, "four"), strstr($s, $e));
	printf("[%s][%s]\n", strstr($e, "x"), strstr($s, "one two three four"));
	exit(0);
}
--
[two three][two three][][one two three]
[][]

== a needle that begins again within itself
BEGIN {
	$s = "aabaabaaab aabaaab"; $n = "aabaaab"; $m = "aaaa";
	printf("%d %d %d %d\n", index($s, $n), rindex($s, $n), index($s, "aabaaab"), rindex($s, "aabaaab"));
	printf("%d %d %d\n", index($s, $m), index($s, "aaab"), rindex($s, "aab"));
	exit(0);
}
--
3 11 3 11
-1 6 15

== strcontains
BEGIN { $s = "needle in hay"; $n = "in"; printf("%d%d%d%d\n", strcontains($s, "hay"), strcontains($s, "straw"), strcontains($s, $n), strcontains($s, "")); exit(0); }
--
1011

== index
BEGIN {
	$s = "abcabc"; $b = "b"; $e = "";
	printf("%d %d %d %d\n", index($s, "c"), index($s, $b), index($s, "x"), index($s, "abcabcd"));
	printf("%d %d %d %d\n", index($s, $b, 1), index($s, $b, 2), index($s, "b", 5), index($s, "b", -3));
	printf("%d %d %d\n", index($s, $e), index($s, $e, 3), index($s, $e, 100));
	exit(0);
}
--
2 1 -1 -1
1 4 -1 1
0 3 6

== rindex
BEGIN {
	$s = "abcabc"; $b = "b"; $e = "";
	printf("%d %d %d\n", rindex($s, "c"), rindex($s, $b), rindex($s, "x"));
	printf("%d %d %d %d\n", rindex($s, $b, 4), rindex($s, $b, 3), rindex($s, "b", 0), rindex($s, "b", 100));
	printf("%d %d %d %d\n", rindex($s, $e), rindex($s, $e, 3), rindex($s, "a", -1), rindex($s, $e, -1));
	exit(0);
}
--
5 4 -1
4 1 -1 4
6 3 -1 0

== strtok
BEGIN {
	$s = ",;one,two;;three,";
	printf("[%s][%s][%s][%s][%s]\n", strtok($s, ",;"), strtok(0, ",;"), strtok(0, ",;"), strtok(0, ",;"), strtok(0, ",;"));
	exit(0);
}
--
[one][two][three][][]

== strtok goes on with other delimiters, and begins anew with a string
BEGIN {
	$s = "a b=c d"; $t = "x y";
	printf("[%s]", strtok($s, " "));
	printf("[%s]", strtok(NULL, "="));
	printf("[%s]", strtok($t, " "));
	printf("[%s]\n", strtok(NULL, " "));
	exit(0);
}
--
[a][b][x][y]

== strtok in a loop
BEGIN {
	$t = strtok("eins zwei drei", " ");
	while ($t != "") { printf("<%s>", $t); $t = strtok(0, " "); }
	printf("\n");
	exit(0);
}
--
<eins><zwei><drei>

== strcmp and strncmp
BEGIN {
	$a = "abc"; $b = "abd";
	printf("%d %d %d ", strcmp($a, $b), strcmp($b, $a), strcmp($a, "abc"));
	printf("%d %d %d %d\n", strncmp($a, $b, 2), strncmp($a, $b, 3), strncmp($b, $a, 100), strncmp($a, "xyz", 0));
	exit(0);
}
--
-1 1 0 0 -1 1 0

== lltostr
BEGIN {
	$n = 1234; $m = -1234; $z = $n - 1234;
	printf("%s %s %s\n", lltostr($n), lltostr($m), lltostr($z));
	printf("%s %s %s %s\n", lltostr($n, 2), lltostr($n, 8), lltostr($n, 16), lltostr($n, 36));
	printf("%s %s %s\n", lltostr($z, 2), lltostr($z, 8), lltostr($z, 16));
	exit(0);
}
--
1234 -1234 0
10011010010 02322 0x4d2 ya
0 0 0x0

== lltostr of the extremes
BEGIN {
	$n = 0x7fffffffffffffff; $m = -$n - 1; $u = (u64)$m;
	printf("%s %s %s %s\n", lltostr($n), lltostr($m), lltostr($u), lltostr($m, 16));
	exit(0);
}
--
9223372036854775807 -9223372036854775808 9223372036854775808 0x8000000000000000

== functions of constants are folded to the same
BEGIN {
	printf("%d %s %d %d ", strlen("abc"), strjoin("a", "b"), strcmp("b", "a"), strncmp("ab", "ac", 1));
	printf("%s %s %s %d\n", lltostr(255, 16), lltostr(0, 8), lltostr(-5), strcontains("abc", "bc"));
	exit(0);
}
--
3 ab 1 0 0xff 0 -5 1

== glob
BEGIN {
	$s = "file.tar.gz";
	printf("%d%d%d%d ", glob($s, "*"), glob($s, "*.gz"), glob($s, "*.tar*"), glob($s, "file*gz"));
	printf("%d%d%d%d ", glob($s, "file"), glob($s, "*.bz2"), glob($s, "?ile.tar.gz"), glob($s, "?file.tar.gz"));
	printf("%d%d%d%d\n", glob($s, "[a-f]ile*"), glob($s, "[!a-f]ile*"), glob($s, "*[.]gz"), glob($s, "*\\.gz"));
	exit(0);
}
--
1111 0010 1011

== glob of an empty string
BEGIN { $e = ""; printf("%d%d%d%d\n", glob($e, ""), glob($e, "*"), glob($e, "?"), glob($e, "a*")); exit(0); }
--
1100

== glob goes back to an earlier star
BEGIN { $s = "aaab"; printf("%d%d%d\n", glob($s, "*ab"), glob($s, "*a*b"), glob($s, "*aa*aa*b")); exit(0); }
--
110

== basename and dirname
BEGIN {
	$a = "/usr/lib/libc.so"; $b = "/usr/lib/"; $c = "lib"; $d = "/"; $e = ""; $f = "/usr"; $g = "a//b//";
	printf("%s %s %s %s %s %s %s\n", basename($a), basename($b), basename($c), basename($d), basename($e), basename($f), basename($g));
	printf("%s %s %s %s %s %s %s\n", dirname($a), dirname($b), dirname($c), dirname($d), dirname($e), dirname($f), dirname($g));
	exit(0);
}
--
libc.so lib lib / . usr b
/usr/lib /usr . / . / a

== cleanpath
BEGIN { $p = "/a/./b//c/../d"; printf("%s\n", cleanpath($p)); }
BEGIN { $p = "/a/b/../../c"; printf("%s\n", cleanpath($p)); }
BEGIN { $p = "/../x"; printf("%s\n", cleanpath($p)); }
BEGIN { $p = "/a/.."; printf("%s\n", cleanpath($p)); }
BEGIN { $p = "a/b"; printf("%s\n", cleanpath($p)); }
BEGIN { $p = "/a/...b/.c"; printf("%s\n", cleanpath($p)); }
BEGIN { $p = "/a/b/.."; printf("%s\n", cleanpath($p)); }
BEGIN { exit(0); }
--
/a/b/d
/c
/x
/
a/b
/a/...b/.c
/a/

== strings of 4 KiB
string s; string t;
BEGIN {
	s = "abc"; t = "bc";
	for ($i : 0..10) { s = strjoin(s, s); }
	printf("%d %d %d %d\n", strlen(s), index(s, t), rindex(s, t), rindex(s, "abc"));
	exit(0);
}
-- args -x strsize=4096
--
3072 1 3070 3069

== more with strings of 4 KiB
string s; string t;
BEGIN {
	s = "abc"; t = "bc";
	for ($i : 0..10) { s = strjoin(s, s); }
	printf("%d %s %d %d\n", glob(s, "*abc"), substr(s, -4), s == t, strlen(strrchr(s, 'a')));
	exit(0);
}
-- args -x strsize=4096
--
1 cabc 0 3

== the longest string
string s;
BEGIN {
	s = "0123456789abcdef";
	for ($i : 0..9) { s = strjoin(s, s); }
	printf("%d %d %s %s\n", strlen(s), rindex(s, "f"), substr(s, 4090), substr(basename(s), 4093));
	exit(0);
}
-- args -x strsize=4096
--
4095 4079 abcde de

== buf shows bytes
BEGIN { $s = "ab\n\x01"; print(buf($s, 4)); printf("%r\n", buf($s, 2)); exit(0); }
--
ab\x0a\x01
ab

== addresses of the network
BEGIN {
	printf("%s %s\n", ntop(0x0100007f), ntop(AF_INET, 0x0100007f));
	print(ntop(0x04030201));
	exit(0);
}
--
127.0.0.1 127.0.0.1
1.2.3.4

== comm in an arm of ?: is read there
BEGIN { $x = 0; $s = $x ? comm : "none"; $t = $x == 0 ? comm : "none"; printf("%s %s %d\n", $s, $t, $t == comm); exit(0); }
-- args -c true
--
none ply 1

== literals one after the other are one
BEGIN {
	printf("%s "
	       "%d\n", "a" "" /* and */ "b", strlen("one" "two"));
	@["k" "1"] = count();
	exit(0);
}
--
ab 6

@
  k1                                   1

== a mistake in the second of two literals
BEGIN { printf("%d " "%q\n", 1); }
-- status 1
-- stderr
one-liner:1:23: error: '%q' has no conversion letter
    BEGIN { printf("%d " "%q\n", 1); }
                          ^~

== what is longer than strsize is cut, its final 0 included
BEGIN
{
	@s = "abcdefghijkl"; $l = "abcdefghijkl"; @k["abcdefghijkl"] = 1; self->t = pid ? "abcdefghijkl" : ""; $t = ("abcdefghijkl", 1);
	printf("%d %d %d %d\n", strlen(@s), strlen($l), strlen(self->t), strlen($t.0));
	printf("%d %d %d %d\n", @s == "abcdefg", @s == $l, has_key(@k, "abcdefg"), @k["abcdefghijkl"]);
	@k[strjoin("abcd", "efghijkl")] = 2;
	exit(0);
}
-- args -x strsize=8
--
7 7 7 7
1 1 1 1
@s: abcdefg

@k[strjoin("abcd", "efghijkl")]
  abcdefg                              2
