// Completion in Eversholt: what may stand where something is written so far.
//
//   "ev"                                  ->  event          at the start of a statement
//   "event fault.cpu.gen"                 ->  classes: those of the text, of our own rules
//   "event fault.x@chip/c"                ->  core           parts that the host has
//   "event fault.x@chip, FIT"             ->  FITrate        what a class of its type may have
//   "engine=ser"                          ->  engines of the text, with their paths
//   "prop fault.x@chip { payloadprop"     ->  functions of constraints
//   "within(5"                            ->  5s 5min
//
// Source: the tables of the language itself: fma/eversholt.
import { FUNCTIONS } from '../../fma/eversholt/check-call.js'
import { propertiesOf } from '../../fma/eversholt/check-declaration.js'
import { CLASS_TYPES, type ClassType, classType } from '../../fma/eversholt/class-type.js'
import { ownRules } from '../../fma/rules/own-rules.js'
import type { Completion } from '../complete.js'
import { proposals } from '../complete-d.js'

/** Words that begin a statement, and what it says. */
const STATEMENTS: Readonly<Record<string, string>> = {
  event: 'declares a class: event fault.x@chip, FITrate=100;',
  engine: 'declares a counter: engine serd.x@chip, N=3, T=72h;',
  prop: 'what causes what: prop fault.x@chip (1)-> ereport.y@chip;',
  mask: 'what keeps what from being seen',
  asru: 'what can be taken out of use: asru chip/core;',
  fru: 'what can be replaced: fru chip;',
  config: 'properties of a part: config chip, part="x";',
  if: 'if (CONDITION) { statements }',
}

const DIRECTIVES: Readonly<Record<string, string>> = {
  include: '#include "site.h"',
  define: '#define FIT 100',
  undef: '#undef FIT',
  ifdef: '#ifdef FIT',
  ifndef: '#ifndef FIT',
  if: '#if FIT > 100',
  else: '',
  endif: '',
  pragma: '#pragma dictionary "GMCA"',
}

const UNITS: Readonly<Record<string, string>> = {
  ...{ ns: 'nanoseconds', us: 'microseconds', ms: 'milliseconds', s: 'seconds' },
  ...{ min: 'minutes', h: 'hours', d: 'days', weeks: '', months: 'of 30 days', years: '' },
}

/** Proposals for the end of `text`, which is Eversholt and starts at `from`; `parts` are names of
 *  parts that the host has. */
export function completeEsc(
  text: string,
  from: number,
  parts: () => readonly string[],
): readonly Completion[] {
  const end = from + text.length
  const code = blanked(text)
  const line = code.slice(code.lastIndexOf('\n') + 1)
  const directive = /^\s*#\s*(\w*)$/.exec(line)?.[1]
  if (directive !== undefined) return proposals(DIRECTIVES, directive, end, 'keyword')
  if (/^\s*#/.test(line) || isQuoted(text)) return []
  const statement = statementIn(code)
  const path = /@(?:[\w-]+(?:\[[^\]]*\])?[/>])*([\w-]*)$/.exec(code)?.[1]
  if (path !== undefined) return proposals(named(parts()), path, end, 'name')
  const [, unit] = /(?<![\w.])\d+([a-z]*)$/.exec(code) ?? []
  if (unit !== undefined) return isTime(code) ? proposals(UNITS, unit, end, 'word') : []
  const word = /[A-Za-z_$][\w.-]*$/.exec(code)?.[0] ?? ''
  const found = proposals(wordsIn(statement, code, parts), word, end, 'name')
  return found.filter(({ text: proposed }) => proposed !== word)
}

/** What the last word of a statement may be. */
function wordsIn(
  statement: string,
  code: string,
  parts: () => readonly string[],
): Readonly<Record<string, string>> {
  if (isConstraint(statement)) return FUNCTIONS
  const [, kind = '', rest] = /^\s*([a-z]+)\s+([\s\S]*)$/.exec(statement) ?? []
  if (rest === undefined) return STATEMENTS
  if (kind === 'asru' || kind === 'fru' || kind === 'config') return named(parts())
  if (kind === 'prop' || kind === 'mask') return { ...TYPES, ...named(classes(code)) }
  const value = /,\s*(\w+)\s*=\s*[\w.]*$/.exec(rest)?.[1]
  if (value === 'engine' || value === 'count') return named(engines(code))
  if (value !== undefined) return FUNCTIONS
  const type = classType(rest.split(/[@,\s]/, 1)[0] ?? '')
  if (rest.includes(',') && type !== undefined) return properties(type, rest)
  const isEngine = (name: string): boolean => /^(serd|stat)\./.test(name)
  const known = [...Object.keys(TYPES), ...classes(code)]
  return named(known.filter((name) => isEngine(name) === (kind === 'engine')))
}

