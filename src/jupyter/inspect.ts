// Inspection: what the name at the cursor is, as `x?` says it at the prompt; `x??` for more.
//
//   'pcpus[1].idleNs' with the cursor in idleNs  ->  its type, meaning, unit and value
//   'on(|'                                       ->  the page on `on`
//
// Holds: nothing but members is read for it: a path with a call in it is not asked.
// Source: Jupyter's messaging documentation, "Introspection".
import type { DisplayBundle } from '../base/display.js'
import type { Session } from '../session/session.js'
import { cellText } from './cell-text.js'
import { unitsOf } from './code-points.js'
import { dataOf } from './data.js'
import type { Content } from './message.js'

/** The reply to `inspect_request`. */
export async function inspect(content: Content, session: Session): Promise<Content> {
  const { code, cursor_pos: cursor, detail_level: level } = content
  if (typeof code !== 'string') return NOTHING
  const at = typeof cursor === 'number' ? unitsOf(code, cursor) : code.length
  const { language, offset, source } = cellText(code)
  const place = askedAt(source, at - offset)
  if (place === undefined) return NOTHING
  const page = await pageOn(place.text, level === 1, session)
  const isCode = language === undefined || language === 'ts'
  const type = isCode ? await session.assist.describeAt?.(source, place.end) : undefined
  const shown = joined(type ?? '', page)
  if (shown === undefined) return NOTHING
  return { status: 'ok', found: true, data: dataOf(shown, session.redact), metadata: {} }
}

const NOTHING: Content = { status: 'ok', found: false, data: {}, metadata: {} }

/** What is asked about, and where it ends. */
interface AskedPlace {
  readonly text: string
  readonly end: number
}

const WORD = String.raw`[\p{ID_Continue}$]+`
const PATH = new RegExp(
  String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\[[^\[\]()]*\]|\.${WORD})*$`,
  'u',
)
const PROBE = /[\w$*-]*(?::[\w$*-]*){1,3}$/

/** The name, path or probe at an offset, or else the function whose arguments are written there. */
export function askedAt(text: string, offset: number): AskedPlace | undefined {
  const more = /^[\p{ID_Continue}$:*-]*/u.exec(text.slice(offset))?.[0] ?? ''
  const probe = PROBE.exec(text.slice(0, offset + more.length))?.[0]
  if (probe !== undefined && /\w/.test(probe)) return { text: probe, end: offset + more.length }
  const end = offset + (/^[\p{ID_Continue}$]*/u.exec(text.slice(offset))?.[0].length ?? 0)
  const path = PATH.exec(text.slice(0, end))?.[0]
  if (path !== undefined) return { text: path, end }
  const open = openCall(text.slice(0, offset))
  const called = open === undefined ? undefined : PATH.exec(text.slice(0, open))?.[0]
  return called === undefined || open === undefined ? undefined : { text: called, end: open }
}

/** The offset of the bracket that is open at the end. */
function openCall(before: string): number | undefined {
  let depth = 0
  for (let i = before.length - 1; i >= 0; i--) {
    if (before[i] === ')') depth += 1
    else if (before[i] === '(' && depth-- === 0) return i
  }
  return undefined
}

async function pageOn(
  text: string,
  isDeep: boolean,
  session: Session,
): Promise<DisplayBundle | undefined> {
  const result = await session.evaluate(`${text}${isDeep ? '??' : '?'}`, {
    final: true,
    quiet: true,
  })
  if (result.kind !== 'ok' || result.status !== 0) return undefined
  if (result.shown !== undefined) return result.shown
  return result.output === '' ? undefined : { 'text/plain': result.output.trimEnd() }
}

/** The page under the type, in both forms: lines of a page stand under each other, so Markdown has
 *  them as they are. Of a name with a page the page tells the rest. */
function joined(hover: string, page: DisplayBundle | undefined): DisplayBundle | undefined {
  const type = isTelling(hover) ? hover.trim() : ''
  if (page === undefined && type === '') return undefined
  const head = page === undefined ? type : (/^```[\s\S]*?\n```/.exec(type)?.[0] ?? '')
  const plain = page?.['text/plain'] ?? ''
  const fenced = plain === '' ? '' : `\`\`\`text\n${plain}\n\`\`\``
  return {
    'text/plain': [head.replace(/^```.*\n?/gm, '').trim(), plain].filter(Boolean).join('\n\n'),
    'text/markdown': [head, fenced].filter(Boolean).join('\n\n'),
  }
}

/** Whether a type says anything: that of a name nobody knows is `any`. */
function isTelling(hover: string): boolean {
  return hover.replace(/^```.*$/gm, '').trim() !== 'any'
}
