# bash completion for hopcost: source <(hopcost completion bash)
#
# It asks `hopcost complete -- WORD...`, as the scripts for the other shells do, which answers with a line
# "value<TAB>description" for each proposal and then ":<number>". The script that the library has for bash needs
# bash-completion, which neither Debian's bash nor macOS' comes with; it can't be sourced twice, and it evaluates what was
# typed (hopcost run $(reboot)<TAB>).
_hopcost() {
    local IFS=$' \t\n' current=${COMP_WORDS[COMP_CWORD]} word words=() last=-1 line value
    # Bash ends a word at "=" and begins one there: for hopcost --stack=dev is one word.
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
    # What has a slash is a path.
    [[ ${#COMPREPLY[@]} -eq 0 && $current == */* ]] && compopt -o default
    return 0
}
complete -F _hopcost hopcost
