// What of the Language Server Protocol the prompt asks for: shapes of answers, checked where they
// enter.
//
//   an answer as JSON  ->  completionsIn, hoverIn, signatureIn, diagnosticsIn  ->  values of ours
//
// Source: Language Server Protocol 3.17.

/** A place: line and column from 0, in UTF-16 code units. */
export interface LspPosition {
  readonly line: number
  readonly character: number
}

/** A stretch between two places. */
export interface LspRange {
  readonly start: LspPosition
  readonly end: LspPosition
}

/** A choice of what may stand at a place. */
export interface LspCompletion {
  readonly label: string
  /** CompletionItemKind. */
  readonly kind: number
  readonly sortText: string
  readonly item: object
}

/** A mistake. */
export interface LspDiagnostic {
  readonly range: LspRange
  /** 1 is an error. */
  readonly severity: number
  readonly code: number
  readonly message: string
}

/** What a call takes. */
export interface LspSignature {
  readonly label: string
  readonly parameter: readonly [number, number] | undefined
  readonly doc: string | undefined
}

/** The choices of a completion answer. */
export function completionsIn(answer: unknown): readonly LspCompletion[] {
  const items = Array.isArray(answer) ? answer : listIn(answer, 'items')
  return items.flatMap((item): LspCompletion[] => {
    if (!isObject(item) || typeof item['label'] !== 'string') return []
    const { label, kind, sortText } = item
    const rank = typeof sortText === 'string' ? sortText : ''
    return [{ label, kind: typeof kind === 'number' ? kind : 0, sortText: rank, item }]
  })
}

/** The mistakes of a report. */
export function diagnosticsIn(answer: unknown): readonly LspDiagnostic[] {
  return listIn(answer, 'items').flatMap((item): LspDiagnostic[] => {
    if (!isObject(item) || !isRange(item['range'])) return []
    const { range, severity, code, message } = item
    return [
      { range, severity: Number(severity ?? 1), code: Number(code), message: String(message) },
    ]
  })
}

/** The text of a hover, Markdown; '' where there is none. */
export function hoverIn(answer: unknown): string {
  return isObject(answer) ? markupIn(answer['contents']) : ''
}

/** What a completed item says of itself, once it is asked. */
export function resolvedIn(answer: unknown): { readonly detail: string; readonly doc: string } {
  if (!isObject(answer)) return { detail: '', doc: '' }
  const { detail, documentation } = answer
  return { detail: typeof detail === 'string' ? detail : '', doc: markupIn(documentation) }
}

/** The signature that a call is being written for. */
export function signatureIn(answer: unknown): LspSignature | undefined {
  const active = isObject(answer) ? Number(answer['activeSignature'] ?? 0) : 0
  const signature = listIn(answer, 'signatures')[active]
  if (!isObject(signature) || typeof signature['label'] !== 'string') return undefined
  const { label } = signature
  const index = signature['activeParameter'] ?? (isObject(answer) ? answer['activeParameter'] : 0)
  const parameter = listIn(signature, 'parameters')[Number(index ?? 0)]
  const place = isObject(parameter) ? placeIn(label, parameter['label']) : undefined
  const own = isObject(parameter) ? markupIn(parameter['documentation']) : ''
  const doc = [own, markupIn(signature['documentation'])].find((text) => text !== '')
  return { label, parameter: place, doc }
}

function placeIn(label: string, parameter: unknown): readonly [number, number] | undefined {
  if (Array.isArray(parameter)) return [Number(parameter[0]), Number(parameter[1])]
  if (typeof parameter !== 'string') return undefined
  const start = label.indexOf(parameter)
  return start < 0 ? undefined : [start, start + parameter.length]
}

function markupIn(contents: unknown): string {
  if (typeof contents === 'string') return contents
  if (Array.isArray(contents)) return contents.map(markupIn).join('\n')
  return isObject(contents) && typeof contents['value'] === 'string' ? contents['value'] : ''
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = isObject(value) ? value[name] : undefined
  return Array.isArray(list) ? list : []
}

function isRange(value: unknown): value is LspRange {
  return isObject(value) && isPosition(value['start']) && isPosition(value['end'])
}

function isPosition(value: unknown): value is LspPosition {
  return (
    isObject(value) && typeof value['line'] === 'number' && typeof value['character'] === 'number'
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
