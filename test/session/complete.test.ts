// Completion at run time: names, members, commands, and the parts of probe names.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Command } from '../../src/session/command.js'
import { Session } from '../../src/session/session.js'

const PROBES = [
  'xpv:privcmd:privcmd_HYPERVISOR_domctl:dom-create-start',
  'xpv:privcmd:privcmd_HYPERVISOR_domctl:dom-create-end',
  'xpv:privcmd:privcmd_HYPERVISOR_memory_op:populate-physmap-start',
  'xdt:pv::hypercall',
]

class Machine {
  title = 'create.xt'
  snapshot() {
    return {}
  }
  get dangerous(): never {
    throw new Error('a completion must call nothing')
  }
}

const command = (name: string): Command => {
  return { name, summary: '', usage: '', examples: [], run: async () => 0 }
}

let session: Session
beforeEach(async () => {
  session = new Session({
    globals: { machine: new Machine(), on: () => 1 },
    commands: [command('dtrace'), { ...command('quux'), isThere: () => false }],
    write: () => {},
    probeSpecs: () => PROBES,
  })
  await session.evaluate('const domains = [{ domid: 0, name: "Domain-0" }]; let machines = 2')
})
afterEach(() => session.close())

/** The first proposals, put in their place. */
const complete = (text: string, most = 3): string[] =>
  session
    .complete(text, text.length)
    .slice(0, most)
    .map((found) => text.slice(0, found.start) + found.text)

it.each<[string, string[]]>([
  ['dtr', ['dtrace']],
  ['# dtr', ['# dtrace']],
  ['mach', ['machines', 'machine']],
  ['quu', []],
  ['1 + dom', ['1 + domains']],
  ['help dt', ['help dtrace']],
  ['dtrace ', ['dtrace -n', 'dtrace -P', 'dtrace -m']],
  ['dtrace mach', []],
  ['machine.', ['machine.title', 'machine.snapshot', 'machine.dangerous']],
  ['machine.sn', ['machine.snapshot']],
  ['domains[0].do', ['domains[0].domid']],
  ['"abc".toUpp', ['"abc".toUpperCase']],
  ['domains.slice(0).fl', ['domains.slice(0).flat', 'domains.slice(0).flatMap']],
  ['machine.dangerous.x', []],
  ['nothing.at', []],
  ["on('x", ["on('xpv:", "on('xdt:"]],
  ["on('xpv:::dom-create-s", ["on('xpv:::dom-create-start"]],
  ["on('xpv:privcmd:*memory*:", ["on('xpv:privcmd:*memory*:populate-physmap-start"]],
  ["dtrace -n 'xdt:pv::h", ["dtrace -n 'xdt:pv::hypercall"]],
  ["dtrace -n 'BEGIN, xdt:p", ["dtrace -n 'BEGIN, xdt:pv:"]],
  ['d`xpv:::pop', ['d`xpv:::populate-physmap-start']],
])('%s', (text, found) => expect(complete(text)).toEqual(found))

it('never proposes what every object has', () => {
  expect(complete('machine.', 50)).not.toContain('machine.hasOwnProperty')
})

it('nothing is said of members that every object has', () => {
  for (const text of ["'abc'.", 'machine.', '[1].']) {
    const said = session.complete(text, text.length).filter(({ doc }) => doc !== undefined)
    expect(said, text).toEqual([])
  }
})
