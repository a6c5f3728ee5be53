// Command: one subcommand of xl: what it is told on the command line, and its steps.

import type { Steps } from './libxc.js'
import type { Libxl } from './libxl.js'
import type { KnownOptions } from './options.js'

/** What a command was told: its options by letter, and the other words. */
export interface CommandLine {
  readonly flags: ReadonlyMap<string, string>
  readonly words: readonly string[]
}

/** A subcommand. */
export interface Command {
  readonly options: KnownOptions
  /** Words it must have at least. */
  readonly least: number
  /** Its steps; they yield its exit status. */
  readonly run: (xl: Libxl, line: CommandLine) => Steps<number>
}

/** Commands by name. */
export type Commands = Readonly<Record<string, Command>>

/** A command whose first word is a domain: it goes on where there is one of that name. */
export function onDomain(
  run: (xl: Libxl, domid: number, line: CommandLine) => Steps<number>,
): Command['run'] {
  return function* (xl, line) {
    const domid = yield* xl.domainOf(line.words[0] ?? '')
    return domid === undefined ? 1 : yield* run(xl, domid, line)
  }
}
