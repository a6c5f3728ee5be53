// Cells have types: what is certain to be wrong does not run, what is right does, and Tab knows
// what there is.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OpenSession } from '../../../src/cli/session.js'
import { typedSession } from './typed-session.js'

let open: OpenSession
beforeAll(async () => {
  open = await typedSession()
  for (const cell of BEFORE) await run(cell)
})
afterAll(() => open.close())

/** What the session has seen when the questions come. */
const BEFORE = [
  "xm.create('web1')",
  'let count = 5; const web = [{ a: 1, size: 2n }]',
  'class Base { id = 1; stop() {} }\nclass Disk extends Base { sectors = 8n; read() {} }',
  'interface Shape { readonly width: number }',
  'type Pair<T> = readonly [T, T]; enum Colour { Red }',
  "import { cpus } from 'node:os'",
  'const again = 1',
  "const again = 'text'",
]

async function run(cell: string): Promise<string> {
  const result = await open.session.evaluate(cell)
  if (result.kind === 'error') return result.error.text.replace(/\n {2}.*/s, '')
  return result.kind === 'ok' ? (result.shown?.['text/plain'] ?? '') : result.kind
}

it.each<[cell: string, said: string]>([
  ['const n: number = "x"', "ts.2322: line 1:7: Type 'string' is not assignable to type 'number'"],
  [
    "dom0.vcpus[0].rdmsr('NO_SUCH')",
    'ts.2345: line 1:21: Argument of type \'"NO_SUCH"\' is not assignable to ' +
      "parameter of type 'MsrReference'",
  ],
  ['count = "x"', "ts.2322: line 1:1: Type 'string' is not assignable to type 'number'"],
  [
    'web[0].b',
    "ts.2339: line 1:8: Property 'b' does not exist on type '{ a: number; size: bigint; }'",
  ],
  [
    '1\n  + count.toFixd()',
    "ts.2551: line 2:11: Property 'toFixd' does not exist on type 'number'.",
  ],
  ['again.toFixed(2)', "ts.2551: line 1:7: Property 'toFixed' does not exist on type '\"text\"'"],
  ['const s: Shape = { width: "1" }', 'ts.2322: line 1:20: '],
  ['new Disk().sector', 'ts.2551: line 1:12: '],
  ['xm.create(5)', 'ts.2345: line 1:11: '],
  ['machine.run()', 'ts.2554: line 1:9: Expected 1 arguments, but got 0'],
  ['domains[0].nam', "ts.2551: line 1:12: Property 'nam' does not exist on type 'Domain'."],
  ["fma.log('errors')", 'ts.2345: line 1:9: '],
  ["on('xpv:::dom-create-start').by('domd')", 'ts.2345: line 1:33: '],
  ["on('xpv:::dom-creat-start')", 'd.unknown-probe: line 1:5: no probe matches'],
  ['d`xpv:::dom-create-start { @ = cunt(); }`', 'd.unknown-function: line 1:32: '],
  ['prbes()', "ts.2552: line 1:1: Cannot find name 'prbes'. Did you mean 'probes'?"],
  ['cpus(1)', 'ts.2554: line 1:6: '],
])('%s does not run', async (cell, said) => {
  expect((await run(cell)).slice(0, said.length)).toBe(said)
})

it.each([
  ['dtrce -l', ["Cannot find name 'dtrce'"], 'dtrace -l'],
  ['dtrce - l', ["Cannot find name 'dtrce'", "Cannot find name 'l'"], 'dtrace - l'],
  ['vcpus', ["Cannot find name 'vcpus'"], 'domains[0].vcpus'],
  ['history', ["Cannot find name 'history'"], '.history'],
])('%s: what is not known, and what was meant', async (cell, mistakes, meant) => {
  const result = await open.session.evaluate(cell)
  const text = result.kind === 'error' ? result.error.text : ''
  expect(text.match(/Cannot find name '\w+'/g)).toEqual(mistakes)
  expect(text.match(/(?<=try: ).*/g)).toEqual([meant])
  expect(text).not.toContain('Did you mean')
})

it('a cell of a quarter of a million characters runs unchecked; its names are known', async () => {
  const cell = `const much: number = 'x'.length + [${'1,'.repeat(140_000)}].length\nmuch`
  expect(await run(cell)).toBe('140001')
  expect(await run('much + 1')).toBe('140002')
})

