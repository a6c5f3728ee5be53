// Stored outputs: how what a run printed is laid into a notebook's text.
//
// Holds: only output fences change; an output that is the same again keeps its bytes.
import type { NotebookDocument, Output, Part } from './document.js'
import { fenceFor } from './format.js'

/** What a run of one cell made: its text, and the hash of all it was made from. */
export interface MadeOutput {
  readonly sha: string
  readonly body: string
}

/** Replaces all stored outputs by the given ones; a cell that made none, or an empty one, has
 *  none. */
export function withOutputs(
  document: NotebookDocument,
  outputs: ReadonlyMap<string, MadeOutput>,
): NotebookDocument {
  const parts: Part[] = []
  const source = document.parts
  for (let i = 0; i < source.length; i++) {
    const part = source[i]
    if (part === undefined || part.kind === 'output') continue
    parts.push(part)
    if (part.kind !== 'cell') continue
    const stored = storedAfter(source, i)
    if (stored.gap !== undefined) i += 1
    parts.push(...placeOutput(part.id, outputs.get(part.id), stored))
  }
  return { ...document, parts }
}

function placeOutput(id: string, made: MadeOutput | undefined, stored: Stored): Part[] {
  if (made === undefined || made.body === '') return []
  const gap: Part = stored.gap ?? { kind: 'prose', text: '\n' }
  const old = stored.output
  const same = old !== undefined && old.sha === made.sha && old.body === closed(made.body)
  return [gap, same ? old : makeOutput(id, made)]
}

/** Builds a stored output with its fence. */
function makeOutput(id: string, made: MadeOutput): Output {
  const body = closed(made.body)
  const fence = fenceFor(body)
  const text = `${fence}xpv-out #${id} sha=${made.sha}\n${body}${fence}\n`
  return { kind: 'output', id, sha: made.sha, body, files: [], text }
}

/** A body that ends with a newline, as it stands between fences. */
export function closed(body: string): string {
  return body === '' || body.endsWith('\n') ? body : `${body}\n`
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
