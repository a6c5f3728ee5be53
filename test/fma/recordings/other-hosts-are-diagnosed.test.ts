// Hosts that nobody has here, as their files could be: made by other programs in the formats of
// Linux, mcelog and rasdaemon, in the wordings of several versions, cut, and with other line ends.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import load from 'sql.js'
import { describe, expect, it } from 'vitest'
import { printed, printedOf, run } from './fmd.js'

const AT = 'fma/recordings/made-up'
const text = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'made-up', name), 'utf8')

const L1D = 'GMCA-8000-LF l1dcache 100% chip=1/core=2/strand=0'
const RECEIVER = 'PCIEX-8000-J5 device-interr-corr 100% dev:////pci@0,0/pci8086,9d14@1c,4'

it.each([
  {
    what: '88 bytes a record, two sockets: a strand of the second, memory behind the first',
    file: 'two-sockets-88.bin',
    diagnoses: [L1D, 'GMCA-8000-WT page_ce 100% chip=0/memory-controller=0/physaddr=1f4567000'],
    unknown: [/^dimm, 4 times/m, /^place: which core a pcpu is/m],
  },
  {
    what: 'rasdaemon: the DIMM by its label; what it has in two tables counts once',
    file: 'ras-mc_event.db',
    diagnoses: [
      'GMCA-8000-WT page_ce 100% ' +
        'chip=1/memory-controller=0/dram-channel=2/dimm=0/physaddr=2f4567000',
      'GMCA-8000-X9 page_ue 100% ' +
        'chip=0/memory-controller=1/dram-channel=0/dimm=1/physaddr=33344000',
      'GMCA-8001-09 dimm_ue 100% chip=0/memory-controller=1/dram-channel=0/dimm=1',
      'PCIEX-8000-25 bus-noresp 50% dev:////pci@0,0/pci0,0@0/pci0,0@0 ' +
        'device-noresp 50% dev:////pci@0,0/pci0,0@0',
    ],
    unknown: [/^record, 4 times: .*counted once/m, /memory_failure_event/, /^place: .*made up/m],
  },
  {
    what: 'trace-cmd report: both kinds, and a PCI error that names no root port',
    file: 'trace-cmd-report.txt',
    diagnoses: [
      'GMCA-8000-LF l1dcache 100% chip=0/core=6/strand=0',
      'GMCA-8000-WT page_ce 100% ' +
        'chip=0/memory-controller=0/dram-channel=1/dimm=0/physaddr=12345000',
      'PCIEX-8000-25 bus-noresp 50% dev:////pci@0,0/pci0,0@0/pci0,0@0 ' +
        'device-noresp 50% dev:////pci@0,0/pci0,0@0',
    ],
    unknown: [/^source-id, once: an event does not say which root port/m],
  },
  {
    what: 'dmesg of Linux 4: errors by their long names, ids instead of places',
    file: 'aer-linux-4.txt',
    diagnoses: [RECEIVER],
    unknown: [/^place: no text shows what is behind 00:1c\.4/m],
  },
  {
    what: 'dmesg: what a driver of a memory controller says',
    file: 'edac-dmesg.txt',
    diagnoses: [
      'GMCA-8000-WT page_ce 100% ' +
        'chip=0/memory-controller=0/dram-channel=1/dimm=0/physaddr=12345000',
    ],
    unknown: [/^pcpu, 4 times/m],
  },
  {
    what: 'dmesg: the same on AMD, by row and channel, of the second controller alone',
    file: 'edac-amd-dmesg.txt',
    diagnoses: [
      'GMCA-8000-WT page_ce 100% ' +
        'chip=1/memory-controller=0/dram-channel=0/dimm=3/physaddr=12345000',
    ],
    unknown: [/^pcpu, 4 times/m],
  },
  { what: 'dmesg: machine checks', file: 'mce-dmesg.txt', diagnoses: [L1D], unknown: [/^place/m] },
  { what: 'mcelog --ascii', file: 'mcelog-ascii.txt', diagnoses: [L1D], unknown: [/^place/m] },
  { what: 'mcelog --raw', file: 'mcelog-raw.txt', diagnoses: [L1D], unknown: [/^place/m] },
])('$what', async ({ file, diagnoses, unknown }) => {
  const found = await printed(`${AT}/${file}`)
  expect(found.diagnoses).toEqual(diagnoses)
  for (const each of unknown) expect(found.unseen).toMatch(each)
})

