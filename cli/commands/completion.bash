# bash completion for hopcost: source <(hopcost completion bash)
#
# Like the scripts for the other shells it calls `hopcost complete -- WORD...`, which prints a line
# "value<TAB>description" for each proposal and then ":<number>". The library's script for bash needs bash-completion,
# which ships with neither Debian's nor macOS' bash; it can't be sourced twice, and it evaluates what was typed
# (hopcost run $(reboot)<TAB>).
_hopcost() {
    local IFS=$' \t\n' current=${COMP_WORDS[COMP_CWORD]} word words=() last=-1 line value
    # Bash splits words at "=": for hopcost, --stack=dev is one word.
    for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        if ((last >= 0)) && [[ $word == = || ${words[last]} == --*= ]]; then
            words[last]+=$word
        else
            words[++last]=$word
        fi
    done
    [[ $current == = ]] && current=
    COMPREPLY=()
    while IFS= read -r line; do
        value=${line%%$'\t'*}
        [[ $line != :* && $value == "$current"* ]] && COMPREPLY+=("$value")
    done < <(hopcost complete -- "${words[@]}" 2>/dev/null)
    # A word with a slash is a path.
    [[ ${#COMPREPLY[@]} -eq 0 && $current == */* ]] && compopt -o default
    return 0
}
complete -F _hopcost hopcost
