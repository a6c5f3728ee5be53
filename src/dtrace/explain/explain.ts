// A program in plain words: which probes, under which condition, what each clause does, what comes
// out at the end, what it may change, and how much memory it may take.
//
//   Program, options  ->  "1. At privcmd:domctl::entry: 39 probes ..."
//
// Holds: nothing is run, and nothing of the machine is looked at.
import type { ProbeDescription } from '../probe/description.js'
import { BUILTINS } from '../program/builtins.js'
import { OPTIONS } from '../program/options.js'
import type { Clause, Program, Variable } from '../program/program.js'
import { isDestructive } from '../program/statements.js'
import type { ExprNames } from '../program/to-d-expression.js'
import { aggregationName } from './aggregation.js'
import { conditionInWords } from './condition.js'
import { namesRead } from './names-read.js'
import { statementInWords, type Words } from './statement.js'
import { whenInWords } from './when.js'
import { isGuard, type WrittenClause, type WrittenStep, writtenClauses } from './written.js'

/** Explains a program; ends with a newline. `options` are those of the command line; the program's
 *  own go before them. */
export function explainProgram(
  program: Program,
  options: ReadonlyMap<string, string> = new Map(),
): string {
  const settings = new Map([...options, ...program.options])
  const names: ExprNames = { variable: (id) => program.variables[id] as Variable }
  const written = writtenClauses(program)
  const parts = [
    summary(program, written.length),
    ...written.map((clause, i) => explainClause(clause, i + 1, { program, names })),
    `At the end:\n${bullets(atTheEnd(program))}`,
    listOf('Kept', program.variables.filter((v) => !isGuard(v)).map(variableInWords)),
    listOf('Names', glossary(program)),
    listOf('Options', optionsInWords(settings)),
    listOf('Bounds', bounds(program, settings)),
  ]
  return parts.filter((part) => part !== '').join('\n')
}

const bullets = (lines: readonly string[]): string => lines.map((line) => `  - ${line}\n`).join('')

function listOf(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${bullets(lines)}`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function summary({ clauses }: Program, written: number): string {
  const probes = new Set(clauses.flatMap((clause) => clause.probes.map((probe) => probe.id)))
  const destructive = clauses.flatMap((clause) => clause.statements.filter(isDestructive))
  const changes =
    destructive.length === 0
      ? 'It changes nothing outside of itself.'
      : `It may change the system it runs on, which needs -w: ${[
          ...new Set(destructive.map(actionName)),
        ].join(', ')}.`
  return `${counted(written, 'clause')} on ${counted(probes.size, 'probe')}. ${changes}\n`
}

function actionName(s: Clause['statements'][number]): string {
  return `${s.kind === 'live' ? s.action : s.kind}()`
}

function explainClause({ head, steps }: WrittenClause, number: number, words: Words): string {
  const { predicate } = head
  const condition =
    predicate === undefined ? '' : `,\n   if ${conditionInWords(predicate, words.names)}`
  const does = stepsInWords(steps, words)
  const lines = does.length === 0 ? ['  - records that it fired'] : does
  const statements = statementsIn(steps)
  const where = argumentsInWords({ ...head, statements })
  return `${number}. ${whenInWords(head)}${condition}${where}:\n${lines.join('\n')}\n`
}

/** One line for each step; what a branch does is indented below it. */
function stepsInWords(steps: readonly WrittenStep[], words: Words, indent = '  '): string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'does') return [`${indent}- ${statementInWords(step.statement, words)}`]
    const inner = (list: readonly WrittenStep[]) => stepsInWords(list, words, `${indent}  `)
    const test = `${indent}- if ${conditionInWords(step.test, words.names)}:`
    const otherwise = step.else.length === 0 ? [] : [`${indent}- otherwise:`, ...inner(step.else)]
    return [test, ...inner(step.then), ...otherwise]
  })
}

function statementsIn(steps: readonly WrittenStep[]): Clause['statements'] {
  return steps.flatMap((step) => {
    if (step.kind === 'does') return [step.statement]
    const test = { kind: 'expr', expr: step.test } as const
    return [test, ...statementsIn(step.then), ...statementsIn(step.else)]
  })
}

/** What argN is, when all probes of a clause call it the same. */
function argumentsInWords(clause: Clause): string {
  const read = [...namesRead([clause]).args].sort((a, b) => a - b)
  const known = read.flatMap((n) => {
    const name = nameOfArgument(clause.probes, n)
    return name === undefined ? [] : [`arg${n} is ${name}`]
  })
  return known.length === 0 ? '' : `,\n   where ${known.join(', ')}`
}

function nameOfArgument(probes: readonly ProbeDescription[], n: number): string | undefined {
  const names = new Set(probes.map((probe) => probe.args[n]?.name ?? ''))
  const [name] = names
  return names.size === 1 && name !== '' ? name : undefined
}

function atTheEnd(program: Program): readonly string[] {
  const printed = new Set(
    program.clauses.flatMap((clause) =>
      clause.statements.flatMap((s) => (s.kind === 'printa' ? s.aggregations : [])),
    ),
  )
  const lines = program.aggregations.map(({ id }) => {
    const name = aggregationName(program, id)
    return printed.has(id) ? `prints ${name}, unless it was printed before` : `prints ${name}`
  })
  return lines.length === 0 ? ['prints nothing more'] : lines
}

const SCOPES: Readonly<Record<Variable['scope'], string>> = {
  global: 'one for all',
  self: 'one for each thread',
  this: 'only while one firing lasts',
}

function variableInWords({ scope, name, type, keys }: Variable): string {
  const prefix = scope === 'global' ? '' : `${scope}->`
  const by = keys === undefined ? '' : `[${keys.map((key) => key.name).join(', ')}]`
  const many = keys === undefined ? '' : ', an element for each key'
  return `${prefix}${name}${by}, ${type.name}: ${SCOPES[scope]}${many}`
}

function glossary({ clauses }: Program): readonly string[] {
  return [...namesRead(clauses).builtins].sort().flatMap((name) => {
    const builtin = BUILTINS.get(name)
    return builtin === undefined ? [] : [`${name}: ${builtin.doc}`]
  })
}

function optionsInWords(settings: ReadonlyMap<string, string>): readonly string[] {
  return [...settings].map(([name, value]) => {
    const doc = OPTIONS.get(name)?.doc
    return `${name}${value === '' ? '' : `=${value}`}${doc === undefined ? '' : `: ${doc}`}`
  })
}

/** The options that bound what a program may hold, where it holds such. */
function bounds(program: Program, settings: ReadonlyMap<string, string>): readonly string[] {
  const size = (name: string): string =>
    settings.get(name) || (OPTIONS.get(name)?.initially ?? 'what there is')
  const isDynamic = program.variables.some((v) => v.scope === 'self' || v.keys !== undefined)
  const speculates = program.clauses.some((c) => c.statements.some((s) => s.kind === 'speculate'))
  return [
    ...(program.aggregations.length === 0 ? [] : [`aggregations: ${size('aggsize')} (aggsize)`]),
    ...(isDynamic ? [`threads' variables and elements: ${size('dynvarsize')} (dynvarsize)`] : []),
    ...(speculates
      ? [`speculations: ${size('nspec')} (nspec) of ${size('specsize')} (specsize)`]
      : []),
    `what one firing records: ${size('bufsize')} (bufsize)`,
    `a string: ${size('strsize')} bytes (strsize)`,
  ]
}
