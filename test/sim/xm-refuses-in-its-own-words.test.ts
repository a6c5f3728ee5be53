// What xm refuses: its words, its exit status, and a host that is as it was.
// Oracle: tools/python/xen/xm/main.py and xend of Xen 3.1; texts of errno as Solaris has them.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { allFrames, fired, xm, xmHost } from './xm-host.js'

const USAGE = /^Usage: xm \S+/

it.each([
  { line: 'destroy nope', words: "Domain 'nope' does not exist.", usage: false },
  { line: 'destroy 77', words: "Domain '77' does not exist.", usage: false },
  { line: 'destroy 0', words: 'Cannot destroy privileged domain 0', usage: true },
  { line: 'destroy', words: "'xm destroy' requires 1 argument.\n", usage: true },
  { line: 'pause Domain-0', words: 'Cannot pause privileged domain Domain-0', usage: true },
  { line: 'shutdown 0', words: 'Domain 0 cannot be shutdown', usage: true },
  { line: 'save 0 /tmp/x', words: 'Cannot save privileged domain 0', usage: true },
  { line: 'restore /tmp/x', words: 'xm restore: Unable to read file /tmp/x', usage: false },
  { line: 'restore /etc/xen/web1', words: 'Restore failed', usage: true },
  { line: 'create none', words: 'Unable to open config file: none', usage: true },
  { line: 'vcpu-pin g 0 99', words: /Cannot pin vcpu: 0 to cpu: \[99\] - \(22, 'Inv/, usage: true },
  { line: 'vcpu-pin g x 1', words: 'Invalid argument.', usage: true },
  { line: 'vcpu-set g 0', words: 'Invalid VCPUs', usage: true },
  { line: 'mem-set g -5', words: /^Invalid Configuration: memory_static_min/, usage: true },
  { line: 'mem-set g 9999', words: /memory_dynamic_max must be less than or/, usage: true },
  { line: 'mem-max g 0', words: 'Invalid memory size', usage: true },
  { line: 'mem-max g 8', words: "(22, 'Invalid argument')", usage: true },
  {
    line: 'rename g Domain-0',
    words: "VM name 'Domain-0' already exists as domain 0",
    usage: true,
  },
  { line: 'migrate g mars', words: /^can't connect: /, usage: true },
  { line: 'migrate g', words: 'Invalid number of arguments', usage: true },
  { line: 'block-attach g phy:/x frob w', words: /^Unable to find number for device/, usage: true },
  { line: 'block-detach g 7', words: 'Device 7 not connected', usage: true },
  { line: 'sched-credit -d g -w 0', words: 'weight is out of range', usage: true },
  { line: 'list --frob', words: 'option --frob not recognized', usage: true },
])('xm $line', ({ line, words, usage }) => {
  const machine = xmHost()
  xm(machine, 'create db1 name=g memory=64 maxmem=64')
  const before = allFrames(machine)
  const { status, stdout, stderr } = xm(machine, line)
  const text = /^Error: (.*)\n$/s.exec(stderr)?.[1]
  if (typeof words === 'string') expect(text).toBe(words)
  else expect(text).toMatch(words)
  expect({ status, usage: USAGE.test(stdout) }).toEqual({ status: 1, usage })
  expect(allFrames(machine)).toBe(before)
  expect(machine.world.domains().map((d) => d.domid)).toEqual([0, 1])
})

it.each([
  {
    words: 'memory=9000',
    text: /^I need 9216000 KiB, but dom0_min_mem is 200704 and shrinking to 200704 KiB would leave/,
    calls: true,
  },
  { words: 'memory=-5', text: /^Invalid Configuration: memory_static_min must be/ },
  { words: 'memory=0', text: /^Invalid Configuration: memory_dynamic_max must be greater than/ },
  { words: 'memory=much', text: 'Invalid value: much' },
  { words: 'memory=1e18', text: 'Invalid value: 1e18' },
  { words: 'memory=3000000', text: 'signed integer is greater than maximum', calls: true },
  {
    words: 'memory=999999999999999999999',
    text: 'long int too large to convert to int',
    calls: true,
  },
  { words: 'vcpus=10000', text: "(22, 'Invalid argument')", calls: true },
  { words: 'vcpus=0', text: "(22, 'Invalid argument')", calls: true },
  { words: 'kernel=/no/such', text: 'Kernel image does not exist: /no/such', calls: true },
  {
    words: 'memory=100',
    text: /^\(1, 'Internal error', 'xc_dom_boot_domU_map: failed to mmap domU pages 0x280\+0x7c00/,
    calls: true,
  },
  { words: 'on_crash=explode', text: /^Invalid Configuration: Invalid event handling mode/ },
  { words: 'name=a,b', text: 'Invalid VM Name' },
])('xm create web1 $words', ({ words, text, calls = false }) => {
  const machine = xmHost()
  const free = machine.world.freePages
  let outcome = { status: 0, stdout: '', stderr: '' }
  const rows = fired(machine, () => {
    outcome = { ...xm(machine, `create web1 ${words}`) }
  })
  const said = /^Error: (.*)\n$/s.exec(outcome.stderr)?.[1]
  if (typeof text === 'string') expect(said).toBe(text)
  else expect(said).toMatch(text)
  expect(outcome.status).toBe(1)
  expect(machine.world.domains()).toHaveLength(1)
  expect(machine.world.store.list('/vm')).toEqual([])
  if (words !== 'memory=9000') expect(machine.world.freePages).toBe(free)
  const ends = rows.filter((row) => /dom-(create|destroy)-start$/.test(row))
  expect(ends).toEqual(calls ? ['xend dom-create-start', 'xend dom-destroy-start'] : [])
  expect(xm(machine, 'create web1').status).toBe(0)
})

it('a file that makes no sense is told by line', () => {
  const machine = xmHost()
  machine.files.write('/etc/xen/bad', 'name = "bad"\nmemory = = 3\n')
  expect(xm(machine, 'create bad').stderr).toBe(
    'Error: Errors were found at line 2 while processing /etc/xen/bad:\n\tmemory = = 3\n\n',
  )
})

it('words that are no command, and none at all', () => {
  const machine = xmHost()
  expect(xm(machine, 'frob')).toMatchObject({
    status: 1,
    stderr: 'Error: Subcommand frob not found!\n',
  })
  expect(machine.command(['xm']).status).toBe(1)
  expect(xm(machine, 'help').status).toBe(0)
  expect(xm(machine, 'unpau 0').stderr).toBe('Error: Cannot unpause privileged domain 0\n')
  expect(machine.command(['xl', 'list']).status).toBe(127)
})

const WORDS = ['create', 'destroy', 'pause', 'save', 'migrate', 'vcpu-set', 'mem-set', 'reboot']
const NAMES = ['web1', 'db1', '0', '1', '-1', '99999999999', 'memory=1e3', '-p', '--', 'xvm2']

it('whatever is typed, xm answers and the host stays whole', () => {
  const word = fc.constantFrom(...WORDS, ...NAMES)
  const line = fc.array(word, { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
      const machine = xmHost({ memoryMiB: 2048 })
      const total = allFrames(machine)
      xm(machine, 'create db1 memory=64')
      for (const words of lines) {
        const { status, stderr } = machine.command(['xm', ...words])
        expect(status === 0 || status === 1).toBe(true)
        if (status === 1 && stderr !== '') expect(stderr).toMatch(/^(Error: |Command )/)
        expect(allFrames(machine)).toBe(total)
      }
    }),
    { numRuns: 60 },
  )
})
