// What a real Xen's hosts left behind, diagnosed as an operator would: one capture, or all of a host
// together. The expectations are what was done to those hosts (an emulated PC into which errors were
// injected), which parts the diagnosis may name for it, and what it must say that it does not know.
import { expect, it } from 'vitest'
import { printed } from './fmd.js'

const SIM = 'sim/captures'
const PCI = 'machine/pci/captures'
const AER = 'fma/telemetry/pci/captures'
const HERE = 'fma/recordings'

const CONTROLLER = 'chip=0/memory-controller=0'
const L1D = 'GMCA-8000-LF l1dcache 100% chip=0/core=1/strand=0'
const PAGE_CE = `GMCA-8000-WT page_ce 100% ${CONTROLLER}/physaddr=12345000`
const badMemory = (page: string): string[] => [
  `GMCA-8000-X9 page_ue 100% ${CONTROLLER}/physaddr=${page}`,
  `GMCA-8001-09 dimm_ue 100% ${CONTROLLER}`,
]

/** The root port 00:03.0 as a device path, and the endpoint 01:00.0 below it. */
const PORT = 'dev:////pci@0,0/pci1b36,c@3'
const noAnswer = (port: string, card: string): string =>
  `PCIEX-8000-25 bus-noresp 50% ${card} device-noresp 50% ${port}`
const badLink = (port: string, card: string): string =>
  `PCIEX-8000-3S bus-linkerr 25% ${card} device-interr 25% ${port} device-interr 50% ${card}`

it.each([
  {
    caption: 'corrected errors on pcpu 2 bank 6 and pcpu 0 bank 5: two are chance',
    files: [`${SIM}/mcelog-ce.bin`],
    diagnoses: [],
    unknown: [/^dimm, 2 times/m, /^time, 2 times.*19 s apart was assumed/m],
  },
  {
    caption: 'a corrected error at an address that domain 1 owns',
    files: [`${SIM}/mcelog-ce-domU.bin`],
    diagnoses: [],
    unknown: [/^domain, once: of which domain/m],
  },
  {
    caption: 'uncorrected, recoverable, in a free page at 0x60000000',
    files: [`${SIM}/mcelog-srao.bin`],
    diagnoses: badMemory('60000000'),
    // Three more pcpus were stopped and left a mark that says nothing.
    unknown: [/^class, 3 times/m, /^dimm, once/m, /^time, 4 times: [^;]*$/m],
  },
  {
    caption: 'the same in a page of domain 1, frame 13d925',
    files: [`${SIM}/mcelog-srao-domU.bin`],
    diagnoses: badMemory('13d925000'),
    unknown: [/^domain, once/m, /^dimm, once/m],
  },
  {
    caption: 'what Xen printed of that page: the bank too',
    files: [`${SIM}/xl-dmesg-srao-domU.txt`],
    diagnoses: badMemory('13d925000'),
    unknown: [/^class, 3 times/m],
  },
  {
    caption: 'what Xen printed of the free page: that it recovered, and not from what',
    files: [`${SIM}/xl-dmesg-srao.txt`],
    diagnoses: [],
    unknown: [/^bank, once: .*recovered.*\/dev\/mcelog/m],
  },
  {
    caption: 'Xen 4.17: an exception, of which no bank was read; beside it PCI errors that came',
    files: [`${HERE}/xen-4.17-console.log`],
    diagnoses: [
      'PCIEX-8000-0A device-interr 100% dev:////pci@0,0/pci0,0@3',
      noAnswer('dev:////pci@0,0/pci0,0@3', 'dev:////pci@0,0/pci0,0@3/pci1af4,1044@0'),
    ],
    unknown: [/^bank, once: .*printed no bank.*4\.13 to 4\.18/m],
  },
  {
    caption: 'seven rounds of an L1 data cache error on pcpu 1 and an error in the page 0x12345000',
    files: [`${SIM}/mcelog-series.bin`, `${SIM}/xen-4.20-xl-info.txt`],
    diagnoses: [L1D, PAGE_CE],
    unknown: [/^domain, 7 times/m, /^dimm, 7 times/m, /^time, 14 times.*19 s apart/m],
  },
])('machine checks: $caption', async ({ files, diagnoses, unknown }) => {
  const found = await printed(...files)
  expect(found.diagnoses).toEqual(diagnoses)
  for (const each of unknown) expect(found.unseen).toMatch(each)
})

