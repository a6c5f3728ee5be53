// Input record: an input of the fault manager as its logs keep it, and back.
//
//   an ereport            ->  the error log, as the ereport it is
//   a repair, an outcome  ->  the log of information: ireport.fmd.repaired { what ... }
//
// Holds: the records of both logs, by their numbers, are all that ever decided what fmd did, but
// for time that passed, which the times of records say.
import { XpvError } from '../../base/error.js'
import { type Ereport, ereportFromNvlist, ereportToNvlist } from '../event/ereport.js'
import { fmriFromNvlist, fmriToNvlist } from '../event/fmri.js'
import {
  listMember,
  type NvList,
  nv,
  nvlist,
  stringMember,
  unsignedMember,
} from '../event/nvlist.js'
import type { FmdInput, LogRecord, RepairTarget } from './input.js'
import type { MachineOutcome } from './module.js'

/** An input that a log keeps: all but time. */
export type LoggedInput = Exclude<FmdInput, { readonly kind: 'time' }>
type Told = Exclude<LoggedInput, { readonly kind: 'ereport' }>

const PREFIX = 'ireport.fmd.'

/** An ereport in the error log. Its nvlist is made when somebody asks for it. */
export class EreportRecord implements LogRecord {
  readonly log = 'error'
  readonly number: number
  readonly timeNs: bigint
  readonly ereport: Ereport
  #event: NvList | undefined

  constructor(of: Pick<LogRecord, 'number' | 'timeNs'> & { readonly ereport: Ereport }) {
    this.number = of.number
    this.timeNs = of.timeNs
    this.ereport = of.ereport
  }

  get event(): NvList {
    this.#event ??= ereportToNvlist(this.ereport)
    return this.#event
  }
}

/** The record of an input that is no ereport. */
export function recordOf(input: Told, number: number): LogRecord {
  const told = nvlist({
    class: nv.string(`${PREFIX}${input.kind}`),
    detector: nv.list(fmriToNvlist({ scheme: 'fmd', name: 'fmd' })),
    attr: nv.list(attributesOf(input)),
  })
  return { log: 'info', number, timeNs: input.timeNs, event: told }
}

function attributesOf(input: Told): NvList {
  switch (input.kind) {
    case 'acted':
      return nvlist({ request: nv.uint64(BigInt(input.request)), ...outcomeMembers(input.outcome) })
    case 'repaired':
    case 'replaced':
    case 'acquitted':
      return targetMembers(input.what)
    case 'reset':
      return nvlist({ module: nv.string(input.module), serd: maybe(input.serd) })
    case 'flush':
      return nvlist({ resource: nv.list(fmriToNvlist(input.resource)) })
  }
}

const maybe = (text: string | undefined) => (text === undefined ? undefined : nv.string(text))

function outcomeMembers(outcome: MachineOutcome) {
  const refused = outcome.kind === 'refused' ? outcome : undefined
  return {
    outcome: nv.string(outcome.kind),
    note: outcome.kind === 'refused' ? undefined : maybe(outcome.note),
    error: maybe(refused?.error),
    why: maybe(refused?.why),
  }
}

function targetMembers(what: RepairTarget): NvList {
  return nvlist({
    resource: what.kind === 'resource' ? nv.list(fmriToNvlist(what.fmri)) : undefined,
    label: what.kind === 'label' ? nv.string(what.label) : undefined,
    uuid: maybe(what.uuid),
  })
}

/** The input that a record of the error log or the log of information is of. Throws XpvError
 *  `fma.log-input` for what is none, and what ereports and FMRIs throw. */
export function inputOf(record: LogRecord): LoggedInput {
  const { timeNs } = record
  if (record.log === 'error') return { kind: 'ereport', timeNs, ereport: ereportOf(record) }
  const name = stringMember(record.event, 'class') ?? ''
  const attr = listMember(record.event, 'attr') ?? nvlist({})
  switch (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : '') {
    case 'acted': {
      const request = Number(unsignedMember(attr, 'request', 53) ?? 0n)
      return { kind: 'acted', timeNs, request, outcome: outcomeOf(attr) }
    }
    case 'repaired':
      return { kind: 'repaired', timeNs, what: targetOf(attr) }
    case 'replaced':
      return { kind: 'replaced', timeNs, what: targetOf(attr) }
    case 'acquitted':
      return { kind: 'acquitted', timeNs, what: targetOf(attr) }
    case 'reset': {
      const serd = stringMember(attr, 'serd')
      const module = stringMember(attr, 'module') ?? ''
      return serd === undefined
        ? { kind: 'reset', timeNs, module }
        : { kind: 'reset', timeNs, module, serd }
    }
    case 'flush':
      return { kind: 'flush', timeNs, resource: fmriFromNvlist(resourceOf(attr)) }
    default:
      throw new XpvError('fma.log-input', `"${name}" in the log of information is no input of fmd`)
  }
}

function ereportOf(record: LogRecord): Ereport {
  return record instanceof EreportRecord ? record.ereport : ereportFromNvlist(record.event)
}

function outcomeOf(attr: NvList): MachineOutcome {
  const kind = stringMember(attr, 'outcome')
  if (kind === 'done' || kind === 'pending') {
    const note = stringMember(attr, 'note')
    return note === undefined ? { kind } : { kind, note }
  }
  const error = stringMember(attr, 'error') ?? 'EIO'
  return { kind: 'refused', error, why: stringMember(attr, 'why') ?? '' }
}

function targetOf(attr: NvList): RepairTarget {
  const uuid = stringMember(attr, 'uuid')
  const label = stringMember(attr, 'label')
  const of = uuid === undefined ? {} : { uuid }
  if (label !== undefined) return { kind: 'label', label, ...of }
  if (attr.has('resource')) {
    return { kind: 'resource', fmri: fmriFromNvlist(resourceOf(attr)), ...of }
  }
  if (uuid === undefined) throw new XpvError('fma.log-input', 'a repair of nothing in the log')
  return { kind: 'case', uuid }
}

function resourceOf(attr: NvList): NvList {
  const resource = listMember(attr, 'resource')
  if (resource === undefined) throw new XpvError('fma.log-input', 'an input without its resource')
  return resource
}
