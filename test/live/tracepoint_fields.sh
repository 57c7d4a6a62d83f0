#!/bin/bash
# Every field of src/provider/tracepoints.def that this kernel's events have can be read, and the kernel takes the program;
# without a perf event, but for fields that an old kernel filled otherwise.
. "${0%/*}/../lib.sh"
needs root btf tracefs

def=${0%/*}/../../src/provider/tracepoints.def
[ -e "$def" ] || skip "the sources are not here"
grep -v '^ \|^/' "$def" | tr '\t(,' '   ' >rows
events=/sys/kernel/tracing/events

while read -r what event class _; do
	[ "$what" = TRACEPOINT ] || continue
	format=$(compgen -G "$events/*/$event/format") || continue
	category=${format#"$events"/} fields=
	while read -r what of field _; do
		if [ "$what $of" = "FIELD $class" ] && grep -q "field:.*[ *]$field[[;]" "$format"; then
			fields+=${fields:+, }args.$field
		fi
	done <rows
	[ "$fields" ] || fail "$event has none of its fields"
	run ply -v -c true "tracepoint:${category%%/*}:$event { @[$fields] = count(); }"
	expect_status 0
	[ "$event" = workqueue_queue_work ] || expect_match err ': btftp'
done <rows

exit 0
