// Stored outputs: how what a run printed is laid into a notebook's text.
//
// Holds: only output fences change, their pictures and the blanks before them; an output that is
// the same again keeps its bytes.
import type { NotebookDocument, Output, Part } from './document.js'
import { contentOf } from './fences.js'
import { fenceFor } from './format.js'
import type { MadeFile } from './output-files.js'

/** What a run of one cell made: its text, and the stamp of all it was made from. */
export interface MadeOutput {
  readonly sha: string
  readonly body: string
  /** What goes beside the notebook. */
  readonly files: readonly MadeFile[]
}

/** Replaces all stored outputs by the given ones; a cell that made none, or an empty one, has
 *  none. `folder` is the name of the folder beside the notebook; outputs of the cells in `steady`
 *  stay as they are. */
export function withOutputs(
  document: NotebookDocument,
  outputs: ReadonlyMap<string, MadeOutput>,
  folder = '',
  steady: ReadonlySet<string> = new Set(),
): NotebookDocument {
  const parts: Part[] = []
  const source = document.parts
  const newline = /\r\n/.test(document.head) ? '\r\n' : '\n'
  for (let i = 0; i < source.length; i++) {
    const part = source[i]
    if (part === undefined || part.kind === 'output') continue
    parts.push(part)
    if (part.kind !== 'cell') continue
    const stored = storedAfter(source, i)
    if (stored.gap !== undefined) i += 1
    const made = outputs.get(part.id)
    if (stored.output !== undefined && steady.has(part.id)) {
      parts.push(...(stored.gap === undefined ? [] : [stored.gap]), stored.output)
      continue
    }
    if (made === undefined || !isSomething(made)) continue
    const blank = part.text.endsWith('\n') ? newline : newline.repeat(2)
    parts.push(stored.gap ?? { kind: 'prose', text: blank })
    parts.push(outputFor(part.id, made, stored.output, { newline, folder }))
  }
  return { ...document, parts }
}

/** Whether there is anything to store. */
export function isSomething({ body, files }: MadeOutput): boolean {
  return body !== '' || files.length > 0
}

/** Whether a stored output says what was made. */
export function isSame(stored: Output, made: MadeOutput): boolean {
  return stored.body === closed(made.body) && namesOf(stored.files) === namesOf(made.files)
}

const namesOf = (files: Output['files']): string =>
  files
    .map(({ name }) => name)
    .sort()
    .join(' ')

interface Place {
  readonly newline: string
  readonly folder: string
}

function outputFor(id: string, made: MadeOutput, stored: Output | undefined, place: Place): Output {
  const line = pictureLine(id, made, place)
  if (stored !== undefined && stored.sha === made.sha && isSame(stored, made)) {
    const last = contentOf(stored.text).split('\n').at(-1) ?? ''
    if (line === '' || contentOf(line) === last) return stored
  }
  return makeOutput(id, made, line, place)
}

/** Builds a stored output with its fence. */
function makeOutput(
  id: string,
  { sha, body, files }: MadeOutput,
  line: string,
  place: Place,
): Output {
  const text = closed(body)
  const fence = fenceFor(text)
  const named = files.map(({ form, name }) => ` ${form}=${name.slice(0, 16)}`).join('')
  const all = `${fence}xpv-out #${id} sha=${sha}${named}\n${text}${fence}\n`
  return {
    kind: 'output',
    id,
    sha,
    body: text,
    files: files.map(({ form, name }) => ({ form, name })),
    text: `${all.replaceAll('\n', place.newline)}${line}`,
  }
}

/** The line by which a forge shows the picture; "" where there is none. */
function pictureLine(id: string, { files }: MadeOutput, { newline, folder }: Place): string {
  const picture = files.find(({ form }) => form === 'svg')
  if (picture === undefined) return ''
  const address = encodeURIComponent(folder).replace(/[()]/g, (sign) =>
    sign === '(' ? '%28' : '%29',
  )
  return `![output of #${id}](${address}/${picture.name})${newline}`
}

/** A body as it stands between fences: its lines end with a newline each. */
export function closed(body: string): string {
  const text = body === '' || body.endsWith('\n') ? body : `${body}\n`
  return text.replace(/\r+\n/g, '\n')
}

interface Stored {
  readonly gap: Part | undefined
  readonly output: Output | undefined
}

/** The blank prose and the output that follow the cell at `i`. */
function storedAfter(parts: readonly Part[], i: number): Stored {
  const next = parts[i + 1]
  if (next?.kind === 'output') return { gap: undefined, output: next }
  const after = parts[i + 2]
  if (next?.kind === 'prose' && next.text.trim() === '' && after?.kind === 'output') {
    return { gap: next, output: after }
  }
  return { gap: undefined, output: undefined }
}
