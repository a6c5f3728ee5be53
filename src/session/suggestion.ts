// Suggestions: what somebody meant who typed a word that is not known here.
//
//   dtrce -l        ->  dtrace -l                 quit   ->  .exit
//   prbes('xpv:')   ->  prbes may be probes       man dtrace  ->  help dtrace
//   explain 5       ->  explain(5)                pcpus 0  ->  pcpus[0]
//   list            ->  xm list                   sudo xm list  ->  xm list
//   save a          ->  .save a                   hello         ->  help
import { nearest } from '../base/nearest.js'
import { firstWord } from './words.js'

/** What a suggestion may name. */
export interface KnownWords {
  readonly commands: readonly string[]
  /** Names that cells can use. */
  readonly names: readonly string[]
  /** Whether a name is that of a function. */
  readonly isFunction: (name: string) => boolean
}

/** Words of other prompts, and what does the same here. */
const HABITS: Readonly<Record<string, string>> = {
  bye: '.exit',
  clear: '.clear',
  exit: '.exit',
  history: '.history',
  logout: '.exit',
  ls: "import('node:fs').then((fs) => fs.readdirSync('.'))",
  man: 'help',
  q: '.exit',
  quit: '.exit',
  '?': 'help',
}

/** Names that nothing has here, and where it is: a vcpu is no pcpu, however near the words are. */
const PLACES: Readonly<Record<string, string>> = {
  cpu: 'pcpus',
  cpus: 'pcpus',
  domain: 'domains',
  errors: 'fma',
  faults: 'fma',
  guests: 'domains',
  host: 'xen',
  hypercalls: "probes('privcmd:::entry')",
  hypervisor: 'xen',
  info: 'machine.info()',
  status: 'fma',
  top: 'domains',
  uname: 'xen',
  uptime: 'machine',
  vcpus: 'domains[0].vcpus',
  version: 'xen',
  vm: 'domains',
  vms: 'domains',
  xentop: 'domains',
}

/** Words that only announce what is meant. */
const ANNOUNCING = /^(sudo|show|get|print|run|exec|describe)$/
/** What a toolstack does, said without its name. */
const TOOL_WORDS: ReadonlySet<string> = new Set(
  'list create destroy shutdown reboot pause unpause migrate vcpu-list vcpu-set mem-set'.split(' '),
)
/** Words to the shell, said without their dot. */
const SHELL_WORDS = /^(who|watch|time|doc|type|save|load|note|keys)$/

/** The next thing to type instead of an unknown command; undefined when nothing is near. */
export function meantCommand(word: string, commands: readonly string[]): string | undefined {
  return HABITS[word] ?? nearest(word, commands)
}

/** The next thing to type after a cell in which `unknown` was not defined, or which could not be
 *  read as TypeScript at all; undefined when nothing is near. */
export function meantCell(
  source: string,
  unknown: string | undefined,
  known: KnownWords,
): string | undefined {
  const word = firstWord(source)
  const rest = source.trimStart().slice(word.length)
  if (unknown === undefined && known.names.includes(word)) {
    return known.isFunction(word) ? called(word, rest.trim()) : indexed(word, rest.trim())
  }
  const other = otherwiseSaid(word, rest.trim(), known)
  const isFirst = unknown === undefined || unknown === word || word.startsWith(`${unknown}(`)
  if (isFirst && other !== undefined) return other
  if (unknown === undefined || unknown === word) {
    const command = meantCommand(word, known.commands)
    if (command?.startsWith('.')) return command
    if (command !== undefined && isLikeCommand(word)) return `${command}${rest}`
  }
  if (unknown?.length === 1) return undefined
  const place = unknown === undefined ? undefined : PLACES[unknown]
  if (place !== undefined) return place
  const near = unknown === undefined ? undefined : nearest(unknown, known.names)
  if (near !== undefined && unknown !== undefined) return replaced(source, unknown, near)
  return unknown === source.trim() && /^[a-z]{3,}$/i.test(unknown) ? 'help' : undefined
}

/** The line that is meant by a first word of other tools. */
function otherwiseSaid(word: string, rest: string, known: KnownWords): string | undefined {
  const printed = /^(?:print|puts|printf)\((.*)\)$/.exec(`${word} ${rest}`.trimEnd())
  if (printed !== null) return `console.log(${printed[1]})`
  if (word === 'echo' && rest !== '') return `console.log(${JSON.stringify(rest)})`
  if (ANNOUNCING.test(word) && rest !== '') {
    const [next = ''] = rest.split(/\s/)
    return [...known.commands, ...known.names].includes(next) ? rest : PLACES[next]
  }
  if (TOOL_WORDS.has(word)) {
    const tool = ['xm', 'xl'].find((each) => known.commands.includes(each))
    return tool === undefined ? undefined : `${tool} ${word} ${rest}`.trimEnd()
  }
  return SHELL_WORDS.test(word) ? `.${word} ${rest}`.trimEnd() : undefined
}

/** A command is a plain word; what is no word at all, `?`, is a cry for help. */
function isLikeCommand(word: string): boolean {
  return /^([a-z]+|\?)$/.test(word)
}

/** A function whose one argument was written as that of a command is. */
function called(name: string, argument: string): string | undefined {
  if (/^(\d\w*|'[^']*'|"[^"]*")$/.test(argument)) return `${name}(${argument})`
  return /^[^\s'(){}[\]=]+$/.test(argument) ? `${name}('${argument}')` : undefined
}

/** A list whose member was written as the argument of a command is. */
function indexed(name: string, argument: string): string | undefined {
  if (/^\d+$/.test(argument)) return `${name}[${argument}]`
  if (!/^'?[A-Za-z][\w-]*'?$/.test(argument)) return undefined
  return name === 'domains' ? `domains.named('${argument.replaceAll("'", '')}')` : undefined
}

function replaced(source: string, word: string, by: string): string {
  const line = source.split('\n').find((each) => each.includes(word)) ?? source
  return line.trim().replace(word, by)
}
