// Objects at the prompt: Tab finds what they have, a question mark behind one tells what it is, and
// neither has an effect.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import { hostObjects } from '../../src/machine/host-objects.js'
import { Session } from '../../src/session/session.js'

let machine: SimMachine
let session: Session
beforeEach(() => {
  machine = createSimulator()
  machine.command(['xm', 'create', 'web1'])
  session = new Session({
    globals: { ...hostObjects(() => machine) },
    topics: [{ name: 'xen', summary: 'the hypervisor', usage: '', examples: [] }],
    commands: [{ name: 'xm', summary: 'tool', usage: '', examples: [], run: async () => 0 }],
    wordsIn: (called) => (called === 'rdmsr' ? ['IA32_MCG_CAP', 'IA32_MCG_STATUS'] : undefined),
    write: () => {},
  })
})
afterEach(() => session.close())

const complete = (text: string, most = 3): string[] =>
  session
    .complete(text, text.length)
    .slice(0, most)
    .map((found) => text.slice(0, found.start) + found.text)

it.each<[string, string[]]>([
  ['pcpus[', ['pcpus[0]', 'pcpus[1]', 'pcpus[2]']],
  ['pcpus[3', ['pcpus[3]']],
  ['domains[', ['domains[0]', 'domains[1]']],
  ["domains['we", ["domains['web1']"]],
  ['domains.we', ['domains.web1']],
  ['domains.web1.memo', ['domains.web1.memoryBytes']],
  ['pcpus[0].msr.IA32_MCG_C', ['pcpus[0].msr.IA32_MCG_CAP', 'pcpus[0].msr.IA32_MCG_CTL']],
  ['pcpus[0].banks[', ['pcpus[0].banks[0]', 'pcpus[0].banks[1]', 'pcpus[0].banks[2]']],
  ["dom0.vcpus[0].rdmsr('IA32_MCG_S", ["dom0.vcpus[0].rdmsr('IA32_MCG_STATUS"]],
  ['hostbridge.rootPorts[', ['hostbridge.rootPorts[0]', 'hostbridge.rootPorts[1]']],
  ['hostbridge.rootPorts[0].aer.unc', ['hostbridge.rootPorts[0].aer.uncorrectableStatus']],
  ['domains[9].', []],
])('%s', (text, found) => {
  const before = machine.nowNs
  expect(complete(text, Math.max(1, found.length))).toEqual(found)
  expect(machine.nowNs).toBe(before)
})

it('a proposal says what it is', () => {
  const [found] = session.complete('pcpus[0].idle', 13)
  expect(found).toMatchObject({ text: 'idleNs', doc: expect.stringMatching(/nanoseconds/) })
})

it.each([
  { line: 'pcpus[0]?', tells: /^pcpus\[0\] - a physical CPU\nmembers:\n {2}id +its number/ },
  { line: 'domains.web1.vcpus[0]?', tells: /^domains\[1\]\.vcpus\[0\] - a virtual CPU/ },
  { line: 'xen?', tells: /^xen - the hypervisor\n/ },
  { line: 'help(pcpus[1].msr.IA32_MCG_CAP)', tells: /^pcpus\[1\]\.msr\.IA32_MCG_CAP - / },
])('$line', async ({ line, tells }) => {
  const result = await session.evaluate(line)
  expect(result.kind === 'ok' && result.shown?.['text/plain']).toMatch(tells)
})

it('a page has a width: tables fit it, sentences go on', async () => {
  for (const line of ['xen', 'domains', 'dom0', 'pcpus', 'pcpus[1].banks', 'hostbridge']) {
    const result = await session.evaluate(line)
    const text = result.kind === 'ok' ? (result.shown?.['text/plain'] ?? '') : ''
    expect(text.split('\n').filter((each) => each.length > 80)).toEqual([])
    expect(result.kind === 'ok' && result.shown?.['text/markdown']).toMatch(/\| --- \|/)
  }
})