it.each<[cell: string, shown: string]>([
  ['{ a: 1, b: 2 }', '{ a: 1, b: 2 }'],
  ['count += 1', '6'],
  ['again.length', '4'],
  ['const p: Pair<number> = [1, Colour.Red]; p[1]', '0'],
  ['domains.web1.name', "'web1'"],
  ['domains[0].memoryBytes / 2 ** 20', '1024'],
  ['pcpus[0].msr.MCG_CAP.name', "'IA32_MCG_CAP'"],
  ['typeof cpus()', "'object'"],
  ['const plus = (a, b) => a + b; plus(1, 2)', '3'],
  ['fma.acts.rows.map((row) => row[0].slice(1)).length', '0'],
  ['web.find(({ a }) => a > 0).size', '2n'],
  ['await Promise.resolve(3)', '3'],
  ["!const forced: number = 'x'; forced", "'x'"],
  ['!domains[0].nam', ''],
  ['[(s) => s].map((on) => on("xpv:::of-nobody"))', "[ 'xpv:::of-nobody' ]"],
])('%s runs', async (cell, shown) => expect(await run(cell)).toBe(shown))

it('a mistake in what was forced is told by the run', async () => {
  expect(await run('!web[0].b.c')).toMatch(/^TypeError: /)
})

/** The first proposals with their types. */
async function complete(text: string, most: number): Promise<readonly string[]> {
  const found = await open.session.assist.complete(text, text.length)
  return found
    .slice(0, most)
    .map(({ text: proposed, detail }) => proposed + (detail === undefined ? '' : `: ${detail}`))
}

it.each<[text: string, proposed: readonly string[]]>([
  ['web[0].', ['a: number', 'size: bigint']],
  ['new Disk().', ['id: number', 'sectors: bigint', 'stop: (): void', 'read: (): void']],
  ['const disk = new Disk(); disk.se', ['sectors: bigint']],
  ['web.map((each) => each.si', ['size: bigint']],
  ['domains.we', ['web1: Domain']],
  ['domains[0].memoryB', ['memoryBytes: number']],
  ['pcpus[1].msr.IA32_MCG_C', ['IA32_MCG_CAP: PcpuMsr', 'IA32_MCG_CTL: PcpuMsr']],
  ["dom0.vcpus[0].rdmsr('IA32_MCG_C", ['IA32_MCG_CAP', 'IA32_MCG_CTL']],
  ["explain('fault.memory.generic-x86.page_", ['fault.memory.generic-x86.page_ce']],
  ["explain('GMCA-8000-L", ['GMCA-8000-LF']],
  ["fma.explain('GMCA-8000-L", ['GMCA-8000-LF']],
  ['import.meta.d', ['dirname: string']],
  ["fma.log('f", ['fault']],
  ["on('xpv:::dom-create-start').by('execn", ['execname']],
  ["on('xpv:::dom-create-st", ['dom-create-start']],
  ["const other = machine.fork(); other.run('1s').no", ['nowNs: number']],
  ["xm.create('web1', { mem", ['memoryMiB?: number | undefined']],
  ['const s: Sha', ['Shape: Shape']],
  ['function f(alpha: number) { return alp', ['alpha: number']],
  ['cou', ['count']],
  ["dtrace -n 'xpv:::dom-cr", ['dom-create-end', 'dom-create-start']],
])('Tab behind %s', async (text, proposed) => {
  expect(await complete(text, proposed.length)).toEqual(proposed)
})

it('own members come first, what was inherited last, what every object has never', async () => {
  await run('const disk = new Disk()')
  const names = await complete('disk.', 9)
  expect(names).toEqual(['id: number', 'sectors: bigint', 'read: (): void', 'stop: (): void'])
})

it('a call says what it takes, and where one is', async () => {
  const text = "xm.pin('web1', 0, "
  const hint = await open.session.assist.callHint(text, text.length)
  const { start = 0, end = 0 } = hint?.argument ?? {}
  expect(hint?.label).toMatch(/^pin\(domain: DomainReference, vcpu: number, /)
  expect(hint?.label.slice(start, end)).toBe('pcpus: string | readonly number[]')
  expect(hint?.meaning).toBe('Lets a vcpu run on these pcpus only.')
})

it('a name says what it is', async () => {
  const text = '1 + machine.nowNs'
  expect(await open.session.assist.describeAt?.(text, text.length - 2)).toBe(
    '```typescript\n(accessor) MachineGlobal.nowNs: number\n```\nNanoseconds since it booted.',
  )
})
