// What tools of dom0 ask of the hypervisor to take pcpus and pages out of service and to let a
// machine check happen: call by call as on a recorded host (Xen 4.20), with what they print; and of xl the two commands
// that were recorded with them.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openRecording } from '../../src/backend/replay/open.js'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import {
  CALL_ARGS,
  CALL_EXECNAME,
  CALL_IOCTL,
  CALL_OP,
  CALL_PID,
  CALL_RESULT,
  CALL_SUBOP,
  DOM0_CALL_ENTRY,
  DOM0_CALL_RETURN,
  DOM0_DEVICE_CALL,
  type ObservationBatch,
} from '../../src/machine/observation.js'

const RECORDING = join(import.meta.dirname, 'captures/xen-4.20-fma-operations.txt')
const CODES = [DOM0_CALL_ENTRY, DOM0_CALL_RETURN, DOM0_DEVICE_CALL]
const COMMAND_LINE = '305000 17 14'
const COUNTED_OPS = [35, 48]

/** Calls of one process, as text. */
interface Calls {
  readonly pid: number
  readonly execname: string
  readonly lines: string[]
}

function collect(
  processes: Map<number, Calls>,
  batch: ObservationBatch,
  strings: readonly string[],
) {
  for (let i = 0; i < batch.length; i++) {
    const code = batch.code[i] ?? 0
    if (!CODES.includes(code)) continue
    const words = batch.words.subarray(batch.at[i] ?? 0)
    const pid = words[CALL_PID] ?? 0
    const execname = strings[words[CALL_EXECNAME] ?? 0] ?? ''
    const process = processes.get(pid) ?? { pid, execname, lines: [] }
    processes.set(pid, process)
    process.lines.push(lineOf(code, words))
  }
}

function lineOf(code: number, words: Uint32Array): string {
  const [ioctl, op, subop] = [words[CALL_IOCTL], words[CALL_OP], words[CALL_SUBOP]]
  const name = `${ioctl?.toString(16)} ${op} ${subop}`
  // The length of the hypervisor's command line: that host was started to be recorded.
  if (name === COMMAND_LINE) return name
  if (code === DOM0_CALL_RETURN) return `${name} = ${(words[CALL_RESULT] ?? 0) | 0}`
  if (code === DOM0_DEVICE_CALL) return `device ${name}`
  // The operation's own first word: which pcpu or page, and what is to become of it.
  const isTold = COUNTED_OPS.includes(op ?? 0)
  return isTold ? `${name} ${words[CALL_ARGS]} ${words[CALL_ARGS + 1]}` : name
}

function recorded(): readonly Calls[] {
  const processes = new Map<number, Calls>()
  const stream = openRecording(RECORDING).observe()
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    collect(processes, batch, stream.strings)
  }
  stream.close()
  return [...processes.values()]
}

function simulated(machine: SimMachine, command: readonly string[]): Calls {
  const processes = new Map<number, Calls>()
  const wants = (code: number): boolean => CODES.includes(code)
  const watch = machine.watch(wants, (batch, strings) => collect(processes, batch, strings))
  machine.command(command)
  watch.flush()
  watch.close()
  const [first = { pid: 0, execname: '', lines: [] }] = processes.values()
  return first
}

const host = (): SimMachine =>
  createSimulator({ era: 'xen-4.20', sockets: 1, coresPerSocket: 4, memoryMiB: 3072 })

describe('as on the recorded host', () => {
  const machine = host()
  const tools = recorded()
  const commands = [
    ['xen-hptool', 'cpu-offline', '3'],
    ['xen-hptool', 'cpu-online', '3'],
    ['xen-hptool', 'mem-offline', '50000'],
    ['xen-hptool', 'mem-status', '50000'],
    ['xen-hptool', 'mem-online', '50000'],
    ['xen-mceinj', '-c', '1', '-t', '0', '-p', '0x50000000'],
    ['xl', 'info'],
    ['xl', 'vcpu-pin', '0', '0', '0'],
    ['xl', 'vcpu-pin', '0', '0', 'all'],
  ]

  it.each(commands.map((command, n) => ({ command, n })))('$command', ({ command, n }) => {
    const { execname, lines } = simulated(machine, command)
    expect({ execname, lines }).toEqual({ execname: tools[n]?.execname, lines: tools[n]?.lines })
    expect(lines.length).toBeGreaterThan(14)
  })

  it('all processes of the recording are compared', () => {
    expect(commands).toHaveLength(tools.length)
  })
})

