// Rules for PCI Express, by experiment: who is suspected of what others notice.
import { describe, expect, it } from 'vitest'
import { nv } from '../../../src/fma/event/nvlist.js'
import {
  BRIDGE,
  BRIDGE_RC,
  CARD,
  CARD2,
  DISK,
  DISK2,
  DOWN,
  fabric,
  from,
  NIC,
  NIC1,
  PCI_BRIDGE,
  RC,
  SOUND,
  SWITCH_RC,
  UP,
} from './fabric.js'
import { HostOfRules, partsOf, SECOND, withProperties } from './host-of-rules.js'

type Seen = readonly [leaf: string, place: string, requester?: string]

const shared = fabric()

/** What is diagnosed of errors that come one after the other, a tenth of a second apart. All that
 *  was diagnosed is repaired then. */
function diagnosed(...seen: readonly Seen[]) {
  for (const [leaf, place, requester] of seen) {
    shared.tell(`io.${leaf}`, place, requester === undefined ? {} : from(requester))
    shared.wait(SECOND / 10n)
  }
  const found = shared.diagnoses()
  shared.repairAll()
  return found
}

/** The one diagnosis of some errors, in whichever order they come. */
function theOne(...seen: readonly Seen[]) {
  const [one, ...more] = diagnosed(...seen)
  expect(more).toEqual([])
  expect(diagnosed(...seen.toReversed())).toEqual([one])
  return one
}

describe('a link', () => {
  it.each(['dl.dllp', 'dl.sd', 'pl.te', 'tl.fcp', 'tl.rof'])(
    '%s blames both ends and the wires, by their failure rates',
    (bit) => {
      const expected = {
        code: 'PCIEX-8000-3S',
        message: true,
        suspects: [
          `25% fault.io.pciex.bus-linkerr@${NIC}`,
          `25% fault.io.pciex.device-interr@${RC}`,
          `50% fault.io.pciex.device-interr@${NIC}`,
        ],
      }
      expect(theOne([`pciex.${bit}`, RC])).toEqual(expected)
      expect(theOne([`pciex.${bit}`, NIC1], ['pciex.rc.fe-msg', RC, '1:0.1'])).toEqual(expected)
    },
  )

  it('below a switch is between its port and the device', () => {
    expect(theOne(['pciex.dl.dllp', DOWN])?.suspects).toEqual([
      `20% fault.io.pciex.bus-linkerr@${DISK}`,
      `40% fault.io.pciex.device-interr@${DOWN}`,
      `40% fault.io.pciex.device-interr@${DISK}`,
    ])
  })

  it('that corrects too often is told at the seventh time', () => {
    const on = fabric()
    for (let n = 0; n < 6; n++) {
      on.tell('io.pciex.dl.btlp', NIC)
      on.tell('io.pciex.rc.ce-msg', RC, from('1:0.0'))
      expect(on.codes()).toEqual([])
    }
    on.tell('io.pciex.dl.btlp', RC)
    expect(on.diagnoses()).toEqual([
      {
        code: 'PCIEX-8000-KP',
        message: true,
        suspects: [
          `25% fault.io.pciex.bus-linkerr-corr@${NIC}`,
          `25% fault.io.pciex.device-interr-corr@${RC}`,
          `50% fault.io.pciex.device-interr-corr@${NIC}`,
        ],
      },
    ])
  })

  it('is counted by the messages of its ends when their bits are not to be had', () => {
    const on = fabric()
    for (let n = 0; n < 7; n++) {
      on.tell('io.pciex.rc.ce-msg', SWITCH_RC, from('4:0.0'))
      expect(on.codes()).toEqual(n < 6 ? [] : ['PCIEX-8000-KP'])
    }
  })

  it('has corrected errors and lost ones apart, though they come together', () => {
    expect(
      diagnosed(['pciex.dl.btlp', NIC], ['pciex.dl.dllp', NIC]).map(({ code }) => code),
    ).toEqual(['PCIEX-8000-3S'])
  })
})

