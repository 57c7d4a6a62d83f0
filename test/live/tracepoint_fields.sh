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

# enums go by their names, also where the format tells of them
if grep -q 'enum skb_drop_reason reason' "$events/skb/kfree_skb/format"; then
	run ply -c 'bash -c ": >/dev/tcp/127.0.0.1/9"' \
		'tracepoint:skb:kfree_skb /comm == "bash" && args.reason == SKB_DROP_REASON_NO_SOCKET/ { printf("%d %v\n", args.reason, args.reason); @[args.reason] = count(); }'
	expect_match out '^[0-9]+ SKB_DROP_REASON_NO_SOCKET$'
	expect_match out '^  SKB_DROP_REASON_NO_SOCKET +[1-9][0-9]*$'
fi

exit 0