it('they say what becomes of pcpus and pages', () => {
  const machine = host()
  const say = (...command: string[]): string => {
    const { status, stdout, stderr } = machine.command(['xen-hptool', ...command])
    return `${stdout}${stderr}${status}`
  }
  expect(say('cpu-offline', '3')).toBe('Prepare to offline CPU 3\nCPU 3 offlined successfully\n0')
  expect(machine.world.onlinePcpus).toEqual([0, 1, 2])
  expect(say('cpu-offline', '0')).toBe(
    'Prepare to offline CPU 0\nCPU 0 offline failed (error 22: Invalid argument)\n1',
  )
  expect(say('cpu-online', '3')).toContain('CPU 3 onlined successfully\n0')
  expect(say('mem-status', '50000')).toBe(
    'Querying MEMORY mfn 50000 status\nMemory Status 0: [ PAGE_ONLINED ]\n0',
  )
  expect(say('mem-offline', '50000')).toBe(
    'Prepare to offline MEMORY mfn 50000\n' +
      'Memory mfn 50000 offlined successfully, current state is [PG_OFFLINE_OFFLINED]\n0',
  )
  expect(say('mem-status', '50000')).toContain('Memory Status 2: [ PAGE_OFFLINED ]\n0')
  expect(say('mem-online', '50000')).toContain('Memory mfn 50000 onlined successfully\n0')
  expect(say('mem-online', '50000')).toContain('Memory is already onlined!\n0')
  // Hexadecimal of 22, as the tool prints it: there is no such frame.
  expect(say('mem-offline', '60000000')).toContain('mfn 60000000 failed, error 16\n1')
  expect(say('mem-o')).toContain('Usage: xen-hptool')
  expect(say('dance')).toBe("Unrecognised command 'dance' -- try 'xen-hptool help'\n1")
})

it('a page of a guest waits for its owner; a broken one does not come back', () => {
  const machine = host()
  const { frames } = machine.hypervisor
  const mfn = frames.frameOf(0, 100) ?? 0
  const page = mfn.toString(16)
  const hptool = (...words: string[]) => machine.command(['xen-hptool', ...words])
  expect(hptool('mem-offline', page)).toMatchObject({
    status: 1,
    stderr: `DOM0: No suspend port, try live migration\nFailed to suspend guest 0 for mfn ${page}\n`,
  })
  expect(hptool('mem-status', page).stdout).toContain(
    'Memory Status 8: [ PAGE_OFFLINE_PENDING  PAGE_ONLINED ]',
  )
  frames.retire(0x60000, true)
  // As the recorded host said of its page: Memory Status 12.
  expect(hptool('mem-status', '60000').stdout).toContain(
    'Memory Status 12: [ PAGE_BROKEND   PAGE_OFFLINED ]',
  )
  expect(hptool('mem-online', '60000')).toMatchObject({ status: 1 })
  expect(hptool('mem-offline', '60000').stdout).toContain('already marked broken')
})

it('a machine check that was asked for reaches dom0', () => {
  const machine = host()
  machine.command(['xen-mceinj', '-c', '1', '-t', '0', '-p', '0x50000000'])
  expect(machine.hypervisor.ring.text()).toContain(
    '(XEN) HV MSR INJECT (interpose) target 1 actual 1 MSR 0x17a <-- 0x5\n' +
      '(XEN) HV MSR INJECT (interpose) target 1 actual 1 MSR 0x41d <-- 0xbd2000008000017a\n' +
      '(XEN) HV MSR INJECT (interpose) target 1 actual 1 MSR 0x41f <-- 0x86\n' +
      '(XEN) HV MSR INJECT (interpose) target 1 actual 1 MSR 0x41e <-- 0x50000000\n' +
      '(XEN) Simulating #MC on cpu 1\n',
  )
  machine.run(1e9)
  const banks = machine.checks.log.flatMap((record) => record.banks)
  expect(banks.map(({ status }) => status.toString(16))).toContain('bd2000008000017a')
  expect(machine.command(['xen-hptool', 'mem-status', '50000']).stdout).toContain('BROKEND')
})

it.each([
  [['-h'], 'Usage: xen-mceinj [OPTION]...', 0],
  [['-D'], 'get gaddr of error inject is: 0x180020\nXen: gaddr=0x180020', 0],
  [['-t', '9'], 'Unsupported error type', 1],
  [['-c', 'x'], 'Please input a digit parameter for CPU', 1],
  [['-c', '77'], 'Failed to inject MSR: Invalid argument', 1],
])('xen-mceinj %j', (words, said, status) => {
  const outcome = host().command(['xen-mceinj', ...words])
  expect(`${outcome.stdout}${outcome.stderr}`).toContain(said)
  expect(outcome.status).toBe(status)
})

it.each(['xvm-3.1', 'metal'])('%s has no such tools', (era) => {
  expect(createSimulator({ era }).command(['xen-hptool', 'help'])).toMatchObject({ status: 127 })
})
