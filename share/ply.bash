# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion of ply: options, settings, scripts and their options, and the names of probes (ply 'syscall:op<TAB>).

_ply_probes() {
	local word=${1#[\'\"]}

	case $word in
	*:*)
		mapfile -t COMPREPLY < <(ply -l "$word*" 2>/dev/null | head -n 2000)
		;;
	*)
		mapfile -t COMPREPLY < <(compgen -W "BEGIN END syscall: sysret: kprobe: kretprobe: fentry: fexit: tracepoint: rawtracepoint:
			profile:hz: interval:s: software: hardware: uprobe: uretprobe: usdt: watchpoint:" -- "$word")
		compopt -o nospace
		;;
	esac
}

# Sets script to the file that the word names, which may lack the ending of one of ply's own.
_ply_find_script() {
	local ending

	case $1 in
	*.ply | *.d) script=$1; return ;;
	-* | */* | *:*) return 1 ;;
	esac
	for ending in .ply .d; do
		script=${PLY_SCRIPTS:-@pkgdatadir@}/$1$ending
		[ ! -e "$script" ] || return 0
	done
	script=
	return 1
}

# The script's own options, as its --help has them.
_ply_script_options() {
	ply "$1" --help 2>/dev/null | grep -oE '^  -.{0,40}' | grep -oE -- '--?[a-zA-Z][a-z_-]*=?'
}

# What -x sets: behind it in --help, in two columns.
_ply_settings() {
	ply --help | awk '/^  -x/ { on = 1; next } on { for (c = 3; c < 80; c += 40) if (split(substr($0, c), word, " ")) print word[1] "=" }'
}

_ply() {
	local line=${COMP_LINE:0:COMP_POINT} cur prev script= word
	local -a words

	# bash takes words apart at colons, unless they are quoted
	read -ra words <<<"$line"
	cur=${line##*[[:blank:]]}
	[ ! "$cur" ] || unset 'words[-1]'
	prev=${words[-1]}
	COMPREPLY=()
	for word in "${words[@]:1}"; do
		! _ply_find_script "$word" || break
	done
	if [ "$script" ]; then
		mapfile -t COMPREPLY < <(compgen -W "--help $(_ply_script_options "$script")" -- "$cur"; compgen -f -- "$cur")
		return
	fi
	case $prev in
	-F | --format) mapfile -t COMPREPLY < <(compgen -W "text json dtrace" -- "$cur"); return ;;
	-d | --dump) mapfile -t COMPREPLY < <(compgen -W "tokens ast typed ir passes records bpf" -- "$cur"); return ;;
	-p | --pid) mapfile -t COMPREPLY < <(cd /proc && compgen -d -X '!+([0-9])' -- "$cur"); return ;;
	-c | --command) mapfile -t COMPREPLY < <(compgen -c -- "$cur"); return ;;
	-o | --output) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	-x | --set)
		mapfile -t COMPREPLY < <(compgen -W "$(_ply_settings)" -- "$cur")
		compopt -o nospace
		return
		;;
	esac
	case $cur in
	-*) mapfile -t COMPREPLY < <(compgen -W "$(ply --help | grep -oE -- '--[a-z-]+=?')" -- "$cur") ;;
	*)
		_ply_probes "$cur"
		# of an unquoted word bash wants what follows the colon
		[[ $cur != [!\'\"]*:* ]] || COMPREPLY=("${COMPREPLY[@]#"${cur%:*}:"}")
		mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -X '!*.@(ply|d)' -- "$cur"
			[ ! "${cur##*/*}" ] || cd "${PLY_SCRIPTS:-@pkgdatadir@}" 2>/dev/null && compgen -f -X '!*.@(ply|d)' -- "$cur")
		;;
	esac
}
shopt -s extglob 2>/dev/null
complete -F _ply ply
