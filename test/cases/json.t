-F json: an object a line, in the shape that bpftrace's readers know, and what is beyond it.

== printf with its arguments, typed
BEGIN { printf("%d %s|%5x\n", 5, "q\"\\\t", 255); printf("plain\n"); exit(0); }
-- args -F json
--
{"type": "printf", "data": "5 q\"\\\t|   ff\n", "args": [5, "q\"\\\t", 255]}
{"type": "printf", "data": "plain\n", "args": []}

== values
BEGIN { print(5); print(-5); print("text"); print((1, "a", (2, "b"))); print(0xffffffffffffffff); exit(0); }
-- args -F json
--
{"type": "value", "data": 5}
{"type": "value", "data": -5}
{"type": "value", "data": "text"}
{"type": "value", "data": [1, "a", [2, "b"]]}
{"type": "value", "data": 18446744073709551615}

== a map without a key, with one, with several, of tuples
BEGIN { @ = 1; @one["a"] = 2; @two[1, "b"] = -3; @tuple[1] = (1, "x"); exit(0); }
-- args -F json
--
{"type": "map", "data": {"@": 1}}
{"type": "map", "data": {"@one": {"a": 2}}, "keys": [["a"]]}
{"type": "map", "data": {"@two": {"1,b": -3}}, "keys": [[1, "b"]]}
{"type": "map", "data": {"@tuple": {"1": [1, "x"]}}, "keys": [[1]]}

== strings that are not text
BEGIN { @["\x01\x7f"] = "\xff\"é"; exit(0); }
-- args -F json
--
{"type": "map", "data": {"@": {"\u0001\u007f": "\ufffd\"é"}}, "keys": [["\u0001\u007f"]]}

== counts, sums, extremes
BEGIN { @c = count(); @s = sum(-5); @n = min(3); @x[1] = max(9); exit(0); }
-- args -F json
--
{"type": "map", "data": {"@c": 1}}
{"type": "map", "data": {"@s": -5}}
{"type": "map", "data": {"@n": 3}}
{"type": "map", "data": {"@x": {"1": 9}}, "keys": [[1]]}

== averages and stats
BEGIN { @a = avg(4); @a = avg(8); @s[1] = stats(4); @s[1] = stats(-8); exit(0); }
-- args -F json
--
{"type": "stats", "data": {"@a": 6}}
{"type": "stats", "data": {"@s": {"1": {"count": 2, "average": -2, "total": -4, "min": -8, "max": 4}}}, "keys": [[1]]}

== histograms: buckets with their bounds, both included
BEGIN { @ = quantize(-3); @ = quantize(0); @ = quantize(6); exit(0); }
-- args -F json
--
{"type": "hist", "data": {"@": [{"min": -3, "max": -2, "count": 1}, {"min": -1, "max": -1, "count": 0}, {"min": 0, "max": 0, "count": 1}, {"min": 1, "max": 1, "count": 0}, {"min": 2, "max": 3, "count": 0}, {"min": 4, "max": 7, "count": 1}]}}

== linear histograms by key; what is beyond has one bound
BEGIN { @["k"] = lquantize(-1, 0, 20, 10); @["k"] = lquantize(5, 0, 20, 10); @["k"] = lquantize(50, 0, 20, 10); exit(0); }
-- args -F json
--
{"type": "hist", "data": {"@": {"k": [{"max": -1, "count": 1}, {"min": 0, "max": 9, "count": 1}, {"min": 10, "max": 19, "count": 0}, {"min": 20, "count": 1}]}}, "keys": [["k"]]}

== system() and cat() are part of it
BEGIN { system("echo %d; echo two", 1); cat("/dev/null"); exit(0); }
-- args -w -F json
--
{"type": "syscall", "data": "1\ntwo\n"}
{"type": "cat", "data": ""}

== cat() ends, whatever it reads
BEGIN { cat("/dev/zero"); exit(0); }
-- args -F json -o /dev/null
-- stderr
one-liner:1:9: warning: '/dev/zero' has more than the 1048576 bytes that cat() prints
    BEGIN { cat("/dev/zero"); exit(0); }
            ^~~~~~~~~~~~~~~~
--

== probes are attached
interval:ms:1 { exit(0); } END { }
-- args -F json
--
{"type": "attached_probes", "data": {"probes": 2}}

== what was printed, then cleared, is not printed again
BEGIN { @[1] = count(); print(@); clear(@); exit(0); }
-- args -F json
--
{"type": "map", "data": {"@": {"1": 1}}, "keys": [[1]]}
