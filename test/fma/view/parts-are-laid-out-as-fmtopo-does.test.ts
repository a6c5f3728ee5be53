// Layouts by the formats of fmtopo(8): "%-15s %-32s", "\tASRU: %s", "  group: %-30s version: %-3d
// stability: %s/%s", "    %-17s %-8s  value".
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createSimulator, type SimMachine } from '../../../src/backend/sim/sim-machine.js'
import { parseFmri } from '../../../src/fma/event/fmri.js'
import { Topology, type TopoPart, type TopoProperty } from '../../../src/fma/topo/topology.js'
import { type FmtopoOptions, fmtopoText } from '../../../src/fma/view/fmtopo.js'
import type { PcpuId } from '../../../src/machine/ids.js'
import type { CommandIo } from '../../../src/session/command.js'
import { fmtopoCommand } from '../../../src/session/commands/fmtopo.js'
import { xpv } from '../../cli/xpv-process.js'

const properties: readonly TopoProperty[] = [
  { name: 'chip_id', type: 'int32', value: -1n },
  { name: 'ranks', type: 'uint32', value: 18n },
  { name: 'size', type: 'uint64', value: 2n ** 32n },
  { name: 'lanes', type: 'uint32[]', value: [8n, 16n] },
  { name: 'names', type: 'string[]', value: ['a', 'b c'] },
  { name: 'a-name-longer-than-17', type: 'string', value: 'Intel(R)' },
]
const group = {
  name: 'chip-properties',
  version: 12,
  nameStability: 'Evolving',
  dataStability: 'Private',
  properties,
}
const chip: TopoPart = {
  name: 'chip',
  id: 3,
  label: 'CPU 3',
  serial: 'S1',
  asru: parseFmri('cpu:///cpuid=3'),
  fru: parseFmri('hc:///motherboard=0/chip=3'),
  groups: [group],
  children: [{ name: 'core', id: 0 }],
}
const topology = new Topology(
  [{ name: 'motherboard', id: 0, children: [chip, { name: 'hostbridge', id: 0 }] }],
  new Map([['server-id', 'atrium']]),
)
const plain: FmtopoOptions = {
  siblingsFirst: false,
  asRules: false,
  protocol: false,
  status: false,
  properties: [],
}
const context = { nowNs: 1_197_273_605_000_000_000n, isUnusable: () => undefined }
/** Without the head, whose uuid says nothing. */
const shown = (options: Partial<FmtopoOptions>): readonly string[] =>
  fmtopoText(topology, { ...plain, ...options }, context)
    .split('\n')
    .slice(3, -1)

const HC = 'hc://:server-id=atrium'
const CHIP = `${HC}:serial=S1/motherboard=0/chip=3`

