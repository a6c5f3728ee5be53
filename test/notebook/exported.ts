// Exported pages, for tests: made from the text of a notebook in a folder, and read again tag by
// tag, more strictly than any browser.

import { notebookPage, type Page } from '../../src/notebook/export/html/page.js'
import { parseNotebook } from '../../src/notebook/format.js'
import type { CellState } from '../../src/notebook/graph/states.js'

/** The page of a notebook's text; `folder` is where its pictures are looked for. */
export function exported(
  text: string,
  folder = '/nonexistent',
  states: ReadonlyMap<string, CellState> = new Map(),
): Promise<Page> {
  const { document } = parseNotebook(text)
  return notebookPage({
    document,
    place: { folder, outputs: 'nb.out' },
    states,
    version: '1.2.3',
  })
}

/** One tag of a page. */
export interface Tag {
  readonly name: string
  readonly isClosing: boolean
  readonly attributes: Readonly<Record<string, string>>
}

const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][\w:-]*(?:="[^"<>]*")?)*)>/g
const VOID = new Set(['meta', 'link', 'br', 'hr', 'img'])

/** The tags of a page. Throws when it is not well-formed: a tag that is not closed, a sign that is
 *  not escaped. */
export function tagsOf(html: string): readonly Tag[] {
  const page = html
    .replace(/^<!doctype html>\n/, '')
    .replace(/<style>[^<]*<\/style>/, '<style></style>')
  const left = page.replace(TAG, '')
  if (/[<>]/.test(left)) throw new Error(`not escaped: ${/.{0,60}[<>].{0,60}/s.exec(left)?.[0]}`)
  const tags = [...page.matchAll(TAG)].map(([, slash, name = '', rest = '']) => ({
    name,
    isClosing: slash === '/',
    attributes: Object.fromEntries(
      [...rest.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, key, value = '']) => [key, value]),
    ),
  }))
  const open: string[] = []
  for (const { name, isClosing } of tags) {
    if (VOID.has(name)) continue
    if (!isClosing) open.push(name)
    else if (open.pop() !== name) throw new Error(`</${name}> closes nothing`)
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(' ')}`)
  return tags
}
