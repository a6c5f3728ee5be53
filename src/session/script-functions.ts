// Functions for programs that do what several cells did.
//
//   await show(value)          the value as the prompt shows it after a cell
//   await sh`xm create web1`   command lines, as they are typed at the prompt
//
// Holds: each is a piece of the cell that runs, and ends as a cell does: what watches the machine
// prints what it has seen.
import { XpvError } from '../base/error.js'
import type { RunningCell } from './cell.js'
import type { CellRunner } from './cell-runner.js'
import { prepareCommands } from './prepare.js'

/** What they need of a session. */
export interface ScriptHost {
  readonly runner: CellRunner
  running(): RunningCell | undefined
}

/** The functions of a session. */
export interface ScriptFunctions {
  /** Prints a value as it is shown after a cell; a promise is awaited. */
  show(value: unknown): Promise<void>
  /** Runs command lines up to the first that fails; yields the last one's exit status. */
  sh(strings: TemplateStringsArray, ...values: readonly unknown[]): Promise<number>
}

/** Makes them. Called when no cell runs they throw `XpvError` `session.no-cell`. */
export function scriptFunctions({ runner, running }: ScriptHost): ScriptFunctions {
  const cell = (): RunningCell => {
    const found = running()
    if (found !== undefined) return found
    throw new XpvError('session.no-cell', 'there is no cell that could show it', 'await it')
  }
  return {
    show: async (value) => void (await runner.piece(cell(), async () => value)),
    sh: async ({ raw }, ...values) => {
      const source = raw.map((part, i) => `${part}${i < values.length ? values[i] : ''}`).join('')
      return runner.piece(cell(), prepareCommands(source))
    },
  }
}