it('the head names the day, and the parts by a uuid that is theirs', () => {
  const [title, head, empty] = fmtopoText(topology, plain, context).split('\n')
  expect([title, empty]).toEqual(['TIME                 UUID', ''])
  expect(head).toMatch(/^Dec 10 08:00:05 [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/)
  const again = new Topology([{ name: 'motherboard', id: 0, children: [chip] }])
  expect(fmtopoText(again, plain, context).split('\n')[1]).not.toBe(head)
  const untimed = fmtopoText(topology, plain, { ...context, nowNs: undefined }).split('\n')[1]
  expect(untimed).toBe(`-               ${head?.slice(16)}`)
})

it.each<{ readonly name: string; readonly options: Partial<FmtopoOptions>; lines: string[] }>([
  {
    name: 'all parts, what is below a part behind it',
    options: {},
    lines: [
      ...[`${HC}/motherboard=0`, '', CHIP, '', `${HC}/motherboard=0/chip=3/core=0`, ''],
      ...[`${HC}/motherboard=0/hostbridge=0`, ''],
    ],
  },
  {
    name: '-b: siblings first',
    options: { siblingsFirst: true },
    lines: [
      ...[`${HC}/motherboard=0`, '', CHIP, '', `${HC}/motherboard=0/hostbridge=0`, ''],
      ...[`${HC}/motherboard=0/chip=3/core=0`, ''],
    ],
  },
  {
    name: '-p',
    options: { pattern: '*chip=3*', protocol: true },
    lines: [
      ...[CHIP, '\tASRU: cpu:///cpuid=3', '\tFRU: hc:///motherboard=0/chip=3'],
      ...['\tLabel: CPU 3', '', `${HC}/motherboard=0/chip=3/core=0`],
      ...['\tASRU: -', '\tFRU: -', '\tLabel: -', ''],
    ],
  },
  {
    name: 'a name without authority and serial number',
    options: { pattern: 'hc:///motherboard=0/chip=3' },
    lines: [CHIP, ''],
  },
  {
    name: '-S',
    options: { pattern: '*/chip=3', status: true },
    lines: [CHIP, '\tPresent: true', '\tUnusable: -', ''],
  },
  {
    name: '-V',
    options: { pattern: '*/chip=3', properties: 'all' },
    lines: [
      CHIP,
      '  group: protocol                       version: 1   stability: Private/Private',
      `    resource          fmri      ${CHIP}`,
      '    label             string    CPU 3',
      '    FRU               fmri      hc:///motherboard=0/chip=3',
      '    ASRU              fmri      cpu:///cpuid=3',
      '  group: authority                      version: 1   stability: Private/Private',
      '    server-id         string    atrium',
      '  group: chip-properties                version: 12  stability: Evolving/Private',
      '    chip_id           int32     -1',
      '    ranks             uint32    0x12',
      '    size              uint64    0x100000000',
      '    lanes             uint32[]  [ 8 16 ]',
      '    names             string[]  [ "a" "b c" ]',
      '    a-name-longer-than-17 string    Intel(R)',
      '',
    ],
  },
  {
    name: '-P of a property: -p says nothing then',
    options: {
      pattern: '*/chip=3',
      protocol: true,
      properties: [{ group: 'chip-properties', property: 'ranks' }],
    },
    lines: [
      CHIP,
      '  group: chip-properties                version: 12  stability: Evolving/Private',
      '    ranks             uint32    0x12',
      '',
    ],
  },
  {
    name: '-P of a group that a part has not',
    options: { pattern: '*core*', properties: [{ group: 'pci' }] },
    lines: [`${HC}/motherboard=0/chip=3/core=0`, ''],
  },
])('$name', ({ options, lines }) => expect(shown(options)).toEqual(lines))

it('-e: paths as rules have them, and no head', () => {
  expect(fmtopoText(topology, { ...plain, asRules: true }, context)).toBe(
    '/motherboard0\n/motherboard0/chip3\n/motherboard0/chip3/core0\n/motherboard0/hostbridge0\n',
  )
})

interface Said {
  readonly out: string
  readonly warned: string
  readonly status: number
}

async function fmtopo(machine: SimMachine, argv: readonly string[], at = '/'): Promise<Said> {
  const [out, warned]: [string[], string[]] = [[], []]
  const io: CommandIo = {
    signal: new AbortController().signal,
    interrupted: () => false,
    columns: 80,
    write: (text) => void out.push(text),
    warn: (text) => void warned.push(text),
  }
  const command = fmtopoCommand(
    () => machine,
    () => at,
  )
  const status = await command.run(argv, io)
  return { out: out.join(''), warned: warned.join(''), status }
}

it('a pcpu that is offline is an unusable strand; a chip is once all of its strands are', async () => {
  const machine = createSimulator({ era: 'metal', sockets: 2, coresPerSocket: 2 })
  const states = async (): Promise<readonly string[]> => {
    const { out } = await fmtopo(machine, ['-S'])
    const rows = out.matchAll(/\/(chip=\d+(?:\/core=\d+(?:\/strand=\d+)?)?)\n.*\n\tUnusable: true/g)
    return [...rows].map(([, at = '']) => at)
  }
  expect(await states()).toEqual([])
  machine.access.actions?.setPcpuOnline(3 as PcpuId, false)
  expect(await states()).toEqual(['chip=1/core=1', 'chip=1/core=1/strand=0'])
  machine.access.actions?.setPcpuOnline(2 as PcpuId, false)
  expect(await states()).toContain('chip=1')
})

it.each([
  { argv: ['-pS', "*chip=0/core=1'"], warns: /no part matches/ },
  { argv: ['-P', 'pci', '*pciexrc=1'], shows: /^ {2}group: pci .*\n(?: {4}.*\n)+\n$/m },
  { argv: ['-pPpci.BDF', '*pciexrc=1'], shows: /\n {4}BDF {15}string {4}0x20\n\n$/ },
  { argv: ['-Pall', '*/rank=0'], shows: /group: rank-properties/ },
  { argv: ['-e'], shows: /^\/motherboard0\n/ },
])('fmtopo $argv', async ({ argv, shows, warns }) => {
  const { out, warned, status } = await fmtopo(createSimulator({ era: 'metal' }), argv)
  expect(status).toBe(0)
  if (shows !== undefined) expect(out).toMatch(shows)
  expect(warned).toMatch(warns ?? /^$/)
})

it.each([
  { argv: ['-q'], says: 'no option -q' },
  { argv: ['--all'], says: 'no option --all' },
  { argv: ['-'], says: 'no option -' },
  { argv: ['-x'], says: '-x is not here' },
  { argv: ['-P'], says: 'a group or a property' },
  { argv: ['-P', 'pci.BDF=string:1'], says: 'cannot be set' },
  { argv: ['a', 'b'], says: 'one pattern' },
  { argv: ['--from', '/nowhere'], says: 'ENOENT' },
])('fmtopo $argv is refused: $says', async ({ argv, says }) => {
  await expect(fmtopo(createSimulator(), argv)).rejects.toThrow(says)
})

it('--from a copy of /sys tells of the host that it was made on', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'xpv-sys-'))
  const file = (path: string, bytes: string | Uint8Array): void => {
    mkdirSync(join(directory, path, '..'), { recursive: true })
    writeFileSync(join(directory, path), bytes)
  }
  const { access } = createSimulator({ era: 'metal' })
  const pci = access.pci()
  if (pci.kind === 'unknown') throw new Error(pci.reason)
  for (const { id, bytes } of pci.value) {
    const [bus, rest] = [id >> 8, `${(id >> 3) & 31}`]
    const hex = (n: number): string => n.toString(16).padStart(2, '0')
    const name = `0000:${hex(bus)}:${hex(Number(rest))}.${id & 7}`
    file(`bus/pci/devices/${name}/config`, bytes)
  }
  for (const n of [0, 1]) {
    file(`devices/system/cpu/cpu${n}/topology/core_id`, `${n}\n`)
    file(`devices/system/cpu/cpu${n}/topology/physical_package_id`, '0\n')
  }
  const { out, warned } = await fmtopo(createSimulator(), ['-e', '--from', '.'], directory)
  const functions = (text: string): readonly string[] => text.match(/.*(fn|rc)\d+$/gm) ?? []
  const simulated = await fmtopo(createSimulator({ era: 'metal' }), ['-e'])
  expect(functions(out)).toEqual(functions(simulated.out))
  expect(out).toContain('/motherboard0/chip0/core1/strand0\n')
  expect(warned).toMatch(/memory: no capture tells/)
  rmSync(directory, { recursive: true })
})

it('xpv fmtopo runs on the machine that is named', () => {
  const { out, status } = xpv([
    'fmtopo',
    '--machine',
    'sim:metal',
    '-p',
    '*/chip=1/core=1/strand=0',
  ])
  expect(out).toMatch(/\n\tASRU: cpu:\/\/\/cpuid=3\n\tFRU: hc:.*\/chip=1\n\tLabel: CPU 1\n\n$/)
  expect(status).toBe(0)
})

it('a recording says what it does not know of its host', () => {
  const machine = 'examples/recordings/xl-create'
  const { out, err } = xpv(['fmtopo', '--machine', machine, '-e', '*'])
  expect(out).toContain('/motherboard0/hostbridge0/pciexrc0/pciexbus1/pciexdev0/pciexfn0\n')
  expect(err).toMatch(/memory: neither a trace nor xl info tells which DIMM/)
})
