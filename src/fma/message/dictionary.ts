// Dictionary: which number a set of fault classes has: what a message code is made from.
//
//   FMDICT: name=GMCA version=1 maxkey=1        'fault.cpu.generic-x86.l1dcache'  ->  19
//   fault.cpu.generic-x86.l1dcache=19
//
// Holds: the key is the set of classes: neither their order nor their number matters. Lines that
// have no `=` and what follows a number are passed over, as libdiagcode does.
// Source: illumos-gate usr/src/lib/fm/libdiagcode, its tests; usr/src/cmd/fm/dicts.
import { XpvError } from '../../base/error.js'
import { printDiagcode } from './diagcode.js'

/** The numbers of one dictionary, by key. */
export interface Dictionary {
  readonly name: string
  readonly numbers: ReadonlyMap<string, bigint>
}

/** The key of a set of classes: each once, sorted by their bytes. */
export function dictionaryKey(classes: readonly string[]): string {
  return [...new Set(classes)].sort().join(' ')
}

/** The code that a dictionary has for a diagnosis, if any. */
export function codeIn(dictionary: Dictionary, classes: readonly string[]): string | undefined {
  const value = dictionary.numbers.get(dictionaryKey(classes))
  return value === undefined ? undefined : printDiagcode({ dictionary: dictionary.name, value })
}

/** Numbers that have a code, at most: the greatest size's. */
const LIMIT = 36_029_071_898_968_064n + (1n << 72n)

/** Reads a .dict file. Throws XpvError `fma.dictionary` for one without a header of version 1, with
 *  the line. */
export function parseDictionary(text: string): Dictionary {
  const lines = text.split('\n')
  const content = lines.map((line, i) => ({ line, at: i + 1 })).filter(isContent)
  const [header, ...rest] = content
  const name = readHeader(header?.line, header?.at ?? lines.length)
  const entries = rest.flatMap(({ line }): [string, bigint][] => {
    const [, key, digits] = /^([^=]*)=\s*(0x[\da-f]+|\d+)/i.exec(line) ?? []
    const value = BigInt(digits ?? 0)
    if (key === undefined || value >= LIMIT) return []
    return [[dictionaryKey(key.trim().split(/\s+/)), value]]
  })
  return { name, numbers: new Map(entries) }
}

const isContent = ({ line }: { readonly line: string }): boolean => !/^(#|\s*$)/.test(line)

function readHeader(line: string | undefined, at: number): string {
  const [, rest] = /^FMDICT: (.*)$/.exec(line ?? '') ?? []
  const words = [...(rest ?? '').matchAll(/([^\s=]+)\s*=\s*("[^"]*"|\S+)/g)]
  const properties = new Map(words.map(([, key, value]) => [key, value]))
  const name = properties.get('name') ?? ''
  const known = properties.get('version') === '1' && Number(properties.get('maxkey')) > 0
  if (/^[A-Z0-9_]+$/.test(name) && known) return name
  const message = `line ${at}: a dictionary of version 1 begins with its name, version and maxkey`
  throw new XpvError('fma.dictionary', message, 'FMDICT: name=GMCA version=1 maxkey=1')
}
