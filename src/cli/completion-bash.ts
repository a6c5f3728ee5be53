// What bash reads to complete words of xpv.
//
//   source <(xpv completion bash)  ->  complete -F _xpv xpv
//
// Holds: bash takes ':' and '=' for ends of words, so what stands before the last of them is taken
// off the answers. Nothing but bash itself is needed. Source: bash(1), Programmable Completion.
import {
  type Candidates,
  candidatesOf,
  operandsOf,
  optionsOf,
  wordsAfter,
} from './completion-words.js'
import type { Subcommand } from './subcommand.js'

/** The script. */
export function bashCompletion(rows: readonly Subcommand[]): string {
  const names = rows.map(({ name }) => name).join(' ')
  return [
    '# Completion of xpv for bash: source <(xpv completion bash)',
    ...FUNCTIONS,
    '_xpv_value() {',
    '  case "$1:$2" in',
    ...valueCases(rows),
    '  *) return 1 ;;',
    '  esac',
    '  return 0',
    '}',
    '_xpv_operand() {',
    '  case "$1:$2" in',
    ...rows.flatMap((row) => operandCases(row, rows)),
    `  *) _xpv_words ${quoted(names)}; _xpv_files runnable ;;`,
    '  esac',
    '}',
    '_xpv_options() {',
    '  case "$1" in',
    ...[undefined, ...rows].map((row) => `  ${row?.name ?? "''"}) ${wordsCall(flagsOf(row))} ;;`),
    '  esac',
    '}',
    ...MAIN.map((line) => line.replace('@NAMES@', names)),
    'complete -F _xpv xpv',
    '',
  ].join('\n')
}

const flagsOf = (row: Subcommand | undefined): readonly string[] =>
  optionsOf(row).flatMap(({ flags }) => flags)

/** Options that take a value, and what it may be; those of all are known under every name. */
function valueCases(rows: readonly Subcommand[]): readonly string[] {
  const ofAll = optionsOf(undefined).map((option) => ({ name: '*', option }))
  const own = rows.flatMap(({ name, options }) => options.map((option) => ({ name, option })))
  return [...own, ...ofAll].flatMap(({ name, option: { flags, value } }) => {
    if (value === undefined) return []
    const pattern = flags.map((flag) => `${name}:${flag}`).join('|')
    return [`  ${pattern}) ${callsOf(candidatesOf(value.of, rows))} ;;`]
  })
}

function operandCases(row: Subcommand, rows: readonly Subcommand[]): readonly string[] {
  const places = operandsOf(row, rows)
  return places.map((place, i) => {
    const pattern = i === places.length - 1 ? '*' : String(i)
    return `  ${row.name}:${pattern}) ${callsOf(place)} ;;`
  })
}

function callsOf(place: Candidates): string {
  const { files, words } = place
  const behind = wordsAfter(place).map(([word, found]) => `${word}) ${wordsCall(found)} ;;`)
  const calls = [
    ...(behind.length > 0 ? [`case "$prev" in ${behind.join(' ')} esac`] : []),
    ...(words.length > 0 ? [wordsCall(words)] : []),
    ...(files === 'none' ? [] : [`_xpv_files ${files}`]),
  ]
  return calls.length === 0 ? ':' : calls.join('; ')
}

const wordsCall = (words: readonly string[]): string => `_xpv_words ${quoted(words.join(' '))}`

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const FUNCTIONS = `
_xpv_words() {
  local IFS=$' \\t\\n'
  COMPREPLY+=($(compgen -W "$1" -- "$cur"))
}
_xpv_files() {
  local IFS=$'\\n' found each
  compopt -o filenames 2>/dev/null
  case $1 in
  folders) COMPREPLY+=($(compgen -d -- "$cur")) ;;
  all) COMPREPLY+=($(compgen -f -- "$cur")) ;;
  *)
    for each in $(compgen -f -- "$cur"); do
      if [[ -d $each ]]; then COMPREPLY+=("$each")
      elif [[ $each == *.xpv.md ]]; then COMPREPLY+=("$each")
      elif [[ $1 == runnable && $each == *.[jt]s ]]; then COMPREPLY+=("$each")
      fi
    done
    ;;
  esac
}
`
  .trim()
  .split('\n')

/** Words are split at blanks only; those before the cursor say which subcommand it is, and at which
 *  of its places the cursor stands. */
const MAIN = `
_xpv() {
  local line=\${COMP_LINE:0:COMP_POINT} cur prev command='' place=0 word i
  local -a words
  COMPREPLY=()
  read -ra words <<<"$line"
  [[ $line == *[$' \\t'] ]] && words+=('')
  cur=\${words[\${#words[@]}-1]}
  prev=''
  (( \${#words[@]} > 1 )) && prev=\${words[\${#words[@]}-2]}
  for (( i = 1; i < \${#words[@]} - 1; i++ )); do
    word=\${words[i]}
    if [[ $word == -* ]]; then
      _xpv_takes "$command" "$word" && (( i++ ))
    elif [[ -n $command ]]; then (( place++ ))
    elif [[ " @NAMES@ " == *" $word "* ]]; then command=$word
    else return
    fi
  done
  local whole=$cur
  if [[ $cur == --*=* ]]; then
    prev=\${cur%%=*}
    cur=\${cur#*=}
  fi
  if [[ $prev == -* ]] && _xpv_value "$command" "$prev"; then :
  elif [[ $cur == -* ]]; then _xpv_options "$command"
  else _xpv_operand "$command" "$place"
  fi
  if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
    local before=\${cur%"\${cur##*:}"}
    for (( i = 0; i < \${#COMPREPLY[@]}; i++ )); do
      COMPREPLY[i]=\${COMPREPLY[i]#"$before"}
    done
  fi
}
_xpv_takes() {
  local cur='-' COMPREPLY=()
  _xpv_value "$1" "$2" >/dev/null
}
`
  .trim()
  .split('\n')