describe('the same log, however it was written down', () => {
  const STAMP = /^\[ *(\d+)\.(\d+)\] /gm
  const two = (n: number): string => String(n).padStart(2, '0')
  const stamped = (name: string, stamp: (m: string, s: string) => string): string =>
    text(name).replace(STAMP, (_, seconds: string) =>
      stamp(two(Math.floor(Number(seconds) / 60)), two(Number(seconds) % 60)),
    )
  const STAMPS: readonly (readonly [string, (m: string, s: string) => string])[] = [
    ['dmesg -T', (m, s) => `[Mon Nov 23 15:${m}:${s} 2026] `],
    ['journalctl -k', (m, s) => `Nov 23 15:${m}:${s} host kernel: `],
    ['journalctl -o short-iso', (m, s) => `2026-11-23T15:${m}:${s}+0100 host kernel: `],
    ['syslog with its kernel’s stamp', (m, s) => `Nov 23 15:${m}:${s} host kernel: [  1.000001] `],
    ['with its level', (m, s) => `<3>[ 1${m}${s}.000001] `],
    [
      'after midnight of a new year',
      (m, s) => `${+m > 4 ? 'Jan  1 00' : 'Dec 31 23'}:${m}:${s} h k: `,
    ],
  ]
  const FILES = [
    ['aer-linux-4.txt', RECEIVER],
    ['mce-dmesg.txt', L1D],
  ] as const

  it.each(STAMPS)('%s', async (_, stamp) => {
    for (const [name, diagnosis] of FILES) {
      expect((await printedOf(stamped(name, stamp))).diagnoses).toEqual([diagnosis])
    }
  })

  it('further apart than the window: seven within two hours, not eight hours', async () => {
    const log = text('aer-linux-4.txt').replace(STAMP, (_, seconds: string) => {
      const hour = two(Math.floor((Number(seconds) - 100) / 60) + 8)
      return `2026-11-23T${hour}:00:00+0100 host kernel: `
    })
    expect((await printedOf(log)).diagnoses).toEqual([])
  })

  it.each([
    ['of Windows', (log: string) => log.replaceAll('\n', '\r\n')],
    ['mixed', (log: string) => log.replace(/\n/g, (_, at: number) => (at % 2 ? '\r\n' : '\n'))],
    ['without the last', (log: string) => log.trimEnd()],
  ])('line ends: %s', async (_, change) => {
    for (const [name, diagnosis] of FILES) {
      expect((await printedOf(change(text(name)))).diagnoses).toEqual([diagnosis])
    }
  })

  it('two bytes a character, as other systems save it', async () => {
    const wide = Buffer.from(`\ufeff${text('aer-linux-4.txt')}`, 'utf16le')
    expect((await printedOf(wide)).diagnoses).toEqual([RECEIVER])
  })
})

describe('cut in the middle', () => {
  it.each(['mcelog-ascii.txt', 'mcelog-raw.txt', 'mce-dmesg.txt', 'aer-linux-4.txt'])(
    '%s: at any place it is read as far as it goes',
    async (name) => {
      const whole = text(name)
      for (const share of [0.3, 0.55, 0.8, 0.97]) {
        const { diagnoses } = await printedOf(whole.slice(0, Math.floor(whole.length * share)))
        expect([[], [L1D], [RECEIVER]]).toContainEqual(diagnoses)
      }
    },
  )

  it('a record of mcelog without its status is counted', async () => {
    const whole = text('mcelog-ascii.txt')
    const { unseen } = await printedOf(whole.slice(0, whole.lastIndexOf('\nSTATUS')))
    expect(unseen).toMatch(/^record, once: a record of mcelog is cut/m)
  })

  it('a record that lost its end does not move its pcpu elsewhere', async () => {
    const whole = text('mce-dmesg.txt')
    const { diagnoses } = await printedOf(whole.slice(0, whole.lastIndexOf('mce: [')))
    expect(diagnoses).toEqual([L1D])
  })
})

