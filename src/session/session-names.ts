// SessionNames: what a session knows by name, for whoever writes a cell and for whoever wrote one
// wrong.
//
//   "pcpus[0].ms"  ->  msr         "prbes is not defined"  ->  probes         probes  ->  its topic
import type { CellError } from './cell-error.js'
import type { CommandRegistry } from './command.js'
import { type Completion, type CompletionContext, completeAt } from './complete.js'
import type { GlobalScope } from './global-scope.js'
import type { Topic } from './manual.js'
import { pathValue } from './path-value.js'
import { meantCell } from './suggestion.js'

/** What the names are made of. */
export interface NamesHost {
  readonly scope: GlobalScope
  readonly commands: CommandRegistry
  readonly globals: Readonly<Record<string, unknown>>
  readonly topics: readonly Topic[]
  readonly probeSpecs: (() => readonly string[]) | undefined
  readonly parts: (() => readonly string[]) | undefined
  readonly wordsIn: ((called: string) => readonly string[] | undefined) | undefined
  /** The value of an expression that has no effect. */
  evaluate(expression: string): unknown
}

/** The names of one session. */
export class SessionNames {
  readonly #host: NamesHost

  constructor(host: NamesHost) {
    this.#host = host
  }

  /** What may stand at `offset` of `text`, best first. */
  complete(text: string, offset: number): Completion[] {
    return completeAt(text.slice(0, offset), this.completing)
  }

  /** What there is to complete from, now. */
  get completing(): CompletionContext {
    const { scope, commands, probeSpecs, wordsIn, parts } = this.#host
    return {
      declared: scope.declared,
      given: scope.injected,
      commands: commands.there.map((command) => command.name),
      probeSpecs: probeSpecs?.() ?? [],
      wordsAfter: (name, words) => commands.get(name).complete?.(words) ?? [],
      ofFiles: commands.there.filter(({ namesFiles }) => namesFiles).map(({ name }) => name),
      ...(wordsIn === undefined ? {} : { wordsIn }),
      ...(parts === undefined ? {} : { parts }),
      peek: (expression) => this.peek(expression),
    }
  }

  /** The value of an expression, if it can be had without any effect; else undefined. */
  peek(expression: string): unknown {
    const found = expression === '' ? undefined : pathValue(expression)
    return found === undefined ? this.#host.evaluate(expression) : found.value
  }

  /** The next thing to type instead of a cell in which `unknown` is known nowhere. */
  meant(source: string, unknown: string | undefined): string | undefined {
    const { scope } = this.#host
    const commands = this.#host.commands.there.map((command) => command.name)
    const names = [...scope.declared, ...scope.injected]
    const isFunction = (name: string): boolean => typeof this.peek(name) === 'function'
    return meantCell(source, unknown, { commands, names, isFunction })
  }

  /** The error with what was meant, when a word in the cell is known nowhere. */
  hinted(error: CellError, source: string): CellError {
    const unknown = /^(\S+) is not defined$/.exec(error.message)?.[1]
    const isUnread = error.code === 'nb.syntax'
    if (error.hint !== undefined || (unknown === undefined && !isUnread)) return error
    const hint = this.meant(source, unknown)
    return hint === undefined ? error : { ...error, hint, text: `${error.text}\n  try: ${hint}` }
  }

  /** The manual's page on a value that the session was given; undefined for any other. */
  pageOn(value: unknown): string | undefined {
    const name = this.topicOf(value)
    return name === undefined ? undefined : this.#host.commands.page(name)
  }

  /** The topic of such a value: the name it was given under. */
  topicOf(value: unknown): string | undefined {
    const { globals, topics } = this.#host
    return topics.find(({ name }) => globals[name] === value)?.name
  }
}
