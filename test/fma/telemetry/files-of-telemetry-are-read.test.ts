// Files of telemetry are read, whatever they are: /dev/mcelog as a real Xen's dom0 gave it, a
// database of rasdaemon's own statements, trace events in the kernel's formats, kernel logs as
// captured, what fmdump prints.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import load from 'sql.js'
import { describe, expect, it } from 'vitest'
import { type Ereport, ereportToNvlist } from '../../../src/fma/event/ereport.js'
import { fmriFromNvlist, printFmri } from '../../../src/fma/event/fmri.js'
import { listsMember } from '../../../src/fma/event/nvlist.js'
import { printNvlistJson } from '../../../src/fma/event/nvlist-json.js'
import { printNvlist } from '../../../src/fma/event/nvlist-text.js'
import { readTelemetry } from '../../../src/fma/telemetry/read.js'
import type { TelemetryReading } from '../../../src/fma/telemetry/reading.js'
import { capturedTopology } from '../../../src/fma/topo/captured-topology.js'

const CAPTURES = join(import.meta.dirname, '..', '..', 'sim', 'captures')
const captured = (name: string): Uint8Array => readFileSync(join(CAPTURES, name))
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const EVERY = { everyNs: 19_000_000_000n }

const leaf = ({ class: name }: Ereport): string => name.replace('ereport.cpu.generic-x86.', '')
const told = ({ ereports }: TelemetryReading): readonly string[] =>
  [...ereports].map((ereport) => `${leaf(ereport)} ${printFmri(ereport.detector)}`)
const resources = ({ payload }: Ereport): readonly string[] =>
  (listsMember(payload, 'resource') ?? []).map((list) => printFmri(fmriFromNvlist(list)))
const unknowns = ({ account }: TelemetryReading): readonly string[] =>
  account.unknown.map(({ what, count }) => `${what} ${count}`)

const FUNCTION = 'dev:////pci@0,0/pci0,0@0/pci0,0@0'
const STRAND_1 = 'hc:///motherboard=0/chip=0/core=1/strand=0'
const STRAND_2 = 'hc:///motherboard=0/chip=0/core=2/strand=0'
const CONTROLLER = 'hc:///motherboard=0/chip=0/memory-controller=0'

