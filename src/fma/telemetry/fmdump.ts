// fmdump: ereports that a fault manager logged, as `fmdump -eV` prints them, or `fmdump -eVj`: one
// JSON object a line.
//
// Holds: an event that is no ereport, or cannot be read, is left out and counted.
import { XpvError } from '../../base/error.js'
import { type Ereport, ereportFromNvlist } from '../event/ereport.js'
import { type NvList, stringMember } from '../event/nvlist.js'
import { parseNvlistJson } from '../event/nvlist-json.js'
import { parseNvlist } from '../event/nvlist-text.js'
import type { SourceRecord, TelemetrySource } from './source.js'
import type { Unknowns } from './unknowns.js'

const HEADER = 'nvlist version: 0'

/** Recognises either; undefined when it is neither. */
export function fmdumpSource(text: string): TelemetrySource | undefined {
  if (/^nvlist version: 0\r?$/m.test(text)) {
    const lists = (): Iterable<string> => blocks(text)
    return { format: 'fmdump -eV', records: (unknowns) => records(lists, parseNvlist, unknowns) }
  }
  if (!EVENT_LINE.test(text)) return undefined
  const lines = (): Iterable<string> => text.split('\n').filter((line) => line.trim() !== '')
  return { format: 'fmdump -eVj', records: (unknowns) => records(lines, parseNvlistJson, unknowns) }
}

/** An event in a line: one whole object that says its class. */
const EVENT_LINE = /^[ \t]*\{(?:[^\n]*[{,])?[ \t]*"class"[ \t]*:[ \t]*"/m

function* records(
  texts: () => Iterable<string>,
  parse: (text: string) => NvList,
  unknowns: Unknowns,
): Iterable<SourceRecord> {
  for (const text of texts()) {
    const ereport = ereportOf(text, parse, unknowns)
    if (ereport !== undefined) yield { kind: 'ereport', timeNs: ereport.timeNs, ereport }
  }
}

function ereportOf(
  text: string,
  parse: (text: string) => NvList,
  unknowns: Unknowns,
): Ereport | undefined {
  try {
    const list = parse(text)
    const name = stringMember(list, 'class') ?? ''
    if (name !== '' && !name.startsWith('ereport.')) {
      unknowns.add('record', 'an event is a diagnosis or a note, no ereport: that is fmdump -e')
      return undefined
    }
    const disposition = stringMember(list, 'disp') ?? ''
    if (disposition.includes('telemetry_unstable')) {
      unknowns.add('bank', 'registers kept changing while they were read')
    }
    return ereportFromNvlist(list)
  } catch (error) {
    if (!(error instanceof XpvError)) throw error
    unknowns.add('record', `an event cannot be read (${error.code})`)
    return undefined
  }
}

/** Each nvlist of a text, without the lines between them. */
function* blocks(text: string): Iterable<string> {
  let block: string[] | undefined
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\r$/, '')
    const isInside = line === '' || line.startsWith('\t') || line.startsWith('(')
    if (line === HEADER) {
      if (block !== undefined) yield block.join('\n')
      block = [line]
    } else if (block !== undefined && isInside) block.push(line)
    else if (block !== undefined) {
      yield block.join('\n')
      block = undefined
    }
  }
  if (block !== undefined) yield block.join('\n')
}