describe('bad data', () => {
  it('going up comes from its sender, or a port on its way', () => {
    expect(theOne(['pciex.tl.ptlp', SWITCH_RC, '4:0.0'])).toEqual({
      code: 'PCIEX-8000-0A',
      message: true,
      suspects: [UP, DOWN, DISK].map((place) => `33% fault.io.pciex.device-interr@${place}`),
    })
  })

  it('is not from ports above where it was seen first', () => {
    const seen = theOne(['pciex.tl.ptlp', SWITCH_RC, '4:0.0'], ['pciex.tl.ptlp', DOWN, '4:0.0'])
    expect(seen?.suspects.map((suspect) => suspect.replace(/^\d+% /, ''))).toEqual([
      `fault.io.pciex.device-interr@${DOWN}`,
      `fault.io.pciex.device-interr@${DISK}`,
    ])
  })

  it('of an endpoint comes from the host, and its message is explained by it', () => {
    expect(theOne(['pciex.tl.ptlp', NIC], ['pciex.rc.nfe-msg', RC, '1:0.0'])).toEqual({
      code: 'PCIEX-8000-0A',
      message: true,
      suspects: [`100% fault.io.pciex.device-interr@${RC}`],
    })
  })

  it('is explained whichever rank software gave it', () => {
    expect(theOne(['pciex.tl.ptlp', NIC], ['pciex.rc.fe-msg', RC, '1:0.0'])?.code).toBe(
      'PCIEX-8000-0A',
    )
    expect(
      theOne(['pciex.tl.ptlp', RC, '1:0.0'], ['pciex.rc.fe-msg', RC, '0:3.0'])?.suspects,
    ).toEqual([`100% fault.io.pciex.device-interr@${NIC}`])
  })

  it('with a wrong checksum comes from where poisoned data comes from', () => {
    expect(theOne(['pciex.tl.ecrc', RC, '1:0.0'], ['pciex.rc.nfe-msg', RC, '0:3.0'])).toEqual({
      code: 'PCIEX-8000-0A',
      message: true,
      suspects: [`100% fault.io.pciex.device-interr@${NIC}`],
    })
  })

  it('that a driver recovered from counts, and that slows it takes nothing away', () => {
    const on = fabric()
    for (let n = 0; n < 4; n++) {
      on.tell('io.pciex.tl.ptlp', RC, from('1:0.0'))
      on.tell('io.service.unaffected', NIC)
      expect(on.codes()).toEqual(n < 3 ? [] : ['PCIEX-8000-MH'])
    }
    on.tell('io.pciex.tl.ptlp', RC, from('1:0.1'))
    on.tell('io.service.degraded', NIC1)
    expect(on.diagnoses().map(({ code, suspects }) => [code, suspects])).toEqual([
      ['PCIEX-8000-ND', [`100% fault.io.pciex.device-interr-deg@${NIC1}`]],
    ])
  })

  it('behind a bridge may be the bus, the card or the bridge', () => {
    const found = theOne(
      ['pciex.tl.ptlp', BRIDGE_RC, '6:0.0'],
      ['pci.sec-dpe', BRIDGE],
      ['pciex.rc.nfe-msg', BRIDGE_RC, '6:0.0'],
    )
    expect(found?.code).toBe('PCIEX-8000-CC')
    expect(found?.suspects).toEqual([
      `14% fault.io.pci.bus-linkerr@${CARD.replace(/\/pcidev.*/, '')}`,
      ...[CARD, CARD2].map((place) => `29% fault.io.pci.device-interr@${place}`),
      `29% fault.io.pciex.device-interr@${BRIDGE}`,
    ])
  })
})

