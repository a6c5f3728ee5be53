// The canonical text of an output: the same bytes anywhere, and no more of them than one reads.
//
//   what a cell printed and showed  ->  body (200 lines, 64 Ki characters), the whole beside it
//
// Holds: no colours, no NUL (or git would take a notebook for a binary), no half of a surrogate
// pair: what is written is what is read back.
import { stripVTControlCharacters } from 'node:util'
import { fileFor, type MadeFile } from './output-files.js'
import { closed, type MadeOutput } from './outputs.js'

const MOST_LINES = 200
const MOST_CHARACTERS = 65_536

/** The output that a cell made. */
export function outputFrom(sha: string, text: string, svg?: string): MadeOutput {
  const whole = closed(canonical(text))
  const body = shortened(whole)
  const files: MadeFile[] = []
  if (svg !== undefined) files.push(fileFor('svg', closed(canonical(svg))))
  if (body !== whole) files.push(fileFor('text', whole))
  return { sha, body, files }
}

/** What two texts have in common that differ in numbers only: digits and hexadecimal words are
 *  masked, blanks are one, for columns are as wide as their numbers. */
export function shapeOf(text: string): string {
  return text
    .replace(/\b(?:0x[0-9a-f]+|(?=[a-f]*\d)[0-9a-f]{4,})\b/gi, '#')
    .replace(/\d+(?:[.,:]\d+)*/g, '#')
    .replace(/[ \t]+/g, ' ')
    .replace(/[-=]{2,}/g, '--')
}

function canonical(text: string): string {
  const plain = stripVTControlCharacters(text).replaceAll('\0', '\u2400')
  return Buffer.from(plain, 'utf8').toString('utf8')
}

/** A text cut at 200 lines or 64 Ki characters, with what is left told. */
export function shortened(given: string): string {
  const text = closed(given)
  const lines = text.split('\n').slice(0, -1)
  const first = lines.slice(0, MOST_LINES).join('\n')
  if (lines.length <= MOST_LINES && text.length <= MOST_CHARACTERS) return text
  if (first.length <= MOST_CHARACTERS)
    return `${first}\n[${lines.length - MOST_LINES} more lines]\n`
  const cut = whole(first.slice(0, MOST_CHARACTERS))
  return `${cut}\n[${text.length - cut.length} more characters]\n`
}

/** Without the first half of a pair whose second half was cut off. */
const whole = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, '')
