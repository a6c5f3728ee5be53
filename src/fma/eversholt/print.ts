// The printer: a tree back to text that parses to the same tree. Macros are gone by then.
//
//   prop fault.cpu.l2@chip/core { within(5s) } (0)->
//       ereport.cpu.l2@chip/core;
import type { Pragmas } from './pragma.js'
import type { Arrow, ClassAt, Expression, Path, Property, RuleFile, Statement } from './tree.js'
import { OPERATORS, type Operator } from './tree.js'

/** Prints pragmas and all statements, each with a newline at its end. */
export function printRules({ statements }: RuleFile, pragmas: Pragmas): string {
  const lines = [...pragmaLines(pragmas), ...statements.map(printStatement)]
  return lines.map((line) => `${line}\n`).join('')
}

function pragmaLines(pragmas: Pragmas): readonly string[] {
  const { dictionaries, cycles, trustEreports, newErrorsOnly } = pragmas
  return [
    ...dictionaries.map((name) => `#pragma dictionary "${name}"`),
    ...(cycles === 'refused' ? [] : [`#pragma allow_cycles ${cycles === 'allowed' ? 1 : 0}`]),
    ...(trustEreports ? ['#pragma trust_ereports'] : []),
    ...(newErrorsOnly ? ['#pragma new_errors_only'] : []),
  ]
}

function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'event':
    case 'engine':
      return declared(statement.kind, printClass(statement.subject), statement.properties)
    case 'asru':
    case 'fru':
      return declared(statement.kind, printPath(statement.path), statement.properties)
    case 'config': {
      const parts = statement.parts.map(({ name, instance }) => `${name}${instance}`)
      return declared('config', parts.join('/'), statement.properties)
    }
    case 'prop':
    case 'mask': {
      const arrows = statement.arrows.map(printArrow).join('')
      return `${statement.kind} ${printClasses(statement.causes)}${arrows};`
    }
    case 'if': {
      const inner = statement.statements.map((s) => `${printStatement(s)}\n`).join('')
      return `if (${printExpression(statement.condition)}) {\n${inner}}`
    }
  }
}

function declared(word: string, subject: string, properties: readonly Property[]): string {
  const pairs = properties.map(({ name, value }) => `${name}=${printExpression(value)}`)
  return `${word} ${[subject, ...pairs].join(',\n    ')};`
}

const printClasses = (classes: readonly ClassAt[]): string =>
  classes.map(printClass).join(',\n    ')

function printArrow({ n, k, effects }: Arrow): string {
  const count = (e: Expression | undefined): string =>
    e === undefined ? '' : `(${printExpression(e)})`
  return ` ${count(n)}->${count(k)}\n    ${printClasses(effects)}`
}

function printClass({ name, path, constraints }: ClassAt): string {
  const where = path === undefined ? '' : `@${printPath(path)}`
  const when = constraints.map((constraint) => printExpression(constraint)).join(', ')
  return `${name}${where}${when === '' ? '' : ` { ${when} }`}`
}

function printPath({ steps }: Path): string {
  return steps
    .map(({ name, expands, instance }) => {
      const which = instance === undefined ? '' : printExpression(instance)
      if (expands === 'horizontal') return `${name}<${which}>`
      return which === '' ? name : `${name}[${which}]`
    })
    .join('/')
}

/** Prints an expression, in parentheses where what is around it binds tighter than `level`. */
export function printExpression(e: Expression, level = -1): string {
  switch (e.kind) {
    case 'number':
      return String(e.value)
    case 'time':
      return `${e.count}${e.unit}`
    case 'string':
      return `"${e.text}"`
    case 'name':
      return e.name
    case 'global':
      return `$${e.name}`
    case 'path':
      return printPath(e.path)
    case 'class':
      return printClass(e.of)
    case 'call':
      return `${e.name}(${e.args.map((arg) => printExpression(arg)).join(', ')})`
    case 'unary':
      return `${e.operator}${printExpression(e.operand, TIGHTEST)}`
    case 'binary':
      return printBinary(e, level)
    case 'conditional': {
      const parts = [e.condition, e.then].map((part) => printExpression(part, CONDITIONAL))
      const otherwise = e.otherwise === undefined ? [] : [printExpression(e.otherwise, CONDITIONAL)]
      const text = [parts.join(' ? '), ...otherwise].join(' : ')
      return level >= CONDITIONAL ? `(${text})` : text
    }
  }
}

/** Levels: an assignment is 0, a conditional stands between it and `||`. */
const CONDITIONAL = 0.5
const TIGHTEST = OPERATORS.length

function printBinary(
  { operator, left, right }: Expression & { readonly kind: 'binary' },
  level: number,
): string {
  const own = levelOf(operator)
  const isAssignment = operator === '='
  const first = printExpression(left, isAssignment ? own : own - 0.1)
  const second = printExpression(right, isAssignment ? own - 0.1 : own)
  const text = `${first} ${operator} ${second}`
  return level >= own ? `(${text})` : text
}

const levelOf = (operator: Operator): number =>
  OPERATORS.findIndex((operators) => operators.some((other) => other === operator))
