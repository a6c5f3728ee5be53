// The machine a notebook is for, and where its paths start, as seen from anywhere.
import { dirname, relative, resolve } from 'node:path'
import type { NotebookDocument } from '../notebook/document.js'
import { isMachineWord } from '../notebook/machine-word.js'
import type { Context } from './context.js'
import { CurrentMachine } from './current-machine.js'

/** The machine of a session, and where its paths start. */
export interface DeskMachine {
  /** What `--machine` takes, as seen from `directory`. */
  readonly spec: string | undefined
  readonly hz: number | undefined
  readonly seed: number | undefined
  readonly directory: string
  /** The notebook that says so. */
  readonly notebook?: string
  /** What cells know as `params`; empty for none. */
  readonly params: Readonly<Record<string, unknown>>
}

/** The machine of a session without a notebook. */
export function ownMachine({ spec, hz, seed }: Context): DeskMachine {
  return { spec, hz, seed, directory: process.cwd(), params: {} }
}

/** The machine a notebook at `path` says; `--machine`, `--seed` and `--hz` go before it. */
export function machineFor(
  { front }: NotebookDocument,
  path: string,
  told: Partial<Pick<Context, 'spec' | 'hz' | 'seed'>>,
): DeskMachine {
  const folder = dirname(resolve(path))
  const directory = resolve(folder, front.folder ?? '')
  const spec = told.spec ?? front.machine
  const from = told.spec === undefined ? folder : process.cwd()
  const isWord = spec === undefined || isMachineWord(spec)
  return {
    spec: isWord ? spec : relative(directory, resolve(from, spec)) || '.',
    hz: told.hz ?? front.hz,
    seed: told.seed ?? front.seed,
    directory,
    notebook: resolve(path),
    params: Object.fromEntries(front.params.map((each) => [each.name, each.default])),
  }
}

/** Opens it, in its folder. Throws as `connect` does; then the process is where it was. */
export async function openMachine({
  spec,
  hz,
  seed,
  directory,
}: DeskMachine): Promise<CurrentMachine> {
  const { connect } = await import('./connect.js')
  const from = process.cwd()
  process.chdir(directory)
  try {
    return new CurrentMachine(spec, (next, other) => connect(next, { hz: other, seed }), hz)
  } catch (thrown) {
    process.chdir(from)
    throw thrown
  }
}