describe('/dev/mcelog', () => {
  it('the series: seven errors of an L1 data cache, seven of one page', async () => {
    const read = await readTelemetry('series', captured('mcelog-series.bin'), EVERY)
    const all = [...read.ereports]
    const caches = all.filter((ereport) => leaf(ereport) === 'l1dcache')
    const pages = all.filter((ereport) => leaf(ereport) === 'mem_ce')
    expect([all.length, caches.length, pages.length]).toEqual([14, 7, 7])
    expect(new Set(caches.map(({ detector }) => printFmri(detector)))).toEqual(new Set([STRAND_1]))
    expect(new Set(pages.flatMap(resources))).toEqual(new Set([`${CONTROLLER}/physaddr=12345000`]))
    expect(all.map(({ timeNs }) => timeNs)).toEqual(all.map((_, n) => 19_000_000_000n * BigInt(n)))
    expect(all.every(({ payload }) => payload.has('time_assumed'))).toBe(true)
    expect(unknowns(read)).toEqual(['domain 7', 'dimm 7', 'place undefined', 'time 14'])
    expect(read.account).toMatchObject({
      source: 'series (/dev/mcelog, 112 bytes a record)',
      ereports: 14,
    })
    expect(read.account.unknown.at(-1)?.reason).toContain('19 s apart was assumed')
  })

  it('with the host’s topology the parts are its own', async () => {
    const info = readFileSync(join(CAPTURES, 'xen-4.20-xl-info.txt'), 'utf8')
    const topology = capturedTopology({ xlInfo: info })
    const bytes = captured('mcelog-series.bin')
    const read = await readTelemetry('series', bytes, { ...EVERY, topology })
    expect(read.topology).toBe(topology)
    expect(told(read)[0]).toMatch(/^l1dcache .*\/chip=0\/core=1\/strand=0$/)
    const [place] = resources([...read.ereports][1] as Ereport)
    expect(place).toMatch(/\/chip=0\/memory-controller=0\/physaddr=12345000$/)
  })

  it('nobody knows which DIMM it is: there is nothing to replace', async () => {
    const { topology } = await readTelemetry('series', captured('mcelog-series.bin'), EVERY)
    const [controller] = [...topology.nodes()].filter(({ name }) => name === 'memory-controller')
    expect(controller).toMatchObject({ fru: undefined })
  })

  it('an uncorrected error in a page, and the three other pcpus that left a mark', async () => {
    const read = await readTelemetry('srao', captured('mcelog-srao.bin'), EVERY)
    expect(told(read)).toEqual([
      'unknown hc:///motherboard=0/chip=0/core=0/strand=0',
      `mem_ue ${STRAND_1}`,
      `unknown ${STRAND_2}`,
      'unknown hc:///motherboard=0/chip=0/core=3/strand=0',
    ])
    expect(unknowns(read)).toEqual(['class 3', 'domain 1', 'dimm 1', 'place undefined', 'time 4'])
    const times = [...read.ereports].map(({ timeNs }) => timeNs)
    expect(times, 'one exception, told to all').toEqual([0n, 0n, 0n, 0n])
  })

  it('the shorter records of older kernels say the same', async () => {
    const long = captured('mcelog-series.bin')
    const short = new Uint8Array((long.length / 112) * 88)
    for (let n = 0; n * 112 < long.length; n++) {
      short.set(long.subarray(n * 112, n * 112 + 88), n * 88)
    }
    const read = await readTelemetry('old', short, EVERY)
    expect(read.account.source).toContain('88 bytes a record')
    expect(told(read)).toEqual(told(await readTelemetry('new', long, EVERY)))
  })

  it('a time that the kernel filled in is a time', async () => {
    const bytes = new Uint8Array(captured('mcelog-series.bin'))
    const view = new DataView(bytes.buffer)
    for (let n = 0; n < 14; n++) view.setBigUint64(n * 112 + 48, 1_795_446_100n - BigInt(n), true)
    const read = await readTelemetry('timed', bytes)
    const times = [...read.ereports].map(({ timeNs }) => timeNs)
    expect(times).toEqual(
      Array.from({ length: 14 }, (_, n) => (1_795_446_087n + BigInt(n)) * 10n ** 9n),
    )
    expect(unknowns(read)).toEqual(['domain 7', 'dimm 7', 'place undefined'])
  })

  it('without times somebody must say how far apart records were', async () => {
    const refused = readTelemetry('series', captured('mcelog-series.bin'))
    await expect(refused).rejects.toMatchObject({ code: 'fma.no-time' })
  })

  it('one record needs no interval', async () => {
    const read = await readTelemetry('one', captured('mcelog-ce-domU.bin'), { startNs: 7n })
    expect([...read.ereports].map(({ timeNs }) => timeNs)).toEqual([7n])
  })

  it('32 records are as many as fit: there may have been more', async () => {
    const one = captured('mcelog-ce-domU.bin')
    const bytes = new Uint8Array(32 * 112)
    for (let n = 0; n < 32; n++) bytes.set(one, n * 112)
    const read = await readTelemetry('full', bytes, EVERY)
    expect(read.account.unknown).toContainEqual(
      expect.objectContaining({ what: 'record', count: undefined }),
    )
  })

  it('what is cut, or was not finished, is left out and counted', async () => {
    const bytes = new Uint8Array(captured('mcelog-series.bin').subarray(0, 14 * 112 - 5))
    bytes[67] = 0
    const read = await readTelemetry('cut', bytes, EVERY)
    expect(read.account.ereports).toBe(12)
    expect(read.account.unknown.filter(({ what }) => what === 'record')).toHaveLength(2)
  })
})

const SQL = readFileSync(join(import.meta.dirname, 'ras-mc_event.sql'), 'utf8')

async function databaseOf(sql: string): Promise<Uint8Array> {
  const { Database } = await load()
  const database = new Database()
  database.run(sql)
  const bytes = database.export()
  database.close()
  return bytes
}

