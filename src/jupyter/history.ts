// The inputs of a kernel: cells as they were sent, with their numbers, and what is asked of them.
//
//   range 2..4    tail 10    search 'on(*'   ->   [session, number, source | [source, output]]
//
// Holds: session 0 is this one, the only one there is. A number once given stays.
// Source: Jupyter's messaging documentation, "History".
import type { Content } from './message.js'

interface Input {
  readonly count: number
  readonly source: string
  output: string | null
}

/** The cells that were stored. */
export class Inputs {
  readonly #inputs: Input[] = []

  /** The number of the last cell; 0 before the first. */
  get count(): number {
    return this.#inputs.at(-1)?.count ?? 0
  }

  /** Takes a cell under a number greater than all before. */
  add(count: number, source: string): void {
    this.#inputs.push({ count, source, output: null })
  }

  /** What the last cell has shown. */
  answer(output: string): void {
    const input = this.#inputs.at(-1)
    if (input !== undefined) input.output = output
  }

  /** What `history_request` asks for; nothing where it asks for what there is not. */
  asked(content: Content): readonly Input[] {
    const { hist_access_type: type, n, start, stop, pattern, session } = content
    const all = this.#inputs
    const many = typeof n === 'number' && n >= 0 ? n : all.length
    if (type === 'range')
      return session === 0 || session === undefined ? this.#range(start, stop) : []
    if (type === 'tail') return last(all, many)
    if (type !== 'search') return []
    const matches = globMatcher(typeof pattern === 'string' ? pattern : '*')
    const found = all.filter(({ source }) => matches(source))
    return last(content['unique'] === true ? withoutEarlier(found) : found, many)
  }

  #range(start: unknown, stop: unknown): readonly Input[] {
    const at = (value: unknown, absent: number): number => {
      if (typeof value !== 'number') return absent
      return value < 0 ? this.count + 1 + value : value
    }
    const [from, to] = [at(start, 1), at(stop, this.count + 1)]
    return this.#inputs.filter(({ count }) => count >= from && count < to)
  }
}

/** The reply to `history_request`, secrets taken out. */
export function historyReply(
  content: Content,
  inputs: Inputs,
  redact: (text: string) => string,
): Content {
  const hasOutput = content['output'] === true
  const history = inputs.asked(content).map(({ count, source, output }) => {
    const text = redact(source)
    return [0, count, hasOutput ? [text, output] : text]
  })
  return { status: 'ok', history }
}

/** A pattern with * for any characters and ? for one. */
function globMatcher(glob: string): (text: string) => boolean {
  const plain = glob.replace(/[\\^$.+()|{}[\]]/g, '\\$&')
  const pattern = new RegExp(`^${plain.replace(/\*+/g, '.*').replaceAll('?', '.')}$`, 'su')
  return (text) => pattern.test(text)
}

function last(inputs: readonly Input[], many: number): readonly Input[] {
  return many === 0 ? [] : inputs.slice(-many)
}

function withoutEarlier(inputs: readonly Input[]): readonly Input[] {
  return inputs.filter(
    ({ source }, i) => !inputs.slice(i + 1).some((later) => later.source === source),
  )
}
