// Completion: what may stand at the cursor of a cell, and of what type it is.
//
//   'pcpus[1].wi|'  ->  withPinned, function, (fn: ...) => ...
//
// Holds: nothing runs for it. Offsets that come and go count code points.
// Source: Jupyter's messaging documentation, "Completion"; metadata as IPython and JupyterLab have
// it (_jupyter_types_experimental).
import type { Assist, Suggested } from '../session/assist.js'
import { type CellText, cellText } from './cell-text.js'
import { pointsOf, unitsOf } from './code-points.js'
import type { Content } from './message.js'

/** The reply to `complete_request`. */
export async function complete(content: Content, assist: Assist): Promise<Content> {
  const { code, cursor_pos: cursor } = content
  if (typeof code !== 'string') return replied('', 0, [])
  const end = typeof cursor === 'number' ? unitsOf(code, cursor) : code.length
  const magic = magicsAt(code.slice(0, end))
  return replied(code, end, magic ?? (await suggestedIn(code, end, assist)))
}

const MAGICS = ['%%d', '%%esc', '%%sh', '%%ts', '%machine', '%cd']

/** First lines that say what a cell is written in. */
function magicsAt(before: string): readonly Suggested[] | undefined {
  const typed = /^\s*(%\S*)$/.exec(before)?.[1]
  if (typed === undefined) return undefined
  return MAGICS.filter((magic) => magic.startsWith(typed)).map((text) => ({
    ...{ text, start: before.length - typed.length, kind: 'word' },
  }))
}

/** A D program, and rules, complete as in the template that stands for them at the prompt. */
const TEMPLATES: Readonly<Record<string, string>> = { d: 'd`', esc: 'esc`' }

async function suggestedIn(
  code: string,
  end: number,
  assist: Assist,
): Promise<readonly Suggested[]> {
  const cell = cellOf(code)
  if (cell === undefined || end < cell.offset) return []
  const head = TEMPLATES[cell.language ?? ''] ?? ''
  const moved = head.length - cell.offset
  const found = await assist.complete(`${head}${cell.source}`, end + moved)
  return found.map((each) => ({ ...each, start: each.start - moved }))
}

/** The cell, unless its first line makes no sense. */
function cellOf(code: string): CellText | undefined {
  try {
    return cellText(code)
  } catch {
    return undefined
  }
}

function replied(code: string, end: number, found: readonly Suggested[]): Content {
  const start = Math.min(end, ...found.map((each) => each.start))
  const types = found.map((each) => ({
    text: textFrom(code, start, each),
    start: pointsOf(code, start),
    end: pointsOf(code, end),
    ...typeOf(each),
  }))
  return {
    status: 'ok',
    matches: types.map(({ text }) => text),
    cursor_start: pointsOf(code, start),
    cursor_end: pointsOf(code, end),
    metadata: { _jupyter_types_experimental: types },
  }
}

/** All matches replace the same stretch: one that begins later brings what stands before it. */
function textFrom(code: string, start: number, { text, start: own }: Suggested): string {
  return `${code.slice(start, own)}${text}`
}

/** What it is in a word, or its type; what it takes when it is called. */
function typeOf({ detail, kind }: Suggested): {
  readonly type: string
  readonly signature?: string
} {
  if (detail === undefined) return { type: kind }
  return detail.startsWith('(') ? { type: 'function', signature: detail } : { type: detail }
}
