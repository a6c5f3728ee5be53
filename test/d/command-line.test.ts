// What the command line brings: several sources, macros, options, and DTrace's own words when it
// goes wrong.
import { expect, it } from 'vitest'
import { type CompileOptions, compile, type DSource } from '../../src/dtrace/d/compile.js'
import { printCompileError, printCompileErrors } from '../../src/dtrace/d/print-error.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import { programToD } from '../../src/dtrace/program/to-d.js'

type More = Omit<CompileOptions, 'catalog'>

const run = (sources: readonly DSource[], more: More = {}) =>
  compile(sources, { catalog: standardCatalog(), ...more })
const name = (text: string): DSource => ({ part: 'name', text })
const script = (text: string): DSource => ({ part: 'script', text, file: 'f.d' })

/** The program as D on one line, or the first mistake as dtrace(8) prints it. */
const outcome = (sources: readonly DSource[], more: More = {}): string => {
  const result = run(sources, more)
  if (result.kind === 'ok') return programToD(result.program).replace(/\s+/g, ' ').trim()
  return printCompileError(result)
}

it('the lines of the origin compile as they stand', () => {
  for (const text of ['xpv::: {}', 'xpv:::', 'xpv::: { @[probename] = count(); }']) {
    const result = run([name(text)])
    expect(result.kind === 'ok' && result.enablings.map((e) => e.matched)).toEqual([35])
  }
})

it.each<[DSource['part'], string, number]>([
  ['provider', 'xpv', 35],
  ['provider', 'xpv { trace(arg0); }', 35],
  ['module', 'xpv:privcmd', 31],
  ['module', 'privcmd', 31],
  ['function', 'privcmd_HYPERVISOR_domctl', 10],
  ['function', 'xpv:privcmd:privcmd_HYPERVISOR_domctl', 10],
  ['name', 'dom-create-start,dom-create-end', 2],
  ['name', 'BEGIN END', 2],
  ['name', 'xpv:::dom-*-start', 4],
  ['id', '1', 1],
  ['id', '1 { exit(0); }', 1],
])('-%s %s enables %d probes', (part, text, matched) => {
  const result = run([{ part, text }])
  expect(result.kind === 'ok' && result.enablings[0]?.matched).toBe(matched)
})

it('says of each source what dtrace(8) says', () => {
  const result = run([name('xpv:::dom-create-start /1/ { trace(1); }'), script('BEGIN,END {}')])
  const seen = result.kind === 'ok' ? result.enablings.map((e) => [e.text, e.matched]) : []
  expect(seen).toEqual([
    ['xpv:::dom-create-start ', 1],
    ['f.d', 2],
  ])
})

it('a probe named twice in one clause fires twice, as two clauses', () => {
  const result = run([name('BEGIN, BEGIN, END { trace(1); }')])
  const ids =
    result.kind === 'ok' ? result.program.clauses.map((c) => c.probes.map((p) => p.id)) : []
  expect(ids).toEqual([[1], [1], [2]])
})

it('sources share variables and aggregations', () => {
  const sources = [name('BEGIN { x = 1; @a[x] = count(); }'), name('END { trace(x); printa(@a); }')]
  expect(outcome(sources)).toBe(
    'int x; BEGIN { x = 1; @a[x] = count(); } END { trace(x); printa(@a); }',
  )
})

it.each<[string, readonly string[], string]>([
  ['trace($1)', ['5'], 'trace(5)'],
  ['trace($1)', ['-5'], 'trace(-5)'],
  ['trace($1)', ['0x10'], 'trace(16)'],
  ['trace($1)', ['pid'], 'trace(pid)'],
  ['trace($1)', ['a b'], 'trace("a b")'],
  ['trace($1)', ['"x"'], 'trace("x")'],
  ['trace($$1)', ['5'], 'trace("5")'],
  ['trace($$0)', [], 'trace("f.d")'],
  ['trace($2 - $1)', ['1', '2'], 'trace(1)'],
  ['trace($pid + 1); trace($$target)', [], 'trace(8); trace("42")'],
  ['trace($target)', [], 'trace(42)'],
])('%s with %j is %s', (text, macros, shown) => {
  const ids = new Map([
    ['pid', 7],
    ['target', 42],
  ])
  const out = outcome([script(`BEGIN { ${text}; }`)], { macros, ids, scriptName: 'f.d' })
  expect(out).toBe(`BEGIN { ${shown}; }`)
})

it('macros stand in probe descriptions too', () => {
  expect(outcome([name('xpv:::$1 { }')], { macros: ['dom-create-start'] })).toBe(
    'xpv:::dom-create-start { }',
  )
})

