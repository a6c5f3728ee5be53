// Rules printed parse to the same tree: random ones, and every right file of this folder.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { printRules } from '../../../src/fma/eversholt/print.js'
import { compileText, SOURCES, textOf } from './compile-file.js'

/** A tree without its places. */
function bare(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, v: unknown) =>
      key === 'at' ? undefined : typeof v === 'bigint' ? `${v}n` : v,
    ),
  )
}

function isUnchanged(text: string): void {
  const first = compileText(text)
  const syntax = first.diagnostics.filter((d) => d.code === 'esc.syntax')
  expect(syntax.map((d) => `${d.message} in ${text}`)).toEqual([])
  const printed = printRules(first.rules, first.pragmas)
  const second = compileText(printed)
  expect(bare(second.rules)).toEqual(bare(first.rules))
  expect(second.pragmas).toEqual(first.pragmas)
  expect(printRules(second.rules, second.pragmas)).toBe(printed)
}

const BINARY = '|| && | ^ & == != < <= > >= << >> + - * / % div'.split(' ')
const list = (all: readonly string[]): string => all.join(', ')
const some = (one: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(one, { minLength: 1, maxLength: 3 }).map(list)

const name = fc.constantFrom('a', 'b', 'chip2', 'N', 'infinity')
const { expression, path } = fc.letrec<{ expression: string; path: string }>((tie) => ({
  path: fc
    .array(
      fc.oneof(
        fc.constantFrom('chip', 'core', 'chip-select', 'core[]', 'core<>', 'core<c>', 'cpu[7]'),
        tie('expression').map((e) => `core[${e}]`),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((steps) => steps.join('/')),
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('0', '0x10', '017', '"a \\" b"', '""', '$g'),
    name,
    fc.tuple(tie('expression'), fc.constantFrom(...BINARY), tie('expression')).map((parts) => {
      const [left, operator, right] = parts
      return `(${left}) ${operator} (${right})`
    }),
    fc
      .tuple(tie('expression'), fc.constantFrom(...BINARY), tie('expression'))
      .map(([left, operator, right]) => `(${left} ${operator} (${right}))`),
    fc.tuple(fc.constantFrom('!', '~'), tie('expression')).map(([o, e]) => `${o}(${e})`),
    fc.array(tie('expression'), { minLength: 2, maxLength: 3 }).map((all) => {
      const [condition, then, otherwise] = all.map((e) => `(${e})`)
      return `(${condition} ? ${then}${otherwise === undefined ? '' : ` : ${otherwise}`})`
    }),
    tie('expression').map((e) => `($x = (${e}))`),
    tie('expression').map((e) => `setserdsuffix(${e})`),
    tie('path').map((p) => `confprop(asru(${p}), "b")`),
    tie('path').map((p) => `count(stat.x@${p})`),
  ),
}))

const type = fc.constantFrom('fault', 'error', 'ereport', 'upset', 'defect')
const cls = fc
  .tuple(type, fc.constantFrom('x', 'io.if-event', 'cpu.generic-x86.l2', 'prop.a'), path)
  .chain(([word, rest, where]) =>
    fc
      .constantFrom('none', 'some')
      .chain((which) =>
        which === 'none'
          ? fc.constant(`${word}.${rest}@${where}`)
          : some(fc.oneof(expression, fc.constant('within(5s, 1 min)'))).map(
              (constraints) => `${word}.${rest}@${where} { ${constraints} }`,
            ),
      ),
  )
const count = fc.constantFrom('', '(0)', '(A)', '(1 + 2 * 3)', '((1 - 2) div 3)', '(1 - (2 - 3))')
const value = fc.oneof(
  fc.constantFrom('5', '2 * (3 + 4)', '7week', '$g', '"s"', 'volatile', 'call("x", 5)'),
  cls.map((c) => c.replace(/ \{.*$/s, '')),
  path,
)
const properties = fc
  .array(fc.tuple(fc.constantFrom('N', 'engine', 'count', 'a-b'), value), { maxLength: 3 })
  .map((all) => all.map(([key, v]) => `, ${key}=${v}`).join(''))
const simple = fc.oneof(
  fc
    .tuple(fc.constantFrom('event', 'engine'), cls, properties)
    .map((p) => `${p[0]} ${p[1]}${p[2]};`),
  fc.tuple(fc.constantFrom('fru', 'asru'), path, properties).map((p) => `${p[0]} ${p[1]}${p[2]};`),
  properties.map((p) => `config chip0/core12 a=5${p};`),
  fc
    .tuple(fc.constantFrom('prop', 'mask'), some(cls), count, count, some(cls))
    .map(([word, from, n, k, to]) => `${word} ${from} ${n}->${k} ${to};`),
  fc.tuple(cls, some(cls), cls).map(([a, b, c]) => `prop ${a} -> ${c} (2)-> ${b};`),
)
const statement = fc.oneof(
  simple,
  fc.tuple(expression, simple).map(([e, s]) => `if (${e}) ${s}`),
  fc.tuple(expression, simple, simple).map(([e, a, b]) => `if (${e}) { ${a} ; ${b} }`),
)

it('random rules come back from their own text', () => {
  const rules = fc.array(statement, { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(rules, (all) => isUnchanged(all.join('\n'))),
    { numRuns: 400 },
  )
})

it.each(SOURCES.filter((file) => !file.startsWith('err.')))('%s comes back', (file) => {
  isUnchanged(textOf(file))
})
