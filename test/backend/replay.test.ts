// A recording as a machine: a file, a folder of captures, a folder of raw pages; and what is
// refused.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openRecording } from '../../src/backend/replay/open.js'
import type { Machine } from '../../src/machine/machine.js'
import { DOM0_CODES } from '../../src/machine/observation.js'

const EXAMPLES = join(import.meta.dirname, '../../examples/recordings')
const CREATE = join(EXAMPLES, 'xl-create')
const IDLE = join(EXAMPLES, 'idle/idle.xt')

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-replay-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** How many observations the hypervisor and dom0 made, and the first and last time. */
function seen(machine: Machine) {
  const stream = machine.observe()
  const counted = { hypervisor: 0, dom0: 0, first: -1, last: -1, rises: true }
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    for (let i = 0; i < batch.length; i++) {
      const ticks = batch.ticks[i] ?? -1
      counted[(batch.code[i] ?? 0) < DOM0_CODES ? 'hypervisor' : 'dom0'] += 1
      if (counted.first < 0) counted.first = ticks
      counted.rises &&= ticks >= counted.last
      counted.last = ticks
    }
  }
  stream.close()
  return counted
}

it('a folder is one machine: its captures on one time line', () => {
  const machine = openRecording(CREATE)
  const both = seen(machine)
  const hypervisor = seen(openRecording(join(CREATE, 'create.xt')))
  const dom0 = seen(openRecording(join(CREATE, 'privcmd.ftrace.txt')))
  expect(both).toMatchObject({ hypervisor: hypervisor.hypervisor, dom0: dom0.dom0, rises: true })
  expect([hypervisor.dom0, dom0.hypervisor]).toEqual([0, 0])
  // create.xt begins the time line; 2.6 cycles are a nanosecond.
  expect(both.first).toBe(0)
  expect(both.last).toBe(Math.max(Math.floor(hypervisor.last / 2.6), dom0.last + 930_376_681))
  machine.close()
})

it('a machine can be observed again and again', () => {
  const machine = openRecording(IDLE)
  const once = seen(machine)
  expect(once.hypervisor).toBeGreaterThan(0)
  expect(seen(machine)).toEqual(once)
  machine.close()
})

it('a folder says what its recording.json says', () => {
  const machine = openRecording(CREATE)
  expect(machine).toMatchObject({ spec: CREATE, backend: 'replay' })
  expect([...machine.capabilities].sort()).toEqual(['observe', 'snapshot'])
  expect(machine.snapshot()).toMatchObject({
    title: 'xl create and destroy of a 128 MB PV domain',
    xenVersion: { kind: 'known', value: '4.17.7', from: 'metadata' },
    clockHz: { kind: 'known', value: 2_600_000_000 },
    pcpus: { kind: 'known', value: 4 },
    inputs: [
      { path: join(CREATE, 'create.xt'), format: 'xentrace' },
      { path: join(CREATE, 'privcmd.ftrace.txt'), format: 'ftrace-text' },
    ],
  })
  machine.close()
})

it('a file beside a recording.json knows what that says of it', () => {
  const machine = openRecording(join(CREATE, 'create.xt'))
  expect(machine.snapshot()).toMatchObject({
    clockHz: { kind: 'known', value: 2_600_000_000 },
    inputs: [{ path: join(CREATE, 'create.xt') }],
  })
  machine.close()
})

it('a file alone knows neither version nor rate, and counts cycles', () => {
  const path = join(folder, 'a.xt')
  cpSync(IDLE, path)
  const machine = openRecording(path)
  const { xenVersion, clockHz, pcpus } = machine.snapshot()
  expect([xenVersion.kind, clockHz.kind, pcpus.kind]).toEqual(['unknown', 'unknown', 'unknown'])
  expect(clockHz).toMatchObject({ reason: expect.stringContaining('--hz') })
  expect(machine.observe().clock).toMatchObject({ unit: 'cycles', hz: undefined })
  machine.close()
})

it('the rate of the command line goes before that of the recording', () => {
  const machine = openRecording(IDLE, { hz: 1_000_000_000 })
  expect(machine.snapshot().clockHz).toMatchObject({ value: 1_000_000_000 })
  expect(machine.observe().clock.hz).toBe(1_000_000_000)
  machine.close()
})

it('a folder whose xentrace part has no rate is refused when it is observed', () => {
  cpSync(CREATE, folder, { recursive: true })
  const parts = [
    { file: 'create.xt', format: 'xentrace' },
    { file: 'privcmd.ftrace.txt', format: 'ftrace-text' },
  ]
  writeFileSync(join(folder, 'recording.json'), JSON.stringify({ format: 1, parts }))
  const machine = openRecording(folder)
  expect(() => machine.observe()).toThrow(expect.objectContaining({ code: 'trace.no-clock' }))
  machine.close()
})

it.each([
  { name: 'nothing there', code: 'file.not-found', make: () => {} },
  { name: 'an empty file', code: 'trace.empty', make: (path: string) => writeFileSync(path, '') },
  {
    name: 'a JPEG',
    code: 'trace.unknown',
    make: (path: string) => writeFileSync(path, Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)),
  },
  {
    name: 'an empty folder',
    code: 'recording.no-metadata',
    make: (path: string) => mkdirSync(path),
  },
  {
    name: 'a pipe that nobody writes into',
    code: 'file.not-a-file',
    make: (path: string) => void execFileSync('mkfifo', [path]),
  },
  {
    name: 'a folder given for a file',
    code: 'file.not-a-file',
    make: (path: string) => {
      mkdirSync(join(path, 'sub'), { recursive: true })
      const parts = [{ file: 'sub', format: 'xentrace' }]
      writeFileSync(join(path, 'recording.json'), JSON.stringify({ format: 1, parts }))
    },
  },
  {
    name: 'a recording without its file',
    code: 'file.not-found',
    make: (path: string) => {
      mkdirSync(path)
      const parts = [{ file: 'gone.xt', format: 'xentrace' }]
      writeFileSync(join(path, 'recording.json'), JSON.stringify({ format: 1, parts }))
    },
  },
  {
    name: 'a recording whose description is wrong',
    code: 'recording.metadata',
    make: (path: string) => {
      mkdirSync(path)
      writeFileSync(join(path, 'recording.json'), '{')
    },
  },
])('$name is refused with its path: $code', ({ code, make }) => {
  const path = join(folder, 'asked')
  make(path)
  expect(() => openRecording(path)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(path) }),
  )
})

it('a JPEG is shown by its first bytes', () => {
  const path = join(folder, 'photo.jpg')
  writeFileSync(path, Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))
  expect(() => openRecording(path)).toThrow(/at offset 0 are ff d8 ff e0/)
})
