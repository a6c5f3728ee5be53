// Errors out of the logs and configuration spaces of real hosts, as captured: what diagnosis gets of
// them, and what they could not tell.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TelemetryAccount } from '../../../../src/fma/telemetry/account.js'
import { isAerDmesg } from '../../../../src/fma/telemetry/pci/aer-dmesg.js'
import { isLspci } from '../../../../src/fma/telemetry/pci/lspci-errors.js'
import { capturedTopology } from '../../../../src/fma/topo/captured-topology.js'
import { capture, errors, readLog, readSnapshot, said } from './said.js'

const SERIES = capture('machine/pci/captures/series.txt')
const topology = capturedTopology({ lspci: SERIES })
const whats = ({ unknown }: TelemetryAccount): string[] =>
  [...new Set(unknown.map(({ what }) => what))].sort()

const log = (name: string) => readLog(capture(name), topology)
const snapshot = (name: string) =>
  readSnapshot(capture(`machine/pci/captures/${name}.txt`), topology)

describe("the log of dom0's kernel", () => {
  it('Linux 6.12: a timeout, then an unsupported request, then a bad link', () => {
    const { ereports, account } = log('sim/captures/xen-4.20-aer.txt')
    expect(ereports.map((each) => said(each, topology))).toEqual([
      'pci.fabric 00:03.0',
      'pciex.rc.nfe-msg 00:03.0 from 01:00.0',
      'pci.fabric 01:00.0',
      'pciex.tl.cto 01:00.0',
      // The timeout is still latched, and not told again; of the request illumos makes none.
      'pci.fabric 00:03.0',
      'pciex.rc.nfe-msg 00:03.0 from 01:00.0',
      'pci.fabric 01:00.0',
      'pci.fabric 00:03.0',
      'pciex.dl.dllp 00:03.0',
      'pciex.rc.fe-msg 00:03.0 from 00:03.0',
    ])
    expect(ereports[0]?.timeNs).toBe(385_487_037_000n)
    expect(account.ereports).toBe(10)
    // The emulator logs a header in the wrong order of bytes: whom it names is not there.
    expect(whats(account)).toEqual(['class', 'source-id'])
  })

  it('Linux 6.1: a poisoned packet, then a timeout', () => {
    const { ereports } = log('sim/captures/xen-4.17-aer.txt')
    expect(errors(ereports, topology)).toEqual([
      'pciex.rc.nfe-msg 00:03.0 from 01:00.0',
      'pciex.tl.ptlp 01:00.0',
      'pciex.rc.nfe-msg 00:03.0 from 01:00.0',
      'pciex.tl.cto 01:00.0',
    ])
    const [, , whole] = ereports
    expect(whole?.payload.get('pcie_ue_hdr3')).toEqual({ kind: 'uint32', value: 0x78563412 })
    expect(whole?.payload.has('pci_status')).toBe(false)
  })

  it('a malformed packet at the root port', () => {
    const { ereports, account } = log('fma/telemetry/pci/captures/root-port-dmesg.txt')
    expect(errors(ereports, topology)).toEqual([
      'pciex.tl.mtlp 00:03.0',
      'pciex.rc.fe-msg 00:03.0 from 00:03.0',
    ])
    expect(whats(account)).toEqual(['header'])
  })

  it('without message-signalled interrupts: nothing, and it says that this means nothing', () => {
    const text = capture('fma/telemetry/pci/captures/no-msi-dmesg.txt')
    expect(isAerDmesg(text)).toBe(true)
    const { ereports, account } = readLog(text, topology)
    expect(ereports).toEqual([])
    expect(account.unknown).toEqual([expect.objectContaining({ what: 'record', count: undefined })])
  })

  it.each([
    'pcieport 0000:00:03.0: AER: Corrected error received: 0000:01:00.0',
    'pcieport 0000:00:03.0: AER: Correctable error message received from 0000:01:00.0',
    'pcieport 0000:00:03.0: AER: Corrected error received: id=0100',
    'Nov 23 10:00:00 host kernel: pcieport 0000:00:03.0: AER: Corrected error message received from 0000:01:00.0',
  ])('%s', (line) => {
    const { ereports, account } = readLog(`${line}\n`, topology)
    expect(errors(ereports, topology)).toEqual(['pciex.rc.ce-msg 00:03.0 from 01:00.0'])
    expect(ereports[0]?.timeNs === undefined).toBe(!line.startsWith('Nov'))
    expect(whats(account)).toEqual(['class'])
  })

  it('several messages: the first source, and that there were more', () => {
    const text = `[    9.000001] pcieport 0000:00:03.0: AER: Multiple Correctable error message received from 0000:01:00.0
[    9.000002] virtio-pci 0000:01:00.0: PCIe Bus Error: severity=Correctable, type=Data Link Layer, (Receiver ID)
[    9.000003] virtio-pci 0000:01:00.0:   device [1af4:1044] error status/mask=00000041/00002000
[    9.000004] virtio-pci 0000:01:00.0:    [ 0] RxErr
[    9.000005] virtio-pci 0000:01:00.0:    [ 6] BadTLP
`
    const { ereports, account } = readLog(text, topology)
    expect(errors(ereports, topology)).toEqual([
      'pciex.rc.ce-msg 00:03.0 from 01:00.0',
      'pciex.rc.mce-msg 00:03.0',
      'pciex.pl.re 01:00.0',
      'pciex.dl.btlp 01:00.0',
    ])
    expect(whats(account)).toEqual(['count', 'source-id'])
  })

  it('what is latched already happens again', () => {
    const once = `[    9.000001] pcieport 0000:00:03.0: AER: Uncorrectable (Non-Fatal) error message received from 0000:01:00.0
[    9.000002] virtio-pci 0000:01:00.0: PCIe Bus Error: severity=Uncorrectable (Non-Fatal), type=Transaction Layer, (Requester ID)
[    9.000003] virtio-pci 0000:01:00.0:   device [1af4:1044] error status/mask=STATUS/00000000
[    9.000009] pcieport 0000:00:03.0: AER: device recovery failed
`
    const told = (...statuses: readonly string[]) => {
      const text = statuses.map((status) => once.replace('STATUS', status)).join('')
      const { ereports, account } = readLog(text, topology)
      const found = errors(ereports, topology).filter((each) => !each.includes('.rc.'))
      return [found, whats(account)]
    }
    const [timeout, poisoned] = ['pciex.tl.cto 01:00.0', 'pciex.tl.ptlp 01:00.0']
    expect(told('00004000', '00004000')).toEqual([[timeout, timeout], []])
    expect(told('00004000', '00005000')).toEqual([[timeout, poisoned], ['header']])
    // Which of the two it was this time, nobody knows.
    expect(told('00005000', '00005000')).toEqual([
      [timeout, poisoned],
      ['class', 'header'],
    ])
  })

  it('any text is read', () => {
    const words = fc.constantFrom(
      'AER: ',
      'Multiple ',
      'Corrected error received: ',
      'PCIe Bus Error: severity=Corrected, ',
      'device [8086:105e] error status/mask=00004000/00000000',
      ' pcieport 0000:00:03.0: ',
      '   [14] CmpltTO (First)',
      'TLP Header: 00000000 00000000 00000000 00000000',
      '[    1.000000]',
      '\n',
    )
    const text = fc
      .array(fc.oneof(words, fc.string()), { maxLength: 40 })
      .map((all) => all.join(''))
    fc.assert(
      fc.property(text, (any) => {
        const { ereports, account } = readLog(any)
        expect(account.ereports).toBe(ereports.length)
      }),
      { numRuns: 200 },
    )
  })
})

