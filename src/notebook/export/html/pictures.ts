// Pictures of a notebook: read from its own folder, proved to be what they say, put into the page.
//
//   NAME.out/0123456789abcdef.svg, beside.png  ->  <svg ...> cleaned, <img src="data:...">
//   ../else.png   /etc/passwd   https://...    ->  none
//
// Holds: no file outside the notebook's folder is read, whatever a link on disk says.
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, join, sep } from 'node:path'
import { cleanSvg } from './svg.js'
import { escapeHtml } from './text.js'

const MOST_BYTES = 8_000_000

/** Where a notebook lies. */
export interface PicturePlace {
  /** The notebook's folder. */
  readonly folder: string
  /** The folder of its outputs, in that folder. */
  readonly outputs: string
}

/** A file of the notebook's, as text; undefined when there is none that may be read. */
export function ownText(place: PicturePlace, path: string): string | undefined {
  return ownBytes(place, path)?.toString('utf8')
}

/** A picture as HTML, `path` as an address has it; undefined when it is none, or may not be
 *  read. */
export function pictureHtml(place: PicturePlace, path: string, name: string): string | undefined {
  const bytes = ownBytes(place, decoded(path))
  if (bytes === undefined) return undefined
  if (/\.svg$/i.test(path)) return cleanSvg(bytes.toString('utf8'), name)
  const type = SIGNS.find(([, sign]) => bytes.subarray(0, 16).toString('latin1').match(sign))?.[0]
  if (type === undefined) return undefined
  return `<img src="data:${type};base64,${bytes.toString('base64')}" alt="${escapeHtml(name)}">`
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** How files of pictures begin. */
const SIGNS: readonly (readonly [type: string, sign: RegExp])[] = [
  ['image/png', /^\x89PNG\r\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[\s\S]{4}WEBP/],
]

function ownBytes({ folder, outputs }: PicturePlace, path: string): Buffer | undefined {
  const parts = path.replace(/^\.\//, '').split('/')
  const name = parts.at(-1) ?? ''
  const isBeside = parts.length === 1 || (parts.length === 2 && parts[0] === basename(outputs))
  if (!isBeside || name === '' || name.startsWith('.') || /[\\\0]/.test(path)) return undefined
  try {
    const whole = realpathSync(join(folder, ...parts))
    const seen = statSync(whole)
    const isInside = whole.startsWith(realpathSync(folder) + sep)
    if (!isInside || !seen.isFile() || seen.size > MOST_BYTES) return undefined
    return readFileSync(whole)
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined
    throw error
  }
}
