// The checker: what is wrong in a file of rules though it can be read.
//
// Holds: every mistake is reported where it stands, and none stops the check.
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/check.c, tree.c (the rules, and which of
// them only warn).
import { checkCalls } from './check-call.js'
import { checkCycles } from './check-cycle.js'
import { checkDeclaration, checkNoInstances, checkRequired } from './check-declaration.js'
import { checkPropagation } from './check-propagation.js'
import { classType } from './class-type.js'
import { classKey, declarationsOf, type Use } from './declarations.js'
import type { Diagnostics } from './diagnostics.js'
import type { Pragmas } from './pragma.js'
import type { ConfigStatement, Path, PathDeclaration, RuleFile, Statement } from './tree.js'
import { classesOf, flatten, rootsOf, visitExpressions } from './walk.js'

/** Checks a file of rules. */
export function checkRules(rules: RuleFile, pragmas: Pragmas, diagnostics: Diagnostics): void {
  const statements = flatten(rules.statements)
  const declarations = declarationsOf(statements)
  for (const statement of everyIf(rules.statements)) warnOfIf(statement, diagnostics)
  for (const [index, statement] of statements.entries()) {
    if (diagnostics.isFull) return
    checkParts(statement, diagnostics)
    checkStatement(statement, { declarations, diagnostics, index })
  }
  checkRequired(statements, diagnostics)
  if (pragmas.cycles !== 'allowed') checkCycles(statements, pragmas.cycles, diagnostics)
  if (!diagnostics.hasErrors) checkUnused(statements, diagnostics)
}

function checkStatement(statement: Statement, use: Use): void {
  if ('subject' in statement) checkDeclaration(statement, use)
  else if ('arrows' in statement) checkPropagation(statement, use)
  else if (statement.kind === 'config') checkConfig(statement, use)
  else if (statement.kind !== 'if') checkNoProperties(statement, use)
}

function checkNoProperties(
  { kind, path, properties }: PathDeclaration,
  { diagnostics }: Use,
): void {
  checkNoInstances(path, diagnostics)
  for (const { name, at } of properties)
    diagnostics.error(at, 'esc.unknown-property', `an ${kind} has no properties, and no ${name}`)
}

function checkConfig({ properties }: ConfigStatement, { diagnostics }: Use): void {
  for (const { name, value } of properties)
    if (value.kind !== 'string')
      diagnostics.error(
        value.at,
        'esc.property-type',
        `a property of the configuration is a string, ${name} too`,
        `${name}="..."`,
      )
}

/** What holds wherever classes, paths and calls stand. */
function checkParts(statement: Statement, diagnostics: Diagnostics): void {
  const paths: Path[] = 'path' in statement ? [statement.path] : []
  const classes = 'subject' in statement ? [statement.subject] : []
  if ('causes' in statement) classes.push(...classesOf(statement))
  visitExpressions(rootsOf(statement), (e) => {
    if (e.kind === 'class') classes.push(e.of)
    else if (e.kind === 'path') paths.push(e.path)
    else if (e.kind === 'call') checkCalls(e, diagnostics)
  })
  for (const { name, path, at } of classes) {
    if (path !== undefined) paths.push(path)
    else diagnostics.error(at, 'esc.no-path', `${name} does not say where`, `${name}@chip/core`)
  }
  for (const path of paths) checkInstances(path, diagnostics)
}

const COMPUTED: readonly string[] = '+ - * / div % << >>'.split(' ')

/** An instance is a number, an iterator, or computed of them. */
function checkInstances({ steps }: Path, diagnostics: Diagnostics): void {
  for (const { name, instance } of steps) {
    if (instance === undefined) continue
    const { kind } = instance
    const isComputed = kind === 'binary' && COMPUTED.includes(instance.operator)
    if (kind === 'number' || kind === 'name' || kind === 'conditional' || isComputed) continue
    const message = `which ${name} is meant is a number, an iterator, or computed of them`
    diagnostics.error(instance.at, 'esc.bad-instance', message, `${name}[n]`)
  }
}

function everyIf(statements: readonly Statement[]): readonly Statement[] {
  return statements.flatMap((s) => (s.kind === 'if' ? [s, ...everyIf(s.statements)] : []))
}

function warnOfIf({ at }: Statement, diagnostics: Diagnostics): void {
  const message = 'esc takes these statements whatever the condition says'
  diagnostics.warn(at, 'esc.condition-ignored', message, '#if, or a constraint between { and }')
}

/** Classes that are declared and take no part in anything. Defects and stat engines may. Who has
 *  errors to mend is not told: what uses a class may be what could not be read. */
function checkUnused(statements: readonly Statement[], diagnostics: Diagnostics): void {
  const used = new Set(statements.flatMap(usedBy))
  const told = new Set<string>()
  for (const statement of statements) {
    if (!('subject' in statement)) continue
    const { subject } = statement
    const key = classKey(subject)
    const type = classType(subject.name)
    const counts = type !== undefined && type !== 'defect' && type !== 'stat'
    if (!counts || used.has(key) || told.has(key)) continue
    told.add(key)
    diagnostics.warn(subject.at, 'esc.unused', `${key} is declared and not used`)
  }
}

function usedBy(statement: Statement): readonly string[] {
  if ('causes' in statement) return classesOf(statement).map(classKey)
  if (statement.kind !== 'event') return []
  return statement.properties.flatMap(({ name, value }) =>
    name === 'engine' && value.kind === 'class' ? [classKey(value.of)] : [],
  )
}