describe('what lspci shows as latched', () => {
  it.each([
    // With bytes.
    ['series', ['dl.dllp 00:03.0', 'dl.btlp 01:00.0', 'tl.cto 01:00.0']],
    ['after-inject-nic', ['pl.re 01:00.0', 'dl.dllp 01:00.0', 'tl.cto 01:00.0', 'tl.ptlp 01:00.0']],
    ['after-inject-root-port', ['dl.btlp 00:03.0']],
    // In words alone.
    ['endpoint', ['dl.btlp 01:00.0', 'tl.cto 01:00.0', 'tl.ptlp 01:00.0']],
    ['no-msi-endpoint', ['tl.cto 01:00.0']],
    ['no-msi-root-port', ['tl.mtlp 00:03.0']],
  ])('%s', (name, expected) => {
    const { ereports, account } = snapshot(name)
    const found = errors(ereports, topology)
    expect(found.filter((each) => each.startsWith('pciex.'))).toEqual(
      expected.map((each) => `pciex.${each}`),
    )
    expect(ereports.every(({ timeNs }) => timeNs === undefined)).toBe(true)
    expect(whats(account)).toEqual(expect.arrayContaining(['count', 'order', 'source-id', 'time']))
  })

  it('the words of lspci are as good as its bytes', () => {
    const isRow = (line: string): boolean => /^[0-9a-f]{2,3}: /.test(line)
    const words = SERIES.split('\n').filter((line) => !isRow(line))
    const bytes = readSnapshot(SERIES, topology).ereports
    const found = readSnapshot(words.join('\n'), topology).ereports
    expect(errors(found, topology)).toEqual(errors(bytes, topology))
    expect(found.map(({ payload }) => payload.get('ue-status'))).toEqual(
      bytes.map(({ payload }) => payload.get('ue-status')),
    )
    // What is a number and not flags is not made up.
    expect(found[0]?.payload.has('vendor_id')).toBe(false)
    expect(bytes[0]?.payload.has('vendor_id')).toBe(true)
  })

  it('a healthy host: nothing', () => {
    const { ereports, account } = snapshot('host')
    expect(errors(ereports, topology)).toEqual([])
    expect(account.unknown.filter(({ what }) => what === 'count')).toEqual([])
  })

  it('a reader without privilege sees 64 bytes: that is not the same as nothing', () => {
    const short = SERIES.split('\n').filter((line) => !/^([4-9a-f].|[0-9a-f]{3}): |^\t/.test(line))
    const { account } = readSnapshot(short.join('\n'), topology)
    const told = account.unknown.find(({ what }) => what === 'register')
    expect(told?.reason).toContain('after 64 bytes')
    expect(told?.count).toBeGreaterThan(3)
  })

  it('what is no snapshot is refused', () => {
    expect(isLspci(SERIES)).toBe(true)
    expect(isLspci('00:00.0 Host bridge: Intel\n00:01.0 SCSI\n')).toBe(false)
    expect(() => readSnapshot('hello\n')).toThrow(
      expect.objectContaining({ code: 'fma.no-registers' }),
    )
  })
})