describe('no answer', () => {
  it('to a device is the root port, or the link, as likely', () => {
    expect(theOne(['pciex.tl.cto', NIC], ['pciex.rc.nfe-msg', RC, '1:0.0'])).toEqual({
      code: 'PCIEX-8000-25',
      message: true,
      suspects: [`50% fault.io.pciex.bus-noresp@${NIC}`, `50% fault.io.pciex.device-noresp@${RC}`],
    })
  })

  it('to the host is the target, if that is known, twice as likely as its link', () => {
    expect(theOne(['pciex.tl.cto', RC], ['pci.target-ma', NIC])).toEqual({
      code: 'PCIEX-8000-25',
      message: true,
      suspects: [`33% fault.io.pciex.bus-noresp@${NIC}`, `67% fault.io.pciex.device-noresp@${NIC}`],
    })
  })

  it('to the host may be anybody below, if the target is not known', () => {
    const places = theOne(['pciex.tl.cto', SWITCH_RC])?.suspects.map((one) => one.split('@')[1])
    expect(new Set(places)).toEqual(
      new Set([UP, DOWN, DISK, DISK2, DISK2.replace('/pciexbus=5/pciexdev=0/pciexfn=0', '')]),
    )
  })
})

describe('a refusal', () => {
  it('of what a device asked blames that device, for what is unsupported', () => {
    expect(theOne(['pciex.tl.ur', RC, '1:0.1'], ['pci.ma', NIC1])).toEqual({
      code: 'PCIEX-8000-8R',
      message: true,
      suspects: [`100% fault.io.pciex.device-invreq@${NIC1}`],
    })
  })

  it('of what a device asked blames either, for an abort', () => {
    expect(theOne(['pciex.tl.ca', RC, '1:0.1'])).toEqual({
      code: 'PCIEX-8000-1P',
      message: true,
      suspects: [
        `33% fault.io.pciex.device-interr@${RC}`,
        `67% fault.io.pciex.device-invreq@${NIC1}`,
      ],
    })
  })

  it('by a device blames it, or the host that asked', () => {
    expect(
      theOne(['pciex.tl.ca', DISK], ['pci.sta', DISK], ['pciex.rc.nfe-msg', SWITCH_RC, '4:0.0'])
        ?.suspects,
    ).toEqual([
      `67% fault.io.pciex.device-interr@${DISK}`,
      `33% fault.io.pciex.device-invreq@${SWITCH_RC}`,
    ])
  })

  it('by a card behind a bridge blames the card, or the host that asked', () => {
    const found = theOne(['pci.sec-rta', BRIDGE], ['pci.sta', CARD])
    expect([found?.code, found?.suspects]).toEqual([
      'PCIEX-8000-7H',
      [`67% fault.io.pci.device-interr@${CARD}`, `33% fault.io.pciex.device-invreq@${BRIDGE_RC}`],
    ])
  })
})

describe('a malformed packet', () => {
  it('blames who sent it or who got it, not whom its header names', () => {
    expect(theOne(['pciex.tl.mtlp', RC, '9:9.1'])?.suspects).toEqual([
      `20% fault.io.pciex.device-interr@${RC}`,
      ...[NIC, NIC1].map((place) => `40% fault.io.pciex.device-interr@${place}`),
    ])
  })

  it('that a root port alone tells of blames it, where nobody knows what is below', () => {
    const on = new HostOfRules(withProperties(partsOf([RC]), () => ({ BDF: '0x18' })))
    for (const leaf of ['pci.sserr', 'pci.sec-rserr', 'pciex.tl.mtlp', 'pciex.rc.fe-msg'])
      on.tell(`io.${leaf}`, RC)
    expect(on.diagnoses().map(({ suspects }) => suspects)).toEqual([
      [`100% fault.io.pciex.device-interr@${RC}`],
    ])
  })
})

