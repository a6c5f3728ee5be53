// SVG of strangers, cleaned: read as XML, written anew from what is on the list.
//
//   <svg onload=...><script/><a href=...><rect .../></a></svg>  ->  <svg ...><rect .../></svg>
//
// Holds: what comes out has only elements and attributes of the lists below, values without
// addresses, text escaped. No script, style, link, image, foreignObject, id or reference gets
// through. What is no well-formed SVG, or is larger than 2 MB, is none.
import { decodeReferences } from './references.js'
import { escapeHtml } from './text.js'

const MOST_BYTES = 2_000_000
const MOST_DEPTH = 64

/** The picture as it may stand in a page, labelled for who does not see it; undefined when the
 *  text is no picture. */
export function cleanSvg(text: string, name: string): string | undefined {
  if (text.length > MOST_BYTES) return undefined
  const root = new Reader(text).root()
  if (root?.name !== 'svg') return undefined
  const [width, height] = sizeOf(root)
  const more = `role="img" aria-label="${escapeHtml(name)}"`
  return written(
    root,
    `xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ${more}`,
  )
}

interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly (Element | string)[]
}

const DRAWN = 'circle ellipse g line path polygon polyline rect svg text title tspan desc'
const ELEMENTS: ReadonlySet<string> = new Set(DRAWN.split(' '))
/** Elements whose text is seen, or read out. */
const WITH_TEXT: ReadonlySet<string> = new Set(['text', 'tspan', 'title', 'desc'])
const ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    'cx cy d dominant-baseline dx dy fill fill-opacity fill-rule font-family font-size ' +
    'font-style font-weight height letter-spacing opacity points preserveAspectRatio r rotate ' +
    'rx ry stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin ' +
    'stroke-miterlimit stroke-opacity stroke-width text-anchor textLength transform viewBox ' +
    'width x x1 x2 y y1 y2'
  ).split(' '),
)
/** Numbers, lengths, paths, names of colours and fonts: nothing that is an address or a call but a
 *  transform or a colour. */
const VALUE = /^[\w\s#%.,+()'-]*$/
const CALLS = /[\w-]+(?=\s*\()/g
const HARMLESS: ReadonlySet<string> = new Set(
  'translate scale rotate skewX skewY matrix rgb rgba hsl hsla'.split(' '),
)

function isAllowed(name: string, value: string): boolean {
  if (!ATTRIBUTES.has(name) || !VALUE.test(value)) return false
  return (value.match(CALLS) ?? []).every((call) => name === 'd' || HARMLESS.has(call))
}

/** An element with what of it is allowed; what is not allowed goes with all that is in it. */
function written({ name, attributes, children }: Element, more = ''): string {
  if (!ELEMENTS.has(name)) return ''
  const own = [...attributes].filter(([key, value]) => isAllowed(key, value))
  const kept = more === '' ? own : own.filter(([key]) => key !== 'width' && key !== 'height')
  const words = [
    name,
    ...(more === '' ? [] : [more]),
    ...kept.map(([k, v]) => `${k}="${escapeHtml(v)}"`),
  ]
  const inside = children.map((child) => {
    if (typeof child !== 'string') return written(child)
    return WITH_TEXT.has(name) ? escapeHtml(child) : ''
  })
  return `<${words.join(' ')}>${inside.join('')}</${name}>`
}

/** Width and height in pixels: as told, or as the view box has them. */
function sizeOf({ attributes }: Element): readonly [number, number] {
  const box = (attributes.get('viewBox') ?? '').trim().split(/[\s,]+/)
  const told = (name: string, at: number): number => {
    const size = Number.parseFloat(attributes.get(name) ?? box[at] ?? '')
    return size > 0 && size <= 10_000 ? Math.round(size) : 320
  }
  return [told('width', 2), told('height', 3)]
}

/** Reads XML as far as pictures have it. Whatever it does not understand makes it stop. */
class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** The outermost element; undefined when the text is not well-formed. */
  root(): Element | undefined {
    this.#skip()
    const root = this.#element(0)
    this.#skip()
    return this.#at === this.#text.length ? root : undefined
  }

  /** Comments, the XML declaration and blanks. A document type may define entities: refused. */
  #skip(): void {
    while (this.#take(/\s+|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|\ufeff/y) !== undefined);
  }

  #element(depth: number): Element | undefined {
    const opening = this.#take(/<([A-Za-z][\w:.-]*)/y)
    if (opening === undefined || depth > MOST_DEPTH) return undefined
    const name = opening.slice(1)
    const attributes = this.#attributes()
    if (attributes === undefined) return undefined
    if (this.#take(/\s*\/>/y) !== undefined) return { name, attributes, children: [] }
    if (this.#take(/\s*>/y) === undefined) return undefined
    const children = this.#children(depth)
    if (children === undefined) return undefined
    const closing = this.#take(/<\/([A-Za-z][\w:.-]*)\s*>/y)
    const isClosed = closing?.slice(2, -1).trim() === name
    return isClosed ? { name, attributes, children } : undefined
  }

  #attributes(): ReadonlyMap<string, string> | undefined {
    const found = new Map<string, string>()
    for (;;) {
      const pair = this.#take(/\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*')/y)
      if (pair === undefined) return found
      const equals = pair.indexOf('=')
      const name = pair.slice(0, equals).trim()
      if (found.has(name)) return undefined
      found.set(
        name,
        decodeReferences(
          pair
            .slice(equals + 1)
            .trim()
            .slice(1, -1),
        ),
      )
    }
  }

  #children(depth: number): readonly (Element | string)[] | undefined {
    const children: (Element | string)[] = []
    for (;;) {
      const text = this.#take(/[^<]+/y)
      if (text !== undefined) children.push(decodeReferences(text))
      else if (this.#take(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/y) === undefined) {
        if (this.#text.startsWith('</', this.#at)) return children
        const raw = this.#take(/<!\[CDATA\[[\s\S]*?\]\]>/y)
        const child = raw === undefined ? this.#element(depth + 1) : raw.slice(9, -3)
        if (child === undefined) return undefined
        children.push(child)
      }
    }
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found === undefined) return undefined
    this.#at += found.length
    return found
  }
}
