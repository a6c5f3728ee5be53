// SessionOptions: what a session is made of.
//
//   names, commands, where output goes, what keeps it  ->  new Session(options)
//
// Holds: the composition root alone knows where each part comes from.
import type { Command } from './command.js'
import type { Engine } from './evaluator.js'
import type { GivenModules } from './import-module.js'
import type { JournalKeeper } from './journal.js'
import type { Topic } from './manual.js'
import type { Redact } from './secrets.js'
import type { CellTypes } from './types/cell-types.js'

/** What a session is made of; the composition root knows where each part comes from. */
export interface SessionOptions {
  /** Names every cell sees: on, d, probes, open, machine, chart ... */
  readonly globals: Readonly<Record<string, unknown>>
  readonly commands: readonly Command[]
  /** What `help` tells of the globals. */
  readonly topics?: readonly Topic[]
  /** Output of cells, while they run. */
  readonly write: (text: string) => void
  /** How many characters of a cell's output its result has; all when absent. */
  readonly keepOutput?: number | undefined
  /** What commands put on standard error; `write` when absent. */
  readonly warn?: (text: string) => void
  /** Called when a cell has done its work, before its value is shown: what watches the machine
   *  prints what it has seen. */
  readonly settle?: () => void
  /** Columns values are shown in: 80 when absent. */
  readonly width?: number | (() => number)
  /** Whether values are shown in HTML too, for a browser. */
  readonly isRich?: boolean
  /** Full names of the probes there are, for completion. */
  readonly probeSpecs?: () => readonly string[]
  /** What functions take as their first string, for completion: `rdmsr` -> names of registers. */
  readonly wordsIn?: (called: string) => readonly string[] | undefined
  /** Names of the parts that the host has, for completion. */
  readonly parts?: () => readonly string[]
  /** Where relative imports start; the process's directory when absent. */
  readonly directory?: string
  /** Modules that cells may import although no file has that name. */
  readonly modules?: GivenModules
  /** What runs code; V8's own prompt mode when absent. */
  readonly engine?: () => Engine
  /** Keeps the cells beyond this process. */
  readonly keeper?: JournalKeeper
  /** Takes secrets out of what is kept, and out of errors. */
  readonly redact?: Redact
  /** The address of the library that imported files know as 'xpv'. */
  readonly ownAddress?: string
  /** What checks cells before they run, and tells their types; nothing does when absent. */
  readonly types?: CellTypes
}