describe('a message', () => {
  it('alone leaves all that could send it', () => {
    expect(diagnosed(['pciex.rc.nfe-msg', RC, '1:0.0'])).toEqual([
      {
        code: 'PCIEX-8000-G2',
        message: true,
        suspects: [
          `17% fault.io.pciex.bus-noresp@${NIC}`,
          `17% fault.io.pciex.device-interr@${RC}`,
          `33% fault.io.pciex.device-interr@${NIC}`,
          `17% fault.io.pciex.device-invreq@${RC}`,
          `17% fault.io.pciex.device-noresp@${RC}`,
        ],
      },
    ])
    expect(diagnosed(['pciex.rc.fe-msg', RC, '1:0.0']).map(({ code }) => code)).toEqual([
      'PCIEX-8000-3S',
    ])
  })

  it('of another device leaves of the suspects those that both have above them', () => {
    const alone = theOne(['pciex.tl.cto', DISK])?.suspects.map((one) => one.split('@')[1])
    expect(new Set(alone)).toEqual(new Set([SWITCH_RC, UP, DOWN, DISK]))
    const both = theOne(['pciex.tl.cto', DISK], ['pciex.rc.nfe-msg', SWITCH_RC, '5:0.0'])
    const places = both?.suspects.map((one) => one.split('@')[1])
    expect(new Set(places)).toEqual(new Set([SWITCH_RC, UP]))
  })

  it('without a sender is explained by whoever below shows bits', () => {
    const on = fabric()
    on.tell('io.pciex.rc.nfe-msg', SWITCH_RC, { 'source-valid': nv.boolean(false) })
    on.tell('io.pciex.tl.cto', DISK)
    expect(on.codes()).toEqual(['PCIEX-8000-25'])
  })

  it('of an advisory error leads nowhere', () => {
    expect(diagnosed(['pciex.a-nonfatal', NIC], ['pciex.rc.ce-msg', RC, '1:0.0'])).toEqual([])
  })
})

describe('errors of two kinds', () => {
  it('that no one fault explains are two diagnoses, of which both have the message', () => {
    const found = diagnosed(
      ['pciex.tl.ptlp', NIC],
      ['pciex.tl.cto', NIC],
      ['pciex.rc.nfe-msg', RC, '1:0.0'],
    )
    expect(found.map(({ code }) => code).sort()).toEqual(['PCIEX-8000-0A', 'PCIEX-8000-25'])
  })
})

describe('conventional PCI', () => {
  it.each([
    { leaf: 'pci.dpe', place: SOUND, code: 'PCI-8000-8S' },
    { leaf: 'pci.sserr', place: SOUND, code: 'PCI-8000-8S' },
    { leaf: 'pci.sta', place: SOUND, code: 'PCI-8000-7J' },
    { leaf: 'pci.rta', place: SOUND, code: 'PCIEX-8000-5Y' },
    { leaf: 'pci.ma', place: SOUND, code: 'PCI-8000-95' },
    { leaf: 'pci.dto', place: PCI_BRIDGE, code: 'PCI-8000-CA' },
    { leaf: 'pci.sec-sta', place: PCI_BRIDGE, code: 'PCI-8000-AP' },
    { leaf: 'pci.sec-dpe', place: PCI_BRIDGE, code: 'PCI-8000-8S' },
    { leaf: 'pci.rta', place: CARD, code: 'PCIEX-8000-6D' },
    { leaf: 'pci.ma', place: CARD, code: 'PCIEX-8000-AQ' },
    { leaf: 'pci.sec-ma', place: BRIDGE, code: 'PCIEX-8000-94' },
    { leaf: 'pciex.bdg.sec-tex', place: BRIDGE, code: 'PCI-8000-CA' },
    { leaf: 'pciex.bdg.sec-interr', place: BRIDGE, code: 'PCIEX-8000-0A' },
    { leaf: 'device.fw_corrupt', place: SOUND, code: 'PCI-8000-HR' },
    { leaf: 'device.fw_mismatch', place: SOUND, code: 'PCI-8000-J4' },
    { leaf: 'device.stall', place: SOUND, code: 'PCI-8000-7J' },
    { leaf: 'pciex.tl.ptlp', place: SOUND, code: 'PCI-8000-7J' },
  ])('$leaf is $code', ({ leaf, place, code }) => {
    expect(diagnosed([leaf, place]).map((one) => one.code)).toEqual([code])
  })

  it('degraded by parity is the bus or the card', () => {
    expect(theOne(['pci.dpe', CARD], ['service.degraded', CARD])?.code).toBe('PCI-8000-FY')
  })

  it('that is all right is not diagnosed', () => {
    expect(diagnosed(['service.unaffected', CARD])).toEqual([])
  })
})
