// Programs that keep to an older version of D's names, or rely only on what is stable enough; and
// what a macro argument is taken for.
//
// Source: the D language guide, "Stability", "Versioning", "Scripting".
import { expect, it } from 'vitest'
import { compile } from '../../src/dtrace/d/compile.js'
import { printCompileError } from '../../src/dtrace/d/print-error.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import {
  isAsStableAs,
  parseStability,
  printStability,
  STABLE,
} from '../../src/dtrace/program/stability.js'
import { programToD } from '../../src/dtrace/program/to-d.js'
import { cameAfter, parseVersion } from '../../src/dtrace/program/version.js'

const outcome = (text: string, options: Record<string, string> = {}, macros: string[] = []) => {
  const result = compile([{ part: 'script', text, file: 'f.d' }], {
    catalog: standardCatalog(),
    options: new Map(Object.entries(options)),
    macros,
  })
  if (result.kind === 'ok') return programToD(result.program).replace(/\s+/g, ' ').trim()
  return printCompileError(result, { errtags: true }).split(': ').slice(2).join(': ')
}

it.each([
  ['1.6', [1, 6, 0]],
  ['1.6.3', [1, 6, 3]],
  ['2', [2, 0, 0]],
  ['1.2.3.4', undefined],
  ['one', undefined],
  ['300.0', undefined],
])('version %s is %j', (text, parts) => expect(parseVersion(text)).toEqual(parts))

it.each([
  ['substr', '1.0', true],
  ['substr', '1.1', false],
  ['llquantize', '1.6.3', true],
  ['llquantize', '1.7', false],
  ['strlen', '1.0', false],
])('%s came after %s: %s', (name, version, after) => {
  expect(cameAfter(name, version)).toBe(after)
})

it('a name that came later is free for a program that keeps to an older version', () => {
  const text = 'int substr; BEGIN { substr = 3; trace(substr); }'
  expect(outcome(text)).toBe('[D_DECL_IDRED] line 1: built-in identifier redeclared: substr')
  expect(outcome(text, { version: '1.0' })).toContain('trace(substr)')
  expect(outcome('BEGIN { trace(index("a", "b")); }', { version: '1.0' })).toBe(
    '[D_FUNC_UNDEF] line 1: undefined function name: index',
  )
})

it.each([
  ['Stable/Stable/Common', 'Stable/Stable/Common'],
  ['evolving/private/isa', 'Evolving/Private/ISA'],
  ['Unstable', 'Unstable/Standard/Common'],
])('stability %s is %s', (text, shown) => {
  const stability = parseStability(text)
  expect(stability && printStability(stability)).toBe(shown)
})

it.each(['Solid', 'Stable/Stable/Everywhere', 'Stable/Stable/Common/More'])(
  '%s is no stability',
  (text) => expect(parseStability(text)).toBeUndefined(),
)

it('is as stable as another only when all three parts are', () => {
  expect(isAsStableAs(STABLE, STABLE)).toBe(true)
  expect(isAsStableAs({ ...STABLE, data: 1 }, STABLE)).toBe(false)
})

it('-x amin refuses names that are less stable, a pragma says how stable one is', () => {
  const amin = 'Evolving/Evolving/Common'
  expect(outcome('BEGIN { trace(pid); }', { amin })).toBe('BEGIN { trace(pid); }')
  expect(outcome('BEGIN { trace(`xdt_curdom); }', { amin })).toContain(
    '[D_ATTR_MIN] line 1: attributes for symbol `xdt_curdom (Private/Private/Unknown) are less',
  )
  const pragma = (level: string): string =>
    `inline int n = 1;\n#pragma D attributes ${level}/Stable/Common n\nBEGIN { trace(n); }`
  expect(outcome(pragma('Stable'), { amin })).toBe('BEGIN { trace(1); }')
  expect(outcome(pragma('Unstable'), { amin })).toContain('[D_ATTR_MIN] line 3')
})

it.each([
  ['17', '17'],
  ['-17', '-17'],
  ['0x1f', '31'],
  ['010', '8'],
  ['5ul', '5ul'],
  ['probename', 'probename'],
  ['two words', '"two words"'],
  ['"quoted"', '"quoted"'],
  ['', '""'],
])('a macro argument %j stands for %s', (given, shown) => {
  const [value] = /trace\((.*)\)/.exec(outcome('BEGIN { trace($1); }', {}, [given]))?.slice(1) ?? []
  expect(value?.toLowerCase()).toBe(shown)
})

it('a program of types and variables alone is empty', () => {
  expect(outcome('int x; struct s { int n; };')).toContain('[D_EMPTY]')
  expect(outcome('int x;', { empty: '' })).toBe('int x;')
  expect(outcome('inline int n = 1;')).toBe('')
})

it('deeply nested branches are refused, not followed', () => {
  const deep = `BEGIN { ${'if (1) { '.repeat(300)}${'}'.repeat(301)}`
  expect(outcome(deep)).toContain('[D_SYNTAX]')
})
