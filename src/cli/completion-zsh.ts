// What zsh reads to complete words of xpv.
//
//   xpv completion zsh > ~/.zfunc/_xpv     with fpath+=(~/.zfunc) before compinit
//
// Source: zshcompsys(1): _arguments, _describe, _files.
import {
  type Candidates,
  candidatesOf,
  operandsOf,
  optionsOf,
  wordsAfter,
} from './completion-words.js'
import type { OptionRow, Subcommand } from './subcommand.js'

/** The script: a function for each subcommand. */
export function zshCompletion(rows: readonly Subcommand[]): string {
  return [
    '#compdef xpv',
    '# Completion of xpv for zsh: xpv completion zsh > ~/.zfunc/_xpv',
    '_xpv() {',
    '  local curcontext="$curcontext" state line',
    '  typeset -A opt_args',
    '  _arguments -C -s \\',
    ...optionsOf(undefined).map((option) => `    ${optionSpec(option, rows)} \\`),
    "    '1: :_xpv_first' \\",
    "    '*:: :->rest'",
    '  [[ $state == rest ]] || return',
    '  case $line[1] in',
    ...rows.map(({ name }) => `  ${name}) ${functionOf(name)} ;;`),
    '  esac',
    '}',
    '_xpv_first() {',
    '  local -a commands=(',
    ...rows.map(
      ({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`,
    ),
    '  )',
    "  _describe -t commands 'xpv command' commands",
    `  _files -g '*.(xpv.md|ts|js|mts|mjs)(-.)'`,
    '}',
    ...rows.flatMap((row) => subcommand(row, rows)),
    '_xpv "$@"',
    '',
  ].join('\n')
}

const functionOf = (name: string): string => `_xpv_${name.replaceAll('-', '_')}`

function subcommand(row: Subcommand, rows: readonly Subcommand[]): readonly string[] {
  const places = operandsOf(row, rows)
  const isOpen = row.isOfDom0 === true || row.operands.at(-1)?.isMany === true
  const last = isOpen ? places.length - 1 : -1
  const shown = isOpen ? places : places.slice(0, -1)
  const operands = shown.map((place, i) => {
    const where = i === last ? '*' : String(i + 1)
    return quoted(`${where}:${row.operands[i]?.name.toLowerCase() ?? 'word'}:${actionOf(place)}`)
  })
  const specs = [...optionsOf(row).map((option) => optionSpec(option, rows)), ...operands]
  return [
    `${functionOf(row.name)}() {`,
    '  _arguments -s \\',
    ...specs.map((spec, i) => `    ${spec}${i === specs.length - 1 ? '' : ' \\'}`),
    '}',
  ]
}

/** One option as _arguments takes it, all its flags: `{-o,--output}'[store]:file:_files'`. */
function optionSpec(option: OptionRow, rows: readonly Subcommand[]): string {
  const { flags, value, summary, isRepeated } = option
  const text = summary.replaceAll(/[[\]\\:]/g, '\\$&')
  const action =
    value === undefined ? '' : `:${value.name}:${actionOf(candidatesOf(value.of, rows))}`
  const star = isRepeated === true || flags.length > 1 ? '*' : ''
  const own = flags.map((flag) => quoted(`${star}${flag}${sign(flag, value !== undefined)}`))
  const names = own.length === 1 ? (own[0] ?? '') : `{${own.join(',')}}`
  return `${names}${quoted(`[${text}]${action.replaceAll('[=', '\\[=')}`)}`
}

/** How the value of an option may stand: behind a blank, or behind = too. */
function sign(flag: string, takesValue: boolean): string {
  if (!takesValue) return ''
  return flag.startsWith('--') ? '=' : '+'
}

function actionOf(place: Candidates): string {
  const { files, words } = place
  const behind = wordsAfter(place).map(([word, all]) => `${word}) compadd - ${all.join(' ')} ;;`)
  if (behind.length > 0) return `{case $words[CURRENT-1] in ${behind.join(' ')} esac}`
  const listed = `(${words.map((word) => word.replaceAll(':', '\\:')).join(' ')})`
  if (files === 'none') return words.length === 0 ? ' ' : listed
  const found = { all: '_files', folders: '_files -/', notebooks: '_files -g "*.xpv.md"' }[files]
  if (words.length === 0) return found
  return `{compadd - ${words.join(' ')}; ${found}}`.replaceAll(':', '\\:')
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
