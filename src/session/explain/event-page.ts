// Event pages: a class of ereports or faults, a code of a message, the name of a resource.
//
//   ereport.cpu.generic-x86.mc?                  ->  what makes it, what it may be a sign of
//   fault.cpu.generic-x86.l1dcache?              ->  what shows it, what people are told of it
//   GMCA-8000-LF?                                ->  the message, and the faults it is of
//   hc:///motherboard=0/chip=0/core=1/strand=0?  ->  each step of the way to the part
//
// Source: illumos-gate's event registry, dictionaries and protocol.h; PCI Express Base 3.0, 6.2;
// Intel SDM volume 3. Which fault makes which ereport is what our own rules say.
import { XpvError } from '../../base/error.js'
import { nearest } from '../../base/nearest.js'
import { eventKind } from '../../fma/event/event-class.js'
import { type Fmri, parseFmri } from '../../fma/event/fmri.js'
import { mcaEreportClasses } from '../../fma/event/mca-class.js'
import { messageFor, messageOf, messages } from '../../fma/message/catalog.js'
import { parseDiagcode } from '../../fma/message/diagcode.js'
import type { Message } from '../../fma/message/message.js'
import { ownRules } from '../../fma/rules/own-rules.js'
import { AER_ERRORS } from '../../machine/pci/aer-error.js'
import { Explanation } from './explanation.js'

const REGISTRY = "illumos' event registry"
const KINDS: Readonly<Record<string, string>> = {
  ereport: 'an ereport: one error that was noticed; it says what was seen, nothing of its cause',
  fault: 'a fault: what a diagnosis may find broken',
  defect: 'a defect: a mistake of software or firmware that a diagnosis may find',
  upset: 'an upset: something that went wrong once and leaves nothing broken',
  list: 'a list: what the fault manager tells of a case',
  resource: 'a resource event: something changed hands or place',
  ireport: 'an ireport: something that happened and is no error',
}

/** Every class there is a page on. */
function knownClasses(): readonly string[] {
  const rules = [...ownRules().declarations.values()].map(({ name }) => name)
  const told = messages().flatMap(({ classes }) => classes)
  const aer = AER_ERRORS.flatMap((error) =>
    error.ereportClass === undefined ? [] : [`ereport.io.pciex.${error.ereportClass}`],
  )
  const all = [...rules, ...told, ...aer, ...mcaEreportClasses()]
  return [...new Set(all.filter((name) => eventKind(name) !== undefined))].sort()
}

/** The page of a class. Throws `XpvError` `explain.unknown-class`, with the nearest. */
export function classPage(name: string): Explanation {
  const kind = eventKind(name) ?? ''
  const all = knownClasses()
  if (!all.includes(name)) {
    const near = nearest(name, all)
    const hint = near === undefined ? undefined : `${near}?`
    throw new XpvError('explain.unknown-class', `nobody here reports ${name}`, hint)
  }
  const isReport = kind === 'ereport'
  const related = isReport ? causesOf(name) : effectsOf(name)
  const title = isReport ? 'It may be a sign of:' : 'It may be seen as:'
  const message = isReport ? undefined : messageFor([name])
  return new Explanation({
    subject: name,
    parts: [
      name,
      KINDS[kind],
      makerOf(name),
      related.length === 0 ? undefined : title,
      related.map((each) => `  ${each}`).join('\n'),
      message === undefined ? undefined : messageText(message),
    ],
    source: REGISTRY,
    next: isReport
      ? related.slice(0, 1).map((each) => `${each}?`)
      : [`${message?.code ?? ''}?`, `fma.coverage()`],
    json: { class: name, related },
  })
}

/** What makes an ereport. */
function makerOf(name: string): string | undefined {
  const aer = AER_ERRORS.find((each) => name === `ereport.io.pciex.${each.ereportClass}`)
  if (aer !== undefined) {
    const { bit, correctable, layer, severity, doc } = aer
    const register = correctable ? 'CESta' : 'UESta'
    return `Made of bit ${bit} of ${register} (${aer.name}), ${layer}, ${severity}: ${doc}.`
  }
  if (!name.startsWith('ereport.cpu.')) return undefined
  const uncorrected = name.endsWith('_uc') ? ', not corrected (UC)' : ''
  return `Made of the status of a machine-check bank${uncorrected}, by the low 16 bits (MCACOD).`
}

/** Faults, defects and upsets from which arrows of our rules lead to a class. */
function causesOf(name: string): readonly string[] {
  return reached(name, (each) => [each.effects, each.causes]).filter((c) => !isError(c))
}

/** Ereports to which arrows of our rules lead from a class. */
function effectsOf(name: string): readonly string[] {
  return reached(name, (each) => [each.causes, each.effects]).filter((c) => /^ereport\./.test(c))
}

const isError = (name: string): boolean => /^(error|ereport)\./.test(name)

interface Named {
  readonly name: string
}
interface Arrow {
  readonly causes: readonly Named[]
  readonly effects: readonly Named[]
}

