// The objects at the prompt: every example of the manual runs on a machine, and on a recording the
// same objects answer or say why they cannot.
import { expect, it } from 'vitest'
import { OBJECT_TOPICS } from '../../src/cli/object-topics.js'
import { xpv } from './xpv-process.js'

const examples = OBJECT_TOPICS.flatMap(({ examples }) => examples)

/** What lines print at a pipe. */
function typed(words: readonly string[], lines: readonly string[]) {
  const { status, out, err } = xpv(words, { input: `${lines.join('\n')}\n` })
  return { status, out, err: err.replace(/^xpv: building.*\n/gm, '') }
}

it('every example of the manual runs and shows something', () => {
  const lines = examples.flatMap((line, i) => [`console.log('example ${i}')`, line])
  const { status, out, err } = typed(['--machine', 'sim:xen-3.1-upstream'], lines)
  expect({ status, err }).toEqual({ status: 0, err: '' })
  const shown = out.split(/^example \d+\n/m).slice(1)
  expect(shown.length).toBe(examples.length)
  expect(shown.filter((text) => text.trim() === '')).toEqual([])
})

it('help lists every object, and tells what each of its members says', () => {
  const { out } = typed([], ['help', ...OBJECT_TOPICS.map(({ name }) => `help ${name}`)])
  for (const { name, summary, members = {} } of OBJECT_TOPICS) {
    expect(out).toContain(`${name} - ${summary}\nusage: ${name}\nmembers:\n`)
    for (const [member, says] of Object.entries(members)) {
      const words = says.replace(/[()[\].*?+]/g, '\\$&').replaceAll(' ', '\\s+')
      expect(out).toMatch(new RegExp(`^ {2}${member}\\s+${words}$`, 'm'))
    }
  }
})

it.each([
  { line: 'domains', shows: /^domid {2}created/ },
  { line: 'xen.memoryBytes', shows: /^3220176896$/m },
  { line: 'pcpus[1].banks', shows: /^not known: a recording has no machine-check banks/ },
])('on a recording: $line', ({ line, shows }) => {
  const { status, out } = typed(['--machine', 'examples/recordings/xl-create'], [line])
  expect(status).toBe(0)
  expect(out).toMatch(shows)
})

it('console.log prints an object as the prompt shows it', () => {
  const { out } = typed([], ['domains', "console.log('of', domains); console.log([dom0])"])
  const shown = out.slice(0, out.indexOf('of '))
  expect(shown).toMatch(/^domid /)
  expect(out).toBe(`${shown}of ${shown}[ Domain { domid: 0 } ]\n`)
})

it('a host that a machine check stopped says so, and a running one does not', () => {
  const lines = [
    'machine',
    "machine.inject('cache level=1 pcpu=1 severity=fatal at=1s'); machine.run('2s')",
    'machine',
  ]
  const { status, out } = typed(['--machine', 'sim:xvm-3.1'], lines)
  expect(status).toBe(0)
  const stopped = '2.000000000 s since boot; the host has stopped: CPU context corrupt'
  expect(out.match(/[\d.]+ s since boot.*/g)).toEqual([
    '0.000000000 s since boot',
    stopped,
    stopped,
  ])
})

it('a snapshot of before and one of after tell what a command did', () => {
  const lines = ['const before = machine.snapshot()', 'xm create web1', 'machine.diff(before)']
  const { out } = typed([], lines)
  expect(out).toMatch(/later: \d+ differences\n/)
  expect(out).toMatch(/^domains\[1\] +- +web1, 512 MiB, 1/m)
})

it('the fault of a register names the pcpu it happened on, and what to type instead', () => {
  const { status, err, out } = typed([], ["dom0.vcpus[0].rdmsr('IA32_MC4_STATUS')"])
  expect(status).toBe(1)
  expect(`${out}${err}`).toMatch(/general protection fault: .*IA32_MC4_STATUS.* on pcpu \d: /)
  expect(`${out}${err}`).toMatch(/try: pcpus\[\d\]\.banks/)
})

it('a query over an empty past says where it looked, and how to go on', () => {
  const { out } = typed([], ["on('xpv:::').count()", 'xm create web1', "on('xpv:::').count()"])
  expect(out).toMatch(/^nothing of this has happened so far: .*\n {2}try: .*\n/)
  expect(out).toMatch(/\n +\d+\n$/)
})