const TYPES: Readonly<Record<string, string>> = Object.fromEntries(
  [...CLASS_TYPES].map((type) => [`${type}.`, '']),
)

/** Properties that a declaration does not have yet. */
function properties(type: ClassType, rest: string): Readonly<Record<string, string>> {
  const had = new Set([...rest.matchAll(/,\s*(\w+)\s*=/g)].map(([, name]) => name))
  return Object.fromEntries(Object.entries(propertiesOf(type)).filter(([name]) => !had.has(name)))
}

/** Classes that the text mentions, before those that our own rules know. */
function classes(code: string): readonly string[] {
  const written = [...code.matchAll(CLASS)].map(([name]) => name)
  if (CLASS_AT_END.test(code)) written.pop()
  const own = [...ownRules().declarations.values()].map(({ name }) => name)
  return [...new Set([...written, ...own])]
}

const CLASS = /(?<![\w.@/])(?:ereport|fault|upset|defect|error|serd|stat)\.[\w.-]*\w/g
const CLASS_AT_END = /(?<![\w.@/])(?:ereport|fault|upset|defect|error|serd|stat)\.[\w.-]*\w$/

/** Engines that the text declares, with their paths. */
function engines(code: string): readonly string[] {
  const declared = code.matchAll(/\bengine\s+((?:serd|stat)\.[\w.-]+@[\w/>-]+)/g)
  return [...new Set([...declared].flatMap(([, name]) => name ?? []))]
}

/** Whether the end stands between the braces of constraints, or the parentheses of `if`. */
function isConstraint(statement: string): boolean {
  const opened = [...statement.matchAll(/[{}]/g)].filter(([c]) => c === '{').length
  const closed = [...statement.matchAll(/[{}]/g)].length - opened
  const isIf = /^\s*if\s*\([^{]*$/.test(statement)
  return isIf || (opened > closed && !/^\s*if\b/.test(statement))
}

/** Whether a number at the end may be one of a time. */
function isTime(code: string): boolean {
  return /(?:\b(?:T|delivery)\s*=\s*|\b(?:within|setserdt)\s*\([^)]*)\d+[a-z]*$/.test(code)
}

/** The statement that is being written. */
function statementIn(code: string): string {
  const lines = code.replace(/^\s*#[^\n]*$/gm, (line) => ' '.repeat(line.length))
  let start = 0
  let depth = 0
  for (let i = 0; i < lines.length; i++) {
    const c = lines[i]
    const isBlock = c === '{' && /^\s*if\b/.test(lines.slice(start, i))
    if (isBlock) start = i + 1
    else if (c === '{') depth += 1
    else if (c === '}' && depth > 0) depth -= 1
    else if (c === '}' || (c === ';' && depth === 0)) start = i + 1
  }
  return lines.slice(start)
}

/** The text with blanks for comments and what stands in quotes. */
function blanked(text: string): string {
  return text.replace(/\/\*[\s\S]*?(?:\*\/|$)|"(?:\\.|[^"\\\n])*"?/g, (found) =>
    found.replace(/[^\n]/g, ' '),
  )
}

/** Whether the end stands in a comment or in quotes. */
function isQuoted(text: string): boolean {
  const open = /\/\*[\s\S]*?(?:\*\/|$)|"(?:\\.|[^"\\\n])*(?:"|$|(?=\n))/g
  const last = [...text.matchAll(open)].at(-1)
  if (last === undefined || last.index + last[0].length < text.length) return false
  return last[0].startsWith('"') ? !/^".*"$/.test(last[0]) : !last[0].endsWith('*/')
}

function named(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, '']))
}