it.each<[string, More, string]>([
  ['trace($1)', {}, 'line 1: macro argument $1 is not defined'],
  ['trace($nope)', {}, 'line 1: macro variable $nope is not defined'],
  ['trace(1)', { macros: ['x'] }, "line 1: extraneous argument 'x' ($1 is not referenced)"],
  [
    'trace($1)',
    { macros: ['99999999999999999999'] },
    'line 1: macro argument $1 constant 99999999999999999999 results in integer overflow',
  ],
])('%s is refused: %#', (text, more, message) => {
  expect(outcome([script(`BEGIN { ${text}; }`)], more)).toBe(
    `dtrace: failed to compile script f.d: ${message}`,
  )
})

it.each<[string, string, readonly string[], string]>([
  ['defaultargs', 'trace($1); trace($$1)', [], 'BEGIN { trace(0); trace(""); }'],
  ['argref', 'trace(1)', ['x'], 'BEGIN { trace(1); }'],
])('-x %s', (option, text, macros, shown) => {
  const options = new Map([[option, '']])
  expect(outcome([script(`BEGIN { ${text}; }`)], { options, macros })).toBe(shown)
  const pragma = `#pragma D option ${option}\nBEGIN { ${text}; }`
  expect(outcome([script(pragma)], { macros })).toContain(shown)
})

it('-Z lets a description match nothing', () => {
  const result = run([name('no:such::probe { trace(1); }')], { options: new Map([['zdefs', '']]) })
  expect(result.kind === 'ok' && [result.program.clauses, result.enablings[0]?.matched]).toEqual([
    [],
    0,
  ])
})

it.each<[DSource, string]>([
  [
    name('BEGIN { x = y; }'),
    'invalid probe specifier BEGIN { x = y; }: in action list: failed to resolve y: Unknown variable name',
  ],
  [
    name('BEGIN /y/ { }'),
    'invalid probe specifier BEGIN /y/ { }: in predicate: failed to resolve y: Unknown variable name',
  ],
  [name('BEGIN { x = ; }'), 'invalid probe specifier BEGIN { x = ; }: syntax error near ";"'],
  [name('BEGIN { x = 1'), 'invalid probe specifier BEGIN { x = 1: syntax error near end of input'],
  [
    name('a:b:c:d'),
    'invalid probe specifier a:b:c:d: probe description a:b:c:d does not match any probes',
  ],
  [
    { part: 'provider', text: 'a:b' },
    'invalid probe specifier a:b: invalid probe description "a:b": Overspecified probe description',
  ],
  [
    script('BEGIN\n{\n  x = y;\n}'),
    'failed to compile script f.d: line 3: failed to resolve y: Unknown variable name',
  ],
  [
    script('# 10 "inc.d"\nBEGIN { x = y; }'),
    'failed to compile script f.d: "inc.d", line 10: failed to resolve y: Unknown variable name',
  ],
])('the first mistake in DTrace words: %#', (source, message) => {
  expect(outcome([source])).toBe(`dtrace: ${message}`)
})

it('errtags puts the tag before the place', () => {
  const result = run([script('BEGIN { 1 / 0; }')])
  expect(result.kind === 'errors' && printCompileError(result, { errtags: true })).toBe(
    'dtrace: failed to compile script f.d: [D_DIV_ZERO] line 1: expression contains division by zero',
  )
})

it('all mistakes of a source are listed, each once', () => {
  const result = run([script('BEGIN { a = b1; c = a; d = e1 + ; f = g1; }\nxpv:::nope { h1(); }')])
  const codes = result.kind === 'errors' ? result.diagnostics.map((d) => d.code) : []
  expect(codes).toEqual([
    'd.syntax',
    'd.unknown-name',
    'd.unknown-name',
    'd.unknown-probe',
    'd.unknown-function',
  ])
  expect(result.kind === 'errors' && printCompileErrors(result)).toContain('near ";"')
})

it('a predicate may use what its actions make, and the other way round', () => {
  expect(run([name('BEGIN /x == 0/ { trace(x++); }')]).kind).toBe('ok')
  expect(run([name('BEGIN /x++/ { trace(x); }')]).kind).toBe('ok')
  expect(run([name('BEGIN /x/ { trace(x); }')]).kind).toBe('errors')
})

it('interpreter lines and pragmas are not part of the program', () => {
  const text = '#!/usr/sbin/dtrace -qs\n#pragma D option quiet\n#pragma ident "x"\nBEGIN { }\n'
  const result = run([script(text)])
  expect(result.kind === 'ok' && [...result.program.options]).toEqual([['quiet', '']])
})

it('a word of the outer scope is a type in a script, a probe on the command line', () => {
  expect(run([script('uint_t x; BEGIN { x = 1; }')]).kind).toBe('ok')
  expect(outcome([name('uint_t { }')])).toContain('probe description :::uint_t does not match')
  const pspec = '#pragma D option pspec\nuint_t { }'
  expect(outcome([script(pspec)])).toContain('probe description :::uint_t does not match')
})
