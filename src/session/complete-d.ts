// Completion in D: probes where probes are described, variables, functions and aggregations where
// something is asked or done.
//
//   "xpv:::dom-"                  ->  dom-create-start
//   "xpv:::x { @a[exec"           ->  execname
//   "xpv:::x { @a[1] = qu"        ->  quantize     only what aggregates can stand there
//   "... { this->st"              ->  start        a name that the program has
//   "#pragma D option agg"        ->  aggsize
//
// Source: the tables of the language itself: dtrace/program.
import { BUILTINS, XDT_VARIABLES } from '../dtrace/program/builtins.js'
import { OPTIONS } from '../dtrace/program/options.js'
import { ACTIONS, AGGREGATING, type Callable, SUBROUTINES } from '../dtrace/program/subroutines.js'
import type { Completion } from './complete.js'
import { dPartAtEnd } from './highlight/d-tokens.js'

/** Words of the language itself that begin something in a body. */
const WORDS: Readonly<Record<string, string>> = {
  args: 'arguments by their types: args[0]',
  'self->': 'variables of the thread',
  'this->': 'variables of the clause',
  if: 'if (CONDITION) { ... } else { ... }',
  else: 'what else is done',
  sizeof: 'how many bytes',
}

const MACROS: Readonly<Record<string, string>> = {
  $target: 'the process of -c or -p',
  $pid: 'the process of dtrace itself',
  $1: 'the first word after the program',
}

/** Probes that are described by their name alone. */
const LONE_PROBES: Readonly<Record<string, string>> = {
  BEGIN: 'before all other probes',
  END: 'after all other probes',
  ERROR: 'a fault of a clause',
  'tick-1s': 'every second, on one pcpu',
  'profile-97': '97 times a second, on every pcpu',
}

/** Proposals for the end of `text`, which is D and starts at `from`; `probes` are those for a
 *  description. */
export function completeD(
  text: string,
  from: number,
  probes: () => readonly Completion[],
): readonly Completion[] {
  const line = text.slice(text.lastIndexOf('\n') + 1)
  const option = /^\s*#pragma\s+D\s+option\s+(\w*)$/.exec(line)?.[1]
  if (option !== undefined) return proposals(optionDocs(), option, from + text.length, 'option')
  if (dPartAtEnd(text) !== 'probe') return completeBody(text, from + text.length)
  const lone = /(?:^|[\s,}])([\w-]*)$/.exec(text)?.[1]
  const named = lone === undefined ? [] : proposals(LONE_PROBES, lone, from + text.length, 'probe')
  return [...probes(), ...named]
}

function completeBody(text: string, end: number): readonly Completion[] {
  const [, aggregation] = /@(\w*)$/.exec(text) ?? []
  if (aggregation !== undefined) return names(text, /@(\w+)/g, aggregation, end)
  const [, scope, member] = /\b(self|this)->(\w*)$/.exec(text) ?? []
  if (member !== undefined) return names(text, new RegExp(`\\b${scope}->(\\w+)`, 'g'), member, end)
  const [, kernel] = /`(\w*)$/.exec(text) ?? []
  if (kernel !== undefined) {
    const known = [...XDT_VARIABLES.keys()].map((name) => name.replace(/^`/, ''))
    return proposals(Object.fromEntries(known.map((name) => [name, ''])), kernel, end, 'name')
  }
  const [macro] = /\$\w*$/.exec(text) ?? []
  if (macro !== undefined) return proposals(MACROS, macro, end, 'name')
  const [, filled] = /@\w*(?:\[[^\]]*\])?\s*=\s*(\w*)$/.exec(text) ?? []
  if (filled !== undefined) return proposals(callables(AGGREGATING), filled, end, 'name')
  const [word] = /(?<![\w.>"])[A-Za-z_]\w*$|$/.exec(text) ?? []
  if (word === undefined || /(->|\.|")\w*$/.test(text)) return []
  const own = names(text, /(?<![\w>`@$."-])([A-Za-z_]\w*)\s*(?:\[[^\]]*\])?\s*=[^=]/g, word, end)
  const known = { ...builtins(), ...callables(SUBROUTINES), ...callables(ACTIONS), ...WORDS }
  const texts = new Set(own.map(({ text: name }) => name))
  return [
    ...own,
    ...proposals(known, word, end, 'name').filter(({ text: name }) => !texts.has(name)),
  ]
}

function builtins(): Readonly<Record<string, string>> {
  const args = Array.from({ length: 10 }, (_, i) => [`arg${i}`, 'an argument, 64 bits'])
  return Object.fromEntries([
    ...[...BUILTINS.values()].map(({ name, doc }) => [name, doc]),
    ...args,
  ])
}

function callables(table: ReadonlyMap<string, Callable>): Readonly<Record<string, string>> {
  const found = [...table.values()].filter(({ implemented }) => implemented)
  return Object.fromEntries(found.map(({ name, prototype, doc }) => [name, `${prototype}: ${doc}`]))
}

function optionDocs(): Readonly<Record<string, string>> {
  return Object.fromEntries([...OPTIONS.values()].map(({ name, doc }) => [name, doc]))
}

/** Names that the text has so far, but for the one that is being written. */
function names(text: string, pattern: RegExp, typed: string, end: number): readonly Completion[] {
  const before = text.slice(0, text.length - typed.length)
  const found = new Set([...before.matchAll(pattern)].flatMap(([, name = '']) => name))
  found.delete('')
  return proposals(Object.fromEntries([...found].map((name) => [name, ''])), typed, end, 'name')
}

/** Words that begin as what is typed up to `end`, each with what it says. */
export function proposals(
  known: Readonly<Record<string, string>>,
  typed: string,
  end: number,
  kind: Completion['kind'] | 'option',
): readonly Completion[] {
  const start = end - typed.length
  return Object.entries(known)
    .filter(([text]) => text.startsWith(typed))
    .map(([text, doc]) => ({
      text,
      start,
      kind: kind === 'option' ? 'word' : kind,
      ...(doc === '' ? {} : { doc }),
    }))
}