/** Classes that can be walked to from one, along arrows in the direction that `ends` gives. */
function reached(
  from: string,
  ends: (arrow: Arrow) => readonly [readonly Named[], readonly Named[]],
): readonly string[] {
  const arrows = ownRules().statements.flatMap((statement) => statement.arrows.map(ends))
  const seen = new Set([from])
  for (const at of seen) {
    const steps = arrows.filter(([start]) => start.some(({ name }) => name === at))
    for (const { name } of steps.flatMap(([, end]) => end)) seen.add(name)
  }
  seen.delete(from)
  return [...seen].sort()
}

/** The page of a message's code. Throws `XpvError` `fma.message-code`, `explain.unknown-code`. */
export function messagePage(code: string): Explanation {
  const { dictionary, value } = parseDiagcode(code)
  const message = messageOf(code)
  if (message === undefined) {
    const what = `${code} is number ${value} of dictionary ${dictionary}, of which we have no text`
    const known = messages().find((each) => each.code.startsWith(`${dictionary}-`))
    throw new XpvError('explain.unknown-code', what, known && `${known.code}?`)
  }
  return new Explanation({
    subject: code,
    parts: [
      `${code}: number ${value} of dictionary ${dictionary}`,
      messageText(message),
      `Diagnosed when the suspects are:`,
      message.classes.map((name) => `  ${name}`).join('\n'),
    ],
    source: `illumos' dictionary ${dictionary}; the words are ours`,
    next: message.classes.slice(0, 1).map((name) => `${name}?`),
    json: message,
  })
}

function messageText({ code, severity, type, ...text }: Message): string {
  return [
    `${code}: ${type}, ${severity}`,
    `  what:     ${text.description}`,
    `  response: ${text.response}`,
    `  impact:   ${text.impact}`,
    `  action:   ${text.action}`,
  ].join('\n')
}

/** What a scheme names. */
const SCHEMES: Readonly<Record<Fmri['scheme'], string>> = {
  hc: 'hardware, by its place in the tree of the host',
  cpu: 'a processor, by the number the operating system has for it',
  mem: 'memory: an address, or a module by name',
  dev: 'a device, by its path in the device tree',
  fmd: 'a module of the fault manager',
  mod: 'a module of the kernel',
  pkg: 'a package of software',
  svc: 'a service',
  sw: 'software: a file, a place in a program',
  zfs: 'storage: a pool, a device of it',
  'legacy-hc': 'hardware, by the words that are printed on it',
}

/** What a step of a hardware path is. */
const STEPS: Readonly<Record<string, string>> = {
  motherboard: 'the board',
  chassis: 'the box',
  chip: 'a processor socket',
  core: 'a core of it',
  strand: 'a hardware thread: what Xen calls a pcpu',
  cpu: 'a processor',
  'memory-controller': 'what drives memory modules',
  'dram-channel': 'a channel to memory modules',
  dimm: 'a memory module',
  rank: 'a side of it that is read at once',
  hostbridge: 'where PCI begins',
  pciexrc: 'a root port of PCI Express',
  pciexbus: 'a PCI Express bus',
  pciexdev: 'a device on it',
  pciexfn: 'a function of the device',
  pcibus: 'a conventional PCI bus',
  pcidev: 'a device on it',
  pcifn: 'a function of the device',
}

/** The page of the name of a resource. Throws `XpvError` `fma.fmri`, `fma.fmri-scheme`. */
export function fmriPage(text: string): Explanation {
  const fmri = parseFmri(text)
  return new Explanation({
    subject: text,
    parts: [
      text,
      `scheme ${fmri.scheme}: ${SCHEMES[fmri.scheme]}`,
      fmri.scheme === 'hc' ? hardwareText(fmri) : memberText(fmri),
    ],
    source: 'illumos-gate protocol.h; a name of a fault managed resource (FMRI)',
    next: ['fma.faulty()', 'fmtopo'],
    json: { fmri },
  })
}

function hardwareText(fmri: Extract<Fmri, { scheme: 'hc' }>): string {
  const lines = fmri.path.map(({ name, id }, depth) => {
    const meaning = STEPS[name]
    return `${'  '.repeat(depth + 1)}${name} ${id}${meaning === undefined ? '' : `: ${meaning}`}`
  })
  const { serial, part, revision, authority, offset, physaddr } = fmri
  const marks = Object.entries({ serial, part, revision, ...authority })
  const told = marks.flatMap(([name, value]) => (value === undefined ? [] : `  ${name}: ${value}`))
  const at = physaddr === undefined ? [] : [`  physical address 0x${physaddr.toString(16)}`]
  const within = offset === undefined ? [] : [`  offset 0x${offset.toString(16)} in the part`]
  return [...lines, ...at, ...within, ...told].join('\n')
}

function memberText(fmri: Fmri): string {
  return Object.entries(fmri)
    .filter(([name, value]) => name !== 'scheme' && value !== undefined)
    .map(([name, value]) => `  ${name}: ${memberValue(value)}`)
    .join('\n')
}

function memberValue(value: unknown): string {
  if (typeof value === 'bigint') return `0x${value.toString(16)}`
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return value.map(memberValue).join(' ')
  return Object.entries(value)
    .flatMap(([name, each]) => (each === undefined ? [] : [`${name}=${memberValue(each)}`]))
    .join(' ')
}
