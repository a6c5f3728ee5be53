// I/O messages: what is said of devices and links on PCI and PCI Express: dictionaries PCIEX, PCI.
//
//   bus-noresp, device-noresp  ->  One of these is at fault: a link that lost a request; a device
//                                  that does not answer.
//
// Holds: descriptions and advice follow from the classes of the suspects; the numbers are public.
import type { MessageAdvice, NumberedMessage, Severity } from './message.js'

/** What each class, without `fault.io.`, says is at fault. */
const WHAT: Readonly<Record<string, string>> = {
  'device-interr': 'a device with an internal error',
  'device-interr-corr': 'a device that recovers from internal errors too often',
  'device-interr-unaf': 'a device with internal errors, though services go on',
  'device-interr-deg': 'a device with internal errors that slow its services',
  'device-invreq': 'a device that sends invalid requests',
  'device-noresp': 'a device that does not answer',
  'bus-noresp': 'a link that lost a request or its answer',
  'bus-linkerr': 'a link that garbles what it carries',
  'bus-linkerr-corr': 'a link that has to send too much again',
  'bus-linkerr-unaf': 'a link that garbles data, though services go on',
  'bus-linkerr-deg': 'a link with errors that slow the services on it',
  fw_corrupt: 'a device with damaged firmware',
  fw_mismatch: 'a device with firmware that its driver does not expect',
  'rc.generic-ce': 'a root complex with too many corrected errors',
  'rc.generic-ue': 'a root complex with an uncorrected error',
  'rc.generic-sw': 'software that misuses a root complex',
  'rc.generic-fw': 'firmware that misuses a root complex',
  driver: 'the driver of a bus or device',
  bus: 'a bus',
  device: 'a device',
}

const RESPONSE = 'Instances of the device may be taken out of service.'
const IMPACT = 'What these instances provide is lost.'

const REPLACE = 'Plan to replace the device that `fmadm faulty` names.'
const RESEAT =
  'Look whether the card sits well in its slot and no pin is bent; else plan to replace what ' +
  '`fmadm faulty` names.'
const UPDATE =
  'Install the newest driver; if that does not help, plan to replace what `fmadm faulty` names.'
const FIRMWARE = 'Install the newest firmware on the device that `fmadm faulty` names.'

/** What to do: a link may be mended by hand, and software by newer software. */
function advice(leaves: readonly string[]): MessageAdvice {
  const has = (pattern: RegExp): boolean => leaves.some((leaf) => pattern.test(leaf))
  const mend = has(/bus|noresp/) ? RESEAT : has(/invreq|driver|-sw/) ? UPDATE : REPLACE
  return { response: RESPONSE, impact: IMPACT, action: has(/fw_|-fw/) ? FIRMWARE : mend }
}

/** Suspects as `pciex.bus-linkerr pci.device`, apart by a space. */
type Row = readonly [suspects: string, severity: Severity]

function message([suspects, severity]: Row, value: number): NumberedMessage {
  const names = suspects.split(' ')
  const leaves = names.map((name) => name.replace(/^pci(ex)?\./, ''))
  const classes = names.map((name) => `${/driver$/.test(name) ? 'defect' : 'fault'}.io.${name}`)
  const parts = [...new Set(leaves.map((leaf) => WHAT[leaf] ?? leaf))]
  const [one = ''] = parts
  const whole = `${one.charAt(0).toUpperCase()}${one.slice(1)} was diagnosed.`
  const description = parts.length === 1 ? whole : `One of these is at fault: ${parts.join('; ')}.`
  return { value, classes, type: 'Fault', severity, description, ...advice(leaves) }
}

/** Dictionary PCIEX. */
export const PCIEX: readonly NumberedMessage[] = (
  [
    ['pciex.device-interr', 'Critical'],
    ['pciex.device-interr pciex.device-invreq', 'Major'],
    ['pciex.bus-noresp pciex.device-noresp', 'Critical'],
    ['pciex.bus-linkerr pciex.device-interr', 'Critical'],
    ['pci.bus-linkerr pciex.device-interr', 'Critical'],
    ['pci.device-invreq', 'Major'],
    ['pci.device-invreq pciex.device-interr', 'Major'],
    ['pci.device-interr pciex.device-invreq', 'Major'],
    ['pciex.device-invreq', 'Major'],
    ['pci.device-noresp pciex.device-invreq', 'Major'],
    ['pci.device-invreq pciex.device-noresp', 'Major'],
    ['pci.bus-linkerr pci.device-interr pciex.device-interr', 'Critical'],
    ['pciex.bus-noresp pciex.device-interr pciex.device-noresp', 'Major'],
    ['pciex.bus-linkerr pciex.bus-noresp pciex.device-interr pciex.device-noresp', 'Critical'],
    [
      'pciex.bus-linkerr pciex.bus-noresp pciex.device-interr pciex.device-invreq ' +
        'pciex.device-noresp',
      'Critical',
    ],
    ['pciex.bus-noresp pciex.device-interr pciex.device-invreq pciex.device-noresp', 'Major'],
    ['pciex.bus-noresp pciex.device-interr', 'Major'],
    ['pciex.device-interr-corr', 'Major'],
    ['pciex.bus-linkerr-corr pciex.device-interr-corr', 'Major'],
    ['pci.bus-linkerr-unaf pciex.device-interr-unaf', 'Major'],
    ['pciex.device-interr-unaf', 'Major'],
    ['pciex.device-interr-deg', 'Major'],
    ['pciex.fw_corrupt', 'Major'],
    ['pciex.fw_mismatch', 'Major'],
    ['pciex.rc.generic-ce', 'Critical'],
    ['pciex.rc.generic-ue', 'Critical'],
    ['pciex.rc.generic-sw', 'Critical'],
    ['pciex.rc.generic-fw', 'Critical'],
  ] as readonly Row[]
).map(message)

/** Dictionary PCI. */
export const PCI: readonly NumberedMessage[] = (
  [
    ['pci.driver', 'Critical'],
    ['pci.bus', 'Critical'],
    ['pci.driver pci.bus', 'Critical'],
    ['pci.device', 'Critical'],
    ['pci.driver pci.device', 'Critical'],
    ['pci.bus pci.device', 'Critical'],
    ['pci.driver pci.bus pci.device', 'Critical'],
    ['pci.device-interr', 'Critical'],
    ['pci.bus-linkerr pci.device-interr', 'Critical'],
    ['pci.device-invreq pci.device-noresp', 'Major'],
    ['pci.device-interr pci.device-invreq', 'Major'],
    ['pci.device-noresp', 'Major'],
    ['pci.bus-linkerr-unaf pci.device-interr-unaf', 'Major'],
    ['pci.device-interr-corr', 'Major'],
    ['pci.bus-linkerr-deg pci.device-interr-deg', 'Major'],
    ['pci.device-interr-deg', 'Major'],
    ['pci.fw_corrupt', 'Major'],
    ['pci.fw_mismatch', 'Major'],
  ] as readonly Row[]
).map(message)