/** The same database as SQLite elsewhere writes it; undefined where there is none. */
function databaseByPython(sql: string): Uint8Array | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-ras-'))
  const file = join(folder, 'ras.db')
  const program =
    'import sqlite3,sys\nd=sqlite3.connect(sys.argv[1])\nd.executescript(sys.stdin.read())\n'
  try {
    execFileSync('python3', ['-c', program, file], {
      input: sql,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    return readFileSync(file)
  } catch {
    return undefined
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe("rasdaemon's database", () => {
  it('machine checks and memory errors come in the order of their times', async () => {
    const read = await readTelemetry('ras', await databaseOf(SQL))
    expect(told(read)).toEqual([
      `l1dcache ${STRAND_1}`,
      `ereport.io.pci.fabric ${FUNCTION}`,
      `ereport.io.pciex.dl.rto ${FUNCTION}`,
      `ereport.io.pciex.dl.btlp ${FUNCTION}`,
      `ereport.io.pci.fabric ${FUNCTION}`,
      `ereport.io.pci.target-ma ${FUNCTION}`,
      `ereport.io.pciex.tl.cto ${FUNCTION}`,
      `mem_ce ${CONTROLLER}`,
      `mem_ce ${STRAND_2}`,
      `mem_ue ${CONTROLLER}`,
    ])
    const checks = [...read.ereports].filter(({ class: name }) => name.includes('.cpu.'))
    const times = checks.map(({ timeNs }) => (timeNs ?? 0n) / 10n ** 9n)
    expect(times).toEqual([1795446100n, 1795446110n, 1795446160n, 1795446170n])
    expect(checks.map(resources)).toEqual([
      [],
      [`${CONTROLLER}/dram-channel=1/dimm=0/physaddr=12345000`],
      // The machine check of the same page, later, does not know the DIMM.
      [`${CONTROLLER}/physaddr=12345000`],
      [`${CONTROLLER}/dram-channel=1/dimm=0`],
    ])
    const status = [...read.ereports].map(({ payload }) => payload.get('IA32_MCi_STATUS'))
    expect(status[0]).toEqual({ kind: 'uint64', value: 0x9400000000000135n })
    const found = ['count 2', 'address 1', 'dimm 1', 'pcpu 2', 'record 1', 'source-id 2']
    expect(unknowns(read)).toEqual(expect.arrayContaining(found))
  })

  it('what another SQLite wrote says the same', async () => {
    const bytes = databaseByPython(SQL)
    if (bytes === undefined) return
    const ours = await readTelemetry('ras', await databaseOf(SQL))
    const theirs = await readTelemetry('ras', bytes)
    expect([...theirs.ereports]).toEqual([...ours.ereports])
    expect(theirs.account).toEqual(ours.account)
  })

  it('a DIMM is found by its label, where the topology has it', async () => {
    const topology = capturedTopology({
      xlInfo: readFileSync(join(CAPTURES, 'xen-4.20-xl-info.txt'), 'utf8'),
    })
    const read = await readTelemetry('ras', await databaseOf(SQL), { topology })
    expect(read.account.ereports).toBe(9)
  })

  it('what is written ahead is in another file', async () => {
    const bytes = await databaseOf(SQL)
    bytes.set([2, 2], 18)
    const read = await readTelemetry('ras', bytes)
    expect(read.account.unknown.map(({ reason }) => reason)).toContain(
      'what is in the file beside it (-wal) is not read',
    )
  })

  it.each([
    ['no table of rasdaemon', 'CREATE TABLE t (a INTEGER)'],
    ['nothing in it', 'CREATE TABLE t (a INTEGER); DROP TABLE t'],
  ])('%s: refused', async (_, sql) => {
    const refused = readTelemetry('other', await databaseOf(sql))
    await expect(refused).rejects.toMatchObject({ code: 'fma.rasdaemon' })
  })

  it('tables of older versions lack columns', async () => {
    const sql = `CREATE TABLE mce_record (id INTEGER PRIMARY KEY, timestamp TEXT, status INTEGER,
      bank INTEGER, cpu INTEGER);
      INSERT INTO mce_record VALUES (1, '2026-11-23 15:01:40 +0000', -7782220156096216779, 1, 1)`
    const read = await readTelemetry('old', await databaseOf(sql))
    expect([...read.ereports].map(leaf)).toEqual(['l1dcache'])
  })
})

const RECORD_5 =
  'CPU: 1, MCGc/s: 1000c0a/0, MC1: 9400000000000135, IPID: 0000000000000000, ADDR/MISC/SYND: ' +
  '0000000002345040/0000000000000000/0000000000000000, RIP: 00:<0000000000000000>, TSC: 0, ' +
  'PROCESSOR: 0:206c1, TIME: 1795446100, SOCKET: 0, APIC: 1'
const RECORD_6 =
  'CPU: 2, MCGc/s: 1000c0a/0, MC6: 9c0000400001009f, IPID: 0000000000000000, ADDR: ' +
  '0000000012345000, MISC: 000000000000008c, SYND: 0000000000000000, RIP: 00:<0000000000000000>, ' +
  'TSC: 0, PPIN: 0, vendor: 0, CPUID: 206c1, time: 1795446119, socket: 0, APIC: 2, microcode: 1f'
const MC_EVENT =
  '1 Corrected error: memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0 (mc:0 location:1:0:-1 ' +
  'address:0x12345680 grain:32 syndrome:0x00000000 area:DRAM rank:1)'

describe('trace events', () => {
  it('forms of two kernels; the date of one event dates the others', async () => {
    const text = [
      '# tracer: nop',
      `          <idle>-0       [001] d.h1.   100.250000: mce_record: ${RECORD_5}`,
      `     kworker/1:2-77      [001] .....   110.500000: mc_event: ${MC_EVENT}`,
      `          <idle>-0       [002] d.h1.   119.250000: mce_record: ${RECORD_6}`,
      '            bash-99      [000] .....   120.000000: sched_switch: prev_comm=bash',
    ].join('\n')
    const read = await readTelemetry('trace', bytesOf(text))
    expect(told(read)).toEqual([
      `l1dcache ${STRAND_1}`,
      `mem_ce ${CONTROLLER}`,
      `mem_ce ${STRAND_2}`,
    ])
    expect([...read.ereports].map(({ timeNs }) => timeNs)).toEqual([
      1_795_446_100_000_000_000n,
      1_795_446_110_250_000_000n,
      1_795_446_119_000_000_000n,
    ])
  })

  it('PCI Express errors: what was told before is not told again as new', async () => {
    const line = (seconds: number, said: string): string =>
      `irq/24-aerdrv-61 [000] ..... ${seconds}.000000: aer_event: 0000:03:00.0 PCIe Bus Error: ${said}`
    const text = [
      line(1, 'severity=Corrected, Receiver Error|Bad TLP, TLP Header=Not available'),
      line(2, 'severity=Uncorrected, non-fatal, Completion Timeout, TLP Header=Not available'),
      line(
        3,
        'severity=Uncorrected, non-fatal, Completion Timeout|Poisoned TLP, ' +
          'TLP Header={0x4000001,0xf,0x3000010,0x0}',
      ),
      line(4, 'severity=Fatal, Nonsense, TLP Header=Not available'),
    ].join('\n')
    const read = await readTelemetry('trace', bytesOf(text))
    const names = [...read.ereports].map(({ class: name }) => name.replace('ereport.io.', ''))
    const fabric = 'pci.fabric'
    expect(names).toEqual([
      ...[fabric, 'pciex.pl.re', 'pciex.dl.btlp'],
      ...[fabric, 'pciex.tl.cto'],
      ...[fabric, 'pciex.tl.ptlp'],
      fabric,
    ])
    expect(read.account.unknown).toContainEqual(
      expect.objectContaining({ what: 'class', count: 1 }),
    )
  })

  it('without a date times count from the start of the host', async () => {
    const text = `x-1 [000] ..... 7.5: mc_event: ${MC_EVENT}\n`.replace('7.5', '7.500000')
    const read = await readTelemetry('trace', bytesOf(text), { startNs: 10n })
    expect([...read.ereports].map(({ timeNs }) => timeNs)).toEqual([7_500_000_010n])
    expect(unknowns(read)).toContain('time 1')
  })

  it('a line that is cut is counted', async () => {
    const text = `a 1.000000: mce_record: ${RECORD_5}\nb 2.000000: mce_record: CPU: 1, MCGc/s: 10`
    const read = await readTelemetry('trace', bytesOf(text))
    expect(read.account.ereports).toBe(1)
    expect(unknowns(read)).toContain('record 1')
  })
})

describe('kernel logs', () => {
  it('xl dmesg, as captured: an error in a domain’s page', async () => {
    const read = await readTelemetry('xl dmesg', captured('xl-dmesg-srao-domU.txt'), EVERY)
    expect([...read.ereports].map(leaf)).toEqual(['unknown', 'mem_ue', 'unknown', 'unknown'])
    const fromFile = await readTelemetry('bin', captured('mcelog-srao-domU.bin'), EVERY)
    expect(told(read)).toEqual(told(fromFile))
    const registers = (reading: TelemetryReading) =>
      [...reading.ereports].map(({ payload }) => payload.get('IA32_MCi_ADDR'))
    expect(registers(read)).toEqual(registers(fromFile))
  })

  it('Linux on metal: lines of one error belong together', async () => {
    const text = [
      '[   12.500000] mce: [Hardware Error]: CPU 2: Machine Check: 0 Bank 6: 9c0000400001009f',
      '[   12.500001] usb 1-1: new device',
      '[   12.500002] mce: [Hardware Error]: TSC 0 ADDR 12345000 MISC 8c ',
      '[   12.500003] mce: [Hardware Error]: PROCESSOR 0:206c1 TIME 1795446100 SOCKET 0 APIC 2 microcode 1f',
      '[   14.500000] mce: [Hardware Error]: CPU 1: Machine Check Exception: 5 Bank 1: be00000000000135',
      '[   14.500001] mce: [Hardware Error]: RIP !INEXACT! 10:<ffffffff81000000> {intel_idle+0x1/0x2}',
      '[   14.500002] mce: [Hardware Error]: TSC 55 ADDR 2345040 MISC 86 ',
    ].join('\n')
    const read = await readTelemetry('dmesg', bytesOf(text))
    const [first, second] = [...read.ereports]
    expect([first, second].map((one) => one && leaf(one))).toEqual(['mem_ce', 'l1dcache_uc'])
    expect([first?.timeNs, second?.timeNs]).toEqual([
      1_795_446_100_000_000_000n,
      1_795_446_102_000_000_000n,
    ])
    expect(second?.payload.get('IA32_MCi_ADDR')).toEqual({ kind: 'uint64', value: 0x2345040n })
    expect(second?.payload.get('machine_check_in_progress')).toMatchObject({ value: true })
  })

  it('AMD’s decoder', async () => {
    const text = [
      '[   12.5] x',
      '[12.500000] [Hardware Error]: Corrected error, no action required.',
      '[12.500001] [Hardware Error]: CPU:1 (17:31:0) MC18_STATUS[-|CE|MiscV|AddrV|-|-|SyndV|CECC|-|-|-]: 0x9c2040000000011b',
      '[12.500002] [Hardware Error]: Error Addr: 0x00000001f2345640',
      '[12.500003] [Hardware Error]: IPID: 0x0000009600050f00, Syndrome: 0x5fc8a0000b800a01',
    ].join('\n')
    const read = await readTelemetry('dmesg', bytesOf(text))
    expect([...read.ereports].map(leaf)).toEqual(['mc'])
  })
})

describe('PCI Express', () => {
  it('the log of its driver: a message and what was read because of it are one incident', async () => {
    const read = await readTelemetry('dmesg', captured('xen-4.20-aer.txt'))
    const incidents = new Map<bigint | undefined, string[]>()
    for (const { class: name, timeNs } of read.ereports) {
      const names = incidents.get(timeNs) ?? []
      incidents.set(timeNs, [...names, name.replace('ereport.io.', '')])
    }
    expect([...incidents]).toEqual([
      [385_487_037_000n, ['pci.fabric', 'pciex.rc.nfe-msg', 'pci.fabric', 'pciex.tl.cto']],
      [387_991_584_000n, ['pci.fabric', 'pciex.rc.nfe-msg', 'pci.fabric']],
      [393_013_922_000n, ['pci.fabric', 'pciex.dl.dllp', 'pciex.rc.fe-msg']],
    ])
  })

  it('without its times the messages still are apart', async () => {
    const text = new TextDecoder().decode(captured('xen-4.20-aer.txt'))
    const bare = bytesOf(text.replace(/^\[ *\d+\.\d+\] /gm, ''))
    const read = await readTelemetry('dmesg', bare, EVERY)
    const [dated] = [await readTelemetry('dmesg', captured('xen-4.20-aer.txt'))]
    expect([...read.ereports].map(leaf)).toEqual([...dated.ereports].map(leaf))
    expect(new Set([...read.ereports].map(({ ena }) => ena)).size).toBe(3)
    await expect(readTelemetry('dmesg', bare)).rejects.toMatchObject({ code: 'fma.no-time' })
  })

  it('lspci without bytes, -vvv alone: functions go by their numbers', async () => {
    const text = [
      '01:00.0 SCSI storage controller: Red Hat, Inc. Virtio 1.0 SCSI (rev 01)',
      '\tControl: I/O+ Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- SERR+',
      '\tStatus: Cap+ 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- >SERR-',
      '\tCapabilities: [40] Express (v2) Endpoint, MSI 00',
      '\t\tDevSta:\tCorrErr+ NonFatalErr+ FatalErr- UnsupReq- AuxPwr+ TransPend-',
      '\tCapabilities: [100 v2] Advanced Error Reporting',
      '\t\tUESta:\tDLP- SDES- TLP- FCP- CmpltTO+ CmpltAbrt- UnxCmplt- RxOF- MalfTLP- ECRC-',
      '',
    ].join('\n')
    const read = await readTelemetry('lspci', bytesOf(text))
    const names = [...read.ereports].map(({ class: name }) => name)
    expect(names).toEqual(['ereport.io.pci.fabric', 'ereport.io.pciex.tl.cto'])
    expect([...read.topology.nodes()].map(({ name }) => name)).toContain('pciexfn')
  })

  it('one log of both kinds: one board with both kinds of parts', async () => {
    const aer = new TextDecoder().decode(captured('xen-4.20-aer.txt'))
    const check =
      '[  390.000000] mce: [Hardware Error]: CPU 1: Machine Check: 0 Bank 1: 9400000000000135\n'
    const read = await readTelemetry('dmesg', bytesOf(aer + check))
    const times = [...read.ereports].map(({ timeNs }) => timeNs ?? 0n)
    expect(times).toEqual([...times].sort((a, b) => (a < b ? -1 : 1)))
    expect([...read.ereports].map(leaf)).toContain('l1dcache')
    const names = [...read.topology.nodes()].map(({ name }) => name)
    expect(names.filter((name) => name === 'motherboard')).toHaveLength(1)
    expect(names).toEqual(expect.arrayContaining(['strand', 'pciexfn', 'pciexrc']))
  })
})

describe('fmdump', () => {
  const logged = async (): Promise<readonly Ereport[]> => {
    const options = { ...EVERY, startNs: 1_795_446_100_000_000_000n }
    return [...(await readTelemetry('x', captured('mcelog-series.bin'), options)).ereports]
  }

  it('text with its headers, -eV', async () => {
    const ereports = await logged()
    const text = ereports
      .map((ereport) => {
        const header = `Nov 23 2026 15:01:40.000000000 ${ereport.class} 0x1\n`
        return header + printNvlist(ereportToNvlist(ereport))
      })
      .join('\n')
    const read = await readTelemetry('errlog', bytesOf(`TIME    CLASS\n${text}`))
    expect([...read.ereports].map(ereportToNvlist)).toEqual(ereports.map(ereportToNvlist))
    expect(read.account.source).toBe('errlog (fmdump -eV)')
  })

  it('JSON, -eVj', async () => {
    const ereports = await logged()
    const text = ereports.map((ereport) => printNvlistJson(ereportToNvlist(ereport))).join('\n')
    const read = await readTelemetry('errlog', bytesOf(`${text}\n`))
    expect([...read.ereports].map(ereportToNvlist)).toEqual(ereports.map(ereportToNvlist))
  })

  it('the parts are those that the ereports name', async () => {
    const text = (await logged()).map((e) => printNvlistJson(ereportToNvlist(e))).join('\n')
    const { topology } = await readTelemetry('errlog', bytesOf(text))
    const names = [...topology.nodes()].map(({ resource }) => printFmri(resource))
    expect(names).toContain(STRAND_1)
    expect(names).toContain(CONTROLLER)
  })

  it('a diagnosis is no ereport; a cut one is counted', async () => {
    const [first] = (await logged()).map((ereport) => printNvlistJson(ereportToNvlist(ereport)))
    const text = `${first}\n{"version":0,"class":"list.suspect"}\n${first?.slice(0, 90)}`
    const read = await readTelemetry('log', bytesOf(text))
    expect(read.account.ereports).toBe(1)
    expect(unknowns(read).filter((one) => one.startsWith('record'))).toEqual([
      'record 1',
      'record 1',
    ])
  })
})
