// Outputs of Jupyter as the text a notebook of ours stores, and the other way.
//
//   stream "a\n", execute_result { text/plain: "b" }   <->   a\nb\n
//
// Holds: what a text becomes, becomes that text again.
import { createHash } from 'node:crypto'
import { withoutAnsi } from '../html/text.js'
import { isJson, type Json, joined, linesOf } from './notebook-json.js'

/** What a cell printed: its text, and its picture when it has one. */
export interface Printed {
  readonly body: string
  readonly svg: string | undefined
}

/** What was printed as outputs of a code cell. */
export function outputsOf({ body, svg }: Printed): readonly Json[] {
  if (svg !== undefined) {
    const data = { 'image/svg+xml': linesOf(svg), 'text/plain': linesOf(body.replace(/\n$/, '')) }
    return [{ output_type: 'display_data', data, metadata: {} }]
  }
  return body === '' ? [] : [{ output_type: 'stream', name: 'stdout', text: linesOf(body) }]
}

/** What outputs of a code cell say. */
export function printedBy(outputs: unknown): Printed {
  const list = Array.isArray(outputs) ? outputs.filter(isJson) : []
  let body = ''
  list.forEach((output, i) => {
    const goesOn = isStream(output) && isStream(list[i - 1])
    body = `${goesOn ? body : closed(body)}${textOf(output)}`
  })
  const svgs = list.map(({ data }) => (isJson(data) ? joined(data['image/svg+xml']) : ''))
  return { body: closed(body), svg: svgs.findLast((svg) => svg !== '') }
}

const isStream = (output: Json | undefined): boolean => output?.['output_type'] === 'stream'

/** The name under which a file of an output is stored. */
export function contentName(content: string, end: 'svg' | 'txt'): string {
  return `${createHash('sha256').update(content).digest('hex').slice(0, 16)}.${end}`
}

function closed(body: string): string {
  return body === '' || body.endsWith('\n') ? body : `${body}\n`
}

function textOf(output: Json): string {
  const { output_type: type, text, data, traceback, ename, evalue } = output
  if (type === 'stream') return withoutAnsi(joined(text))
  if (type !== 'error') return isJson(data) ? plain(data) : ''
  const told = Array.isArray(traceback) ? traceback.map(String).join('\n') : ''
  return withoutAnsi(told === '' ? `${String(ename)}: ${String(evalue)}` : told)
}

/** The text of a bundle; what has none is named. */
function plain(data: Json): string {
  const text = joined(data['text/plain'])
  if (text !== '') return `${text}\n`
  const [type] = Object.keys(data)
  return type === undefined || type === 'image/svg+xml' ? '' : `[${type}]\n`
}
