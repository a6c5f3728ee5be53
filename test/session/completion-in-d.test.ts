// Completion inside D and on dtrace's command line.
import { expect, it } from 'vitest'
import { type Completion, completeAt } from '../../src/session/complete.js'

const PROBES = [
  'xpv:privcmd:privcmd_HYPERVISOR_domctl:dom-create-start',
  'xpv:privcmd:privcmd_HYPERVISOR_domctl:dom-create-end',
  'xdt:pv::hypercall',
]

function complete(text: string): readonly Completion[] {
  return completeAt(text, {
    declared: [],
    given: ['d'],
    commands: ['dtrace'],
    probeSpecs: PROBES,
    peek: () => undefined,
  })
}

/** The first proposals, as the text would end. */
const first = (text: string, most: number): readonly string[] =>
  complete(text)
    .slice(0, most)
    .map((found) => found.text)

it.each<[text: string, proposed: readonly string[]]>([
  ['d`xpv:::dom-', ['dom-create-start', 'dom-create-end']],
  ['d`BEG', ['BEGIN']],
  ['d`xpv:::dom-create-start /exec', ['execname']],
  ['d`xpv:::dom-create-start /pid == 1/ { @[prob', ['probeprov', 'probemod', 'probefunc']],
  ['d`BEGIN { @calls = count(); } END { printa(@ca', ['calls']],
  ['d`BEGIN { @ = quan', ['quantize', 'quantile']],
  ['d`BEGIN { @a["x", 1] = lq', ['lquantize']],
  ['d`BEGIN { self->start = timestamp; } END { trace(self->st', ['start']],
  ['d`BEGIN { total = 1; } END { trace(tot', ['total']],
  ["dtrace -n 'BEGIN { trace(`xdt_curp", ['xdt_curpcpu']],
  ['d`BEGIN { trace($tar', ['$target']],
  ['d`#pragma D option aggs', ['aggsize', 'aggsortkey', 'aggsortkeypos']],
  ['d`BEGIN { trace("exec', []],
  ['d`BEGIN { } xdt:', ['pv:']],
  ["dtrace -n 'BEGIN { print", ['printa', 'printf']],
  ["# dtrace -qn 'xpv:::dom-create-start { trace(ti", ['timestamp', 'tid']],
  ['dtrace -n xdt:pv::h', ['hypercall']],
  ["dtrace -n 'BEGIN {}' -x bufs", ['bufsize']],
  ['dtrace -x bufpolicy=', ['fill', 'ring', 'switch']],
  ['dtrace --format nd', ['ndjson']],
  ['dtrace --exp', ['--explain']],
  ['dtrace -s fi', []],
])('%s', (text, proposed) => {
  const found = first(text, proposed.length === 0 ? 1 : proposed.length)
  expect([...found].sort()).toEqual([...proposed].sort())
})

it('a proposal says what it is', () => {
  expect(complete('d`BEGIN { trace(execn')[0]?.doc).toBe('the name of the dom0 process')
  expect(complete('d`BEGIN { @ = quant')[0]?.doc).toMatch(/quantize\(@.*power-of-two/)
  expect(complete('dtrace --past')[0]?.doc).toMatch(/^over what has happened so far/)
})
