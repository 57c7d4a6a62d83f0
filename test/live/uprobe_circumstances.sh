#!/bin/bash
# User programs in bad circumstances: processes and files that go, other mount namespaces, broken files, many attempts.
. "${0%/*}/../lib.sh"
needs root uprobe

# a process that is not there, or ends before the probes are attached
run ply -p 999999999 'uprobe:funcs:f_args { @ = count(); }'
expect_status 1
expect_match err 'no process 999999999'
run ply -l -p 999999999 'uprobe:libc:malloc'
expect_status 1
expect_out </dev/null
expect_err <<EOT
ply: error: there is no process 999999999
EOT

# a thread of the kernel has no code that could be probed
for spec in 'uprobe:libc:malloc' 'uprobe:*:malloc' 'usdt:libc:*'; do
	[ "$(cat /proc/2/comm)" = kthreadd ] || break
	run ply -p 2 "$spec { exit(0); }"
	expect_status 1
	expect_match err "error: process 2 is a thread of the kernel, which runs no code of programs"
done
for i in 1 2 3 4 5; do
	funcs 1 &
	run ply -p $! 'uprobe:libc:malloc { @ = count(); } usdt:libc:no_such_probe_at_all { @ = count(); }'
	expect_status 1
	wait $!
done

# a process that ends while it is traced ends the run
hold funcs -w 5
start ply -p $held 'uprobe:funcs:f_args { @ = count(); }'
kill -KILL $held
ended
held=
expect_status 0
expect_equal "$(cat out)" '@: 0' 'killed'

# a program that is replaced on disk while it runs: what runs is the old one
cp "$(command -v funcs)" program
hold ./program -w 30
wait_for eval '[[ $(readlink /proc/$held/exe) = */program ]]'
rm program
cp "$(command -v probes 2>/dev/null || command -v calls)" program
start ply -p $held 'uprobe:a.out:f_args { @[probemod] = count(); }'
release
ended
expect_status 0
expect_match out '^  program +30$'
# or removed: by the name that it had
rm program
cp "$(command -v funcs)" program
hold ./program -w 3
wait_for eval '[[ $(readlink /proc/$held/exe) = */program ]]'
rm program
start ply -p $held 'uprobe:program:f_args { @[probemod] = count(); }'
release
ended
expect_match out '^  program +3$'

# another mount namespace: the path is that process's
if command -v unshare >/dev/null; then
	mkdir -p inner
	cat >enter <<'END'
#!/bin/bash
mount -t tmpfs none inner && cp "$(command -v funcs)" inner/inside && exec inner/inside -w 20
END
	chmod +x enter
	rm -f gate
	mkfifo gate
	unshare -m ./enter <gate &
	held=$!
	exec 9>gate
	wait_for eval '[[ $(readlink /proc/$held/exe) = */inner/inside ]]'
	start ply -p $held "uprobe:$T/inner/inside:f_args { @path = count(); } uprobe:inside:f_outer { @name = count(); }"
	release
	ended
	expect_status 0
	expect_match out '^@path: 20$'
	expect_match out '^@name: 20$'

	# of which its root is only a part: the kernel names what is mapped from the namespace's own root
	mkdir -p chrooted
	cat >enter <<'END'
#!/bin/bash
mount -t tmpfs none chrooted || exit
for file in "$(command -v funcs_pie)" $(ldd "$(command -v funcs_pie)" | grep -o '/[^ ]*'); do
	mkdir -p "chrooted${file%/*}" && cp -L "$file" "chrooted$file" || exit
done
exec chroot chrooted "$(command -v funcs_pie)" -w 20
END
	hold unshare -m ./enter
	wait_for eval '[[ $(readlink /proc/$held/exe) = */chrooted/*/funcs_pie ]]'
	start ply -p $held "uprobe:$(command -v funcs_pie):f_args { @path = count(); } uprobe:funcs_pie:f_outer { @name = count(); }
		uprobe:libc:exit { @libc = count(); }"
	release
	ended
	expect_status 0
	expect_match out '^@libc: 1$'
	expect_match out '^@path: 20$'
	expect_match out '^@name: 20$'
fi

# broken files are refused, or have what is whole in them
head -c 3000 "$(command -v funcs_pie)" >short
run ply 'uprobe:./short:f_args { @ = count(); }'
expect_status 1
expect_match err "short has no function 'f_args'|is not an ELF"
printf '\177ELF\2\1\1' >head
run ply 'usdt:./head:* { @ = count(); }'
expect_match err 'is not an ELF program or library'
run ply 'uprobe:./:f { @ = count(); }'
expect_status 1
# a debug file that pretends to be very large is not read for its checksum
if command -v objcopy >/dev/null && objcopy -S --remove-section .note.gnu.build-id "$(command -v funcs_pie)" large 2>/dev/null; then
	objcopy --only-keep-debug --remove-section .note.gnu.build-id "$(command -v funcs_pie)" large.debug
	objcopy --add-gnu-debuglink=large.debug large
	run ply -l 'uprobe:./large:f_static'
	expect_status 0
	truncate -s 1T large.debug && run ply -l 'uprobe:./large:f_static'
	expect_status 1
	rm large.debug
fi
mkfifo pipe
run ply 'uprobe:./pipe:f { @ = count(); }'
expect_status 1
printf '#!/bin/sh\n' >script
run ply 'uprobe:./script:main { @ = count(); }'
expect_match err 'is a script'

# nothing is left behind by a tracer that is killed
hold funcs -w 40
start ply -p $held 'uprobe:funcs:f_args { @ = count(); }'
kill -KILL $pid
wait $pid 2>/dev/null
pid=
start ply -p $held 'uprobe:funcs:f_args { @ = count(); }'
release
ended
expect_equal "$(cat out)" '@: 40' 'traced again'

# one of the alternatives that is there
run ply -c 'funcs 3' 'uprobe:funcs:no_such_function ?? uprobe:funcs:f_args /pid == $target/ { @ = count(); }'
expect_status 0
expect_equal "$(cat out)" '@: 3' 'alternatives'
[ ! -s err ] || fail 'something was said of what is not there'

# threads that do it at the same time: nothing is lost
run ply -c 'funcs -t 4 5000' 'uprobe:funcs:f_static /pid == $target/ { @ = count(); @by[tid % 4] = sum(1); @q = quantize(cpu); }'
expect_status 0
expect_match out '^@: 60000$'
expect_equal "$(awk '/^@by/ { by = 1; next } /^@q/ { by = 0 } by { n += $NF } END { print n }' out)" 60000 'by thread'
exit 0