it.each([
  {
    caption: 'a poisoned packet, then a completion timeout on the endpoint: log and lspci agree',
    files: [`${SIM}/xen-4.17-aer.txt`, `${PCI}/host.txt`],
    diagnoses: ['PCIEX-8000-0A', 'PCIEX-8000-25'],
    unknown: [/^source-id, once: the header names a function that this host does not have/m],
  },
  {
    caption: 'a malformed packet at the root port: it, or the card that sent it',
    files: [`${AER}/root-port-dmesg.txt`],
    diagnoses: ['PCIEX-8000-0A'],
    unknown: [/^header, once: no header was logged/m],
  },
  {
    caption: 'timeout, unsupported request, link error, by the log alone',
    files: [`${SIM}/xen-4.20-aer.txt`],
    diagnoses: ['PCIEX-8000-25', 'PCIEX-8000-3S'],
    unknown: [/^class, once: of an unsupported request/m],
  },
  {
    caption: 'the same, as what stayed latched',
    files: [`${PCI}/series.txt`],
    diagnoses: ['PCIEX-8000-25', 'PCIEX-8000-3S'],
    unknown: [/^count: /m, /^order: /m, /^time, 2 times/m, /^source-id, 2 times/m],
  },
  {
    caption: 'an endpoint that cannot tell: errors of three kinds, no message',
    files: [`${PCI}/after-inject-nic.txt`],
    diagnoses: ['PCIEX-8000-0A', 'PCIEX-8000-25'],
    unknown: [/^source-id, once: no root port kept a message/m, /^place: .*made up/m],
  },
  {
    caption: 'one bad packet that was sent again, at the root port: no more than chance',
    files: [`${PCI}/after-inject-root-port.txt`],
    diagnoses: [],
    unknown: [/^place: no text shows what is behind 00:03\.0: it cannot be suspected/m],
  },
])('PCI Express: $caption', async ({ files, diagnoses, unknown }) => {
  const found = await printed(...files)
  expect(found.diagnoses.map((each) => each.split(' ')[0])).toEqual(diagnoses)
  for (const each of unknown) expect(found.unseen).toMatch(each)
})

it('all of one host together: parts have one name each, whoever speaks of them', async () => {
  const files = [`${SIM}/xen-4.20-aer.txt`, `${PCI}/series.txt`, `${SIM}/mcelog-series.bin`]
  const found = await printed(...files, `${SIM}/xen-4.20-xl-info.txt`)
  // lspci shows more of the endpoint than the log says: it is named by the board it is on.
  const card = `${PORT}/pci1af4,1100@0`
  expect(found.diagnoses).toEqual([L1D, PAGE_CE, noAnswer(PORT, card), badLink(PORT, card)])
  const others = [...files].reverse()
  expect((await printed(`${SIM}/xen-4.20-xl-info.txt`, ...others)).diagnoses).toEqual(
    found.diagnoses,
  )
})

it('without message-signalled interrupts: latched bits, and all that is lost with them', async () => {
  const { diagnoses, unseen } = await printed(
    `${AER}/no-msi-dmesg.txt`,
    `${PCI}/no-msi-endpoint.txt`,
    `${PCI}/no-msi-root-port.txt`,
  )
  // Without bytes nobody knows what they are called.
  const port = 'dev:////pci@0,0/pci0,0@3'
  const card = `${port}/pci0,0@0`
  expect(diagnoses).toEqual([
    `PCIEX-8000-0A device-interr 33% ${port} device-interr 67% ${card}`,
    noAnswer(port, card),
  ])
  expect(unseen).toMatch(/^record: this kernel does not serve PCI Express errors/m)
  for (const what of ['count', 'order', 'time', 'source-id', 'place']) {
    expect(unseen).toMatch(new RegExp(`^${what}\\b`, 'm'))
  }
})

it('the root port alone: whoever is behind it cannot be suspected, and that is said', async () => {
  const { diagnoses, unseen } = await printed(`${PCI}/no-msi-root-port.txt`)
  expect(diagnoses).toEqual(['PCIEX-8000-0A device-interr 100% dev:////pci@0,0/pci0,0@3'])
  expect(unseen).toMatch(/^place: no text shows what is behind 00:03\.0/m)
})

it.each([
  ['what dom0 read of the registers', `${SIM}/rdmsr-dom0-xen-4.20.txt`, /made up.*\/dev\/mcelog/],
  ['the host’s parts', 'fma/topo/captures/xl-info-n.txt', /xpv fmd mcelog\.bin/],
])('no errors are in %s: refused, with where they are', async (_, file, hint) => {
  await expect(printed(file)).rejects.toMatchObject({
    code: 'fma.telemetry',
    hint: expect.stringMatching(hint),
  })
})

it('a console on which Xen printed no error has none, and tells where corrected ones are', async () => {
  const { diagnoses, unseen } = await printed(`${HERE}/xl-dmesg-series.txt`)
  expect(diagnoses).toEqual([])
  expect(unseen).toMatch(/^record: Xen prints no corrected error: .*\/dev\/mcelog of dom0$/m)
})
