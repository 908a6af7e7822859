/** Shells that `yaolian completion` writes scripts for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/*
 * Each script asks `yaolian __complete -- WORD…`, which answers a candidate a line, `value<TAB>description`, and at last
 * `:files` where the shell should offer names of files, or `:done`.
 */

const bash = String.raw`# yaolian completion for bash; put it into use with:  source <(yaolian completion bash)
_yaolian() {
  local line=${'$'}{COMP_LINE:0:COMP_POINT} words=() candidates=() candidate word directive=
  # The words as typed: bash itself would break device keys and URIs at every colon.
  read -a words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  word=${'$'}{words[${'$'}{#words[@]}-1]}
  local quote=
  case $word in
    \'* | \"*) quote=${'$'}{word:0:1} word=${'$'}{word:1} words[${'$'}{#words[@]}-1]=$word ;;
  esac
  while IFS= read -r candidate; do
    case $candidate in
      :files | :done) directive=$candidate ;;
      *) candidates+=("${'$'}{candidate%%$'\t'*}") ;;
    esac
  done < <("${'$'}{words[0]}" __complete -- "${'$'}{words[@]:1}" 2> /dev/null)
  COMPREPLY=()
  # Bash replaces only what follows the last colon or equals sign.
  local kept=
  if [[ -z $quote && $word == *[:=]* && $COMP_WORDBREAKS == *:* ]]; then kept=${'$'}{word%"${'$'}{word##*[:=]}"}; fi
  for candidate in "${'$'}{candidates[@]}"; do
    candidate=${'$'}{candidate#"$kept"}
    if [[ -n $quote ]]; then COMPREPLY+=("$candidate"); else COMPREPLY+=("$(printf %q "$candidate")"); fi
  done
  if [[ $directive == :files ]]; then
    compopt -o filenames 2> /dev/null
    while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -f -- "$word")
  fi
}
complete -F _yaolian yaolian
`;

const zsh = String.raw`#compdef yaolian
# yaolian completion for zsh; put it into use with:  source <(yaolian completion zsh)
_yaolian() {
  local -a lines candidates
  local line directive
  lines=("${'$'}{(@f)$("${'$'}{words[1]}" __complete -- "${'$'}{(@Q)words[2,CURRENT]}" 2> /dev/null)}")
  for line in $lines; do
    case $line in
      :files | :done) directive=$line ;;
      *$'\t'?*) candidates+=("${'$'}{${'$'}{line%%$'\t'*}//:/\\:}:${'$'}{line#*$'\t'}") ;;
      *) candidates+=("${'$'}{${'$'}{line%%$'\t'*}//:/\\:}") ;;
    esac
  done
  (( $#candidates )) && _describe -t yaolian yaolian candidates
  [[ $directive == :files ]] && _files
}
if [[ $funcstack[1] == _yaolian ]]; then _yaolian "$@"; else compdef _yaolian yaolian; fi
`;

const fish = `# yaolian completion for fish; put it into use with:  yaolian completion fish | source
function __yaolian_complete
  set -l words (commandline -opc)
  set -l typed (commandline -ct | string unescape)
  set -l command $words[1]
  set -e words[1]
  for line in ($command __complete -- $words "$typed" 2> /dev/null)
    switch $line
      case ':files'
        __fish_complete_path "$typed"
      case ':done'
      case '*'
        echo $line
    end
  end
end
complete -c yaolian -f -a '(__yaolian_complete)'
`;

export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
