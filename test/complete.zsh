# zsh -f complete.zsh FOLDER LINE: what zsh offers when TAB is pressed behind the line, one a line. The folder has _ply.
# A shell of its own runs in a terminal of its own, as it would for a user, and says through a pipe what it is given to offer.
zmodload zsh/zpty
pipe=$(mktemp -u) setup=$(mktemp)
mkfifo $pipe
exec 8<>$pipe
TRAPEXIT() { rm -f $pipe $setup }
cat >$setup <<END
fpath=(${(q)1} \$fpath)
autoload -Uz compinit
compinit -u -D
compadd() {
	local -a offered

	if [[ \${@[(I)-[AOD]*]} = 0 ]]; then
		builtin compadd -O offered "\$@"
		print -rl -- \$offered >$pipe
	fi
	builtin compadd "\$@"
}
ended() { print -- --- >$pipe }
comppostfuncs=(ended)
zle-line-init() { print -- --- >$pipe }
zle -N zle-line-init
bindkey '^I' complete-word
END
zpty -b shell TERM=vt100 zsh -f -i
until_dashes() {
	local line

	while read -r -u 8 -t 60 line; do
		[[ $line != --- ]] || return 0
		print -r -- "$line"
	done
	print "no answer"
}
zpty -w shell " . $setup"
until_dashes
zpty -w -n shell "$2"$'\t'
until_dashes