it.each([
  ['errors that the firmware tells of', text('firmware-first-dmesg.txt'), /firmware.*lspci/],
  ['the event log of IPMI', '1 | 11/23/2026 | 15:01:40 | Memory #0x87 | Correctable ECC |', /IPMI/],
  ['a text of anything else', 'hello\n', /mcelog.*lspci/],
])('%s: refused, with what is read instead', async (_, log, hint) => {
  await expect(printedOf(log)).rejects.toMatchObject({
    code: 'fma.telemetry',
    hint: expect.stringMatching(hint),
  })
})

it('a database that was copied while it was written: refused, with how to copy it', async () => {
  const bytes = readFileSync(join(import.meta.dirname, 'made-up', 'ras-mc_event.db'))
  await expect(printedOf(bytes.subarray(0, 3000))).rejects.toMatchObject({
    code: 'fma.rasdaemon',
    hint: expect.stringContaining('.backup'),
  })
})

it('two files of the same days are one story, in the order of their errors', async () => {
  /** Errors at 15:00, 15:20; at 15:10, 15:30. */
  const log = (...minutes: readonly string[]): string =>
    minutes
      .map((m) => `[Mon Nov 23 15:${m}:00 2026] mce: [Hardware Error]: ${HEAD}\n${PLACE}\n`)
      .join('')
  const HEAD = 'CPU 9: Machine Check: 0 Bank 1: 9400000000000135'
  const PLACE = '[Hardware Error]: PROCESSOR 0:306f2 TIME 0 SOCKET 1 APIC 22 microcode 36'
  expect((await printedOf(log('00', '20'))).diagnoses).toEqual([])
  expect((await printedOf(log('00', '20'), log('10', '30'))).diagnoses).toEqual([L1D])
  expect((await printedOf(log('10', '30'), log('00', '20'))).diagnoses).toEqual([L1D])
})

it('what is in two files without dates is not pushed together into one window', async () => {
  // Seven errors an hour apart, and one more: never seven within two hours.
  const hours = text('aer-linux-4.txt').replace(/^\[ *(\d+)\./gm, (_, seconds: string) => {
    return `[${(Number(seconds) - 100) * 60 + 100}.`
  })
  expect((await printedOf(hours)).diagnoses).toEqual([])
  expect((await printedOf(hours, hours, hours)).diagnoses).toEqual([])
})

it('a database that grew is gone on with: what was taken of it is not taken again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-fmd-'))
  try {
    const path = join(folder, 'ras-mc_event.db')
    const after = async (errors: number): Promise<readonly string[]> => {
      writeFileSync(path, await databaseOf(errors))
      return (await run([path], join(folder, 'logs'))).diagnoses
    }
    expect(await after(2)).toEqual([])
    expect(await after(3)).toEqual([])
    expect(await after(3)).toEqual([])
    expect(await after(4)).toEqual([expect.stringMatching(/^GMCA-8000-WT page_ce/)])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** Corrected errors of one page, an hour apart. */
async function databaseOf(errors: number): Promise<Uint8Array> {
  const { Database } = await load()
  const database = new Database()
  database.run(`CREATE TABLE mc_event (id INTEGER PRIMARY KEY, timestamp TEXT, err_count INTEGER,
    err_type TEXT, err_msg TEXT, label TEXT, mc INTEGER, top_layer INTEGER, middle_layer INTEGER,
    lower_layer INTEGER, address INTEGER)`)
  for (let n = 0; n < errors; n++) {
    database.run(`INSERT INTO mc_event VALUES (NULL, '2026-11-23 1${n}:00:00 +0000', 1, 'Corrected',
      'read', 'CPU_SrcID#0_MC#0_Chan#0_DIMM#0', 0, 0, 0, -1, 305419904)`)
  }
  const bytes = database.export()
  database.close()
  return bytes
}
