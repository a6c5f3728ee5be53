// A program printed as D compiles to itself: for random expressions and for every program of the
// fixtures. And no text, however broken, does more than yield mistakes with a place.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { programToD } from '../../src/dtrace/program/to-d.js'
import { bare, compileText, programOf } from './tree.js'

const HERE = import.meta.dirname
const EXAMPLES = join(HERE, '../../examples')
const files = (dir: string): string[] =>
  readdirSync(dir)
    .filter((f) => f.endsWith('.d'))
    .map((f) => join(dir, f))
const PROGRAMS = [...files(HERE), ...files(EXAMPLES)]
  .filter((f) => !f.includes('/err.'))
  .map((f) => readFileSync(f, 'utf8'))

const VARIABLES: Readonly<Record<string, string>> = {
  c: 'char',
  us: 'uint16_t',
  i: 'int',
  u: 'unsigned int',
  l: 'int64_t',
  ll: 'long long',
  x: 'uint64_t',
}
const SCALARS = Object.entries(VARIABLES).map(([name, type]) => `${type} ${name};`)
const DECLARED = `${SCALARS.join(' ')} string s; self int t; int64_t a[string, int];`

const BINARY = '+ - * & | ^ << >> == != < <= > >= && || ^^'.split(' ')
const text = (...parts: readonly string[]): string => `(${parts.join(' ')})`

const { number } = fc.letrec<{ number: string; str: string }>((tie) => ({
  str: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom('s', 'execname', '"a\\"b\\n"', '""', 'NULL'),
    fc.tuple(tie('str'), tie('str')).map(([a, b]) => `strjoin(${a}, ${b})`),
    fc.tuple(tie('number'), tie('str')).map(([n, a]) => text(n, '?', a, ': s')),
  ),
  number: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom(...Object.keys(VARIABLES), 'arg0', 'timestamp', 'self->t', 'pid'),
    fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }).map(String),
    fc.constantFrom('0', '1', '3u', '0xffffffff', '5ull', "'ab'", '0x8000000000000000'),
    fc
      .tuple(tie('number'), fc.constantFrom(...BINARY), tie('number'))
      .map(([a, op, b]) => text(a, op, b)),
    fc
      .tuple(tie('number'), fc.constantFrom('/', '%'), fc.constantFrom('i', 'x', '7'))
      .map(([a, op, b]) => text(a, op, b)),
    fc.tuple(fc.constantFrom('-', '~', '!', '+'), tie('number')).map(([op, a]) => text(op, a)),
    fc
      .tuple(fc.constantFrom(...Object.values(VARIABLES)), tie('number'))
      .map(([type, a]) => `((${type})${a})`),
    fc
      .tuple(tie('number'), tie('number'), tie('number'))
      .map(([a, b, d]) => text(a, '?', b, ':', d)),
    fc.tuple(tie('number'), tie('number')).map(([a, b]) => text(a, ',', b)),
    fc
      .tuple(fc.constantFrom('i', 'x', 'self->t'), fc.constantFrom('=', '+=', '<<='), tie('number'))
      .map(([v, op, a]) => text(v, op, a)),
    fc.constantFrom('i++', '--x', 'self->t--'),
    fc.tuple(tie('str'), tie('number')).map(([k, n]) => `a[${k}, ${n}]`),
    fc.tuple(tie('str'), fc.constantFrom('==', '<', '!=')).map(([k, op]) => text(k, op, 's')),
    tie('str').map((k) => `strlen(${k})`),
    fc.tuple(tie('str'), tie('number')).map(([k, n]) => `index(${k}, s, ${n})`),
  ),
}))

const RECORDS = `struct in { char c; int n[3]; struct in *up; string s; short f : 5; };
  struct out { long x; struct in i; struct in *p; struct in a[2]; union { int u; char b[8]; }; };
  struct out v; struct out *w; self struct out t; struct in k[string]; int *q; char *r;
  int i; string z; enum e { ONE = 1, NINE = 9 } en;`

const { place, address } = fc.letrec<{
  record: string
  inner: string
  place: string
  address: string
  index: string
}>((tie) => ({
  index: fc.constantFrom('0', '1', 'i', 'i + 1', 'NINE'),
  record: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('v', '(*w)', 'self->t', 'w[1]'),
    tie('index').map((i) => `w[${i}]`),
  ),
  inner: fc.oneof(
    { maxDepth: 4 },
    tie('record').map((r) => `${r}.i`),
    tie('record').map((r) => `(*${r}.p)`),
    fc.tuple(tie('record'), tie('index')).map(([r, i]) => `${r}.a[${i}]`),
    tie('inner').map((r) => `(*${r}.up)`),
    fc.constant('k["a"]'),
  ),
  place: fc.oneof(
    { maxDepth: 4 },
    fc.tuple(tie('inner'), fc.constantFrom('c', 'n[1]', 'f')).map(([r, m]) => `${r}.${m}`),
    fc.tuple(tie('inner'), tie('index')).map(([r, i]) => `${r}.n[${i}]`),
    fc.tuple(tie('record'), fc.constantFrom('x', 'u', 'b[3]')).map(([r, m]) => `${r}.${m}`),
    tie('address').map((a) => `*${a}`),
    fc.tuple(tie('address'), tie('index')).map(([a, i]) => `${a}[${i}]`),
  ),
  address: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('q', 'r', '(&v.x)', '((short *)arg0)', '(&z[2])', '(&"abc"[1])'),
    tie('inner').map((r) => `(&${r}.c)`),
    fc.tuple(tie('inner'), tie('index')).map(([r, i]) => `(&${r}.n[${i}])`),
    fc
      .tuple(tie('address'), fc.constantFrom('+', '-'), tie('index'))
      .map(([a, op, i]) => `(${a} ${op} ${i})`),
  ),
}))

it('random places and addresses survive being printed', () => {
  const use = fc.oneof(
    place.map((p) => `trace(${p});`),
    place.map((p) => `i = ${p} + ONE; v.x += ${p}; q++; r -= i; self->t = v; *w = v;`),
    address.map((a) => `trace((long)${a}); trace(*(char *)${a}); trace(stringof(${a}));`),
    fc.tuple(address, fc.constantFrom('==', '<', '!=')).map(([a, op]) => `trace(${a} ${op} NULL);`),
  )
  fc.assert(
    fc.property(fc.array(use, { maxLength: 4 }), (uses) => {
      const program = programOf(`${RECORDS} BEGIN { ${uses.join(' ')} }`, 'script')
      const again = programOf(programToD(program), 'script')
      expect(bare(again)).toEqual(bare(program))
    }),
    { numRuns: 400 },
  )
})

it('random expressions survive being printed', () => {
  fc.assert(
    fc.property(number, fc.array(number, { maxLength: 3 }), (value, more) => {
      const traces = more.map((m) => `trace(${m}); @[${m}] = sum(${m});`).join(' ')
      const program = programOf(`${DECLARED} END /${value}/ { ${traces} }`, 'script')
      const again = programOf(programToD(program), 'script')
      expect(bare(again)).toEqual(bare(program))
    }),
    { numRuns: 400 },
  )
})

it.each(PROGRAMS)('a real program survives being printed', (source) => {
  const program = compileText(source.replaceAll('$1', '1'), 'script')
  expect(program.kind).toBe('ok')
  if (program.kind !== 'ok') return
  expect(bare(programOf(programToD(program.program), 'script'))).toEqual(bare(program.program))
})

const SCRAPS = [
  '{',
  '}',
  '/',
  '(',
  ')',
  '[',
  ';',
  '"',
  "'",
  '/*',
  '*/',
  '@',
  '$',
  '`',
  '#',
  '\n',
  '=',
  '->',
  ',',
  '9',
  '0x',
  'self',
  'int',
  'if',
  'else',
  '%d',
  '\\',
  '?',
  ':',
  '\0',
  '€',
]

const mutated = fc
  .tuple(
    fc.constantFrom(...PROGRAMS),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat({ max: 12 }),
        put: fc.oneof(fc.constantFrom('', ...SCRAPS), fc.string({ maxLength: 4 })),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([source, edits]) =>
    edits.reduce((s, e) => {
      const at = Math.floor(e.at * s.length)
      return s.slice(0, at) + e.put + s.slice(at + e.cut)
    }, source),
  )

it('a broken program yields mistakes with a place, and never throws', () => {
  fc.assert(
    fc.property(mutated, fc.constantFrom('script', 'name', 'provider'), (source, part) => {
      const result = compileText(source, part as 'script')
      if (result.kind === 'ok') return
      expect(result.diagnostics.length).toBeGreaterThan(0)
      for (const d of result.diagnostics) {
        expect(d.span?.start).toBeGreaterThanOrEqual(0)
        expect(d.span?.end).toBeGreaterThanOrEqual(d.span?.start ?? 0)
        expect(d.span?.end).toBeLessThanOrEqual(source.length)
        expect(d.message).not.toBe('')
      }
    }),
    { numRuns: 1500 },
  )
})

it.each([
  ['parentheses', `${'('.repeat(5000)}1${')'.repeat(5000)}`],
  ['signs', `${'-'.repeat(5000)}1`],
  ['terms', `1${' + 1'.repeat(20000)}`],
  ['casts', `${'(int)'.repeat(5000)}1`],
  ['conditions', `${'1 ? 1 : '.repeat(5000)}1`],
  ['assignments', `${'x = '.repeat(5000)}1`],
  ['subscripts', `${'a['.repeat(5000)}1`],
])('thousands of %s are a mistake, not a crash', (_, expression) => {
  expect(compileText(`BEGIN { x = ${expression}; }`).kind).toBe('errors')
})
