// The shell: a session at a terminal, or fed from a pipe.
//
//   terminal:  banner, prompt, line editing, history, Ctrl-C          ends with .exit, Ctrl-D,
// twice Ctrl-C
//   pipe:      no prompt, no colour; the first cell that fails ends it
//
// Holds: what a cell does never ends an interactive shell. What is heavy is loaded after the prompt
// is there.
import type { Completion } from '../session/complete.js'
import type { Session } from '../session/session.js'
import type { Traces } from '../session/traces.js'
import type { NotebookDesk } from './notebook-words.js'
import { showPrompt } from './prompt.js'

/** A stream that may be a terminal. */
export type ShellInput = NodeJS.ReadableStream & { readonly isTTY?: boolean }
export type ShellOutput = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** Completes the end of a text; undefined where only a session knows. */
export type EarlyNames = (before: string) => readonly Completion[] | undefined

/** What a shell is made of. The session writes its cells' output by itself, to the same
 *  `output`. */
export interface ShellOptions {
  /** Opens the session; asked once, at a terminal only after the prompt is there, and again when
   *  the desk has begun a new one. */
  readonly session: () => Promise<Session>
  /** What may stand at the end of a text, as far as that is known before the session is open;
   *  asked once, when the prompt is there. */
  readonly early?: () => Promise<EarlyNames | undefined>
  /** One or two lines: which machine, and how to go on. */
  readonly banner: string
  readonly input: ShellInput
  readonly output: ShellOutput
  /** Where a pipe's mistakes go; `output` when absent. */
  readonly errors?: ShellOutput
  readonly env: Readonly<Record<string, string | undefined>>
  /** The notebook at the prompt, loaded when it is first asked for. */
  readonly desk?: () => Promise<NotebookDesk>
  /** The same, when it has been asked for. */
  readonly deskNow?: () => NotebookDesk | undefined
  /** Opens another machine for the session; yields the line that says which. */
  readonly open?: (spec: string) => Promise<string>
  /** What ends the line that a cell has left open, once: a prompt would overwrite it. */
  readonly endLine?: () => string
  /** Given what shows a text above the cell being written; it yields false while none is, and then
   *  the text is to be written as ever. */
  readonly besides?: (show: (text: string) => boolean) => void
  /** Keeps back what a command writes from the first text on that is too long; what is yielded
   *  ends that and takes what was kept. */
  readonly hold?: (isLong: (text: string) => boolean) => () => string
  /** What watches in the background, once there is a session: Ctrl-C at an empty prompt ends
   *  it. */
  readonly traces?: () => Traces | undefined
  /** Where history is kept; false keeps none. By default in XDG's state directory. */
  readonly historyFile?: string | false
}

/** Runs a shell to its end. Yields the exit status: 0; for a pipe 1 when a cell failed, 3 when its
 *  types are wrong, a command's own status when that was not 0, 130 when it was interrupted. Closes
 *  nothing it was given. */
export async function runShell(options: ShellOptions): Promise<number> {
  if (options.input.isTTY !== true) return (await import('./script.js')).runScript(options)
  showPrompt(options)
  const [{ Terminal }, early] = await Promise.all([import('./terminal.js'), options.early?.()])
  return new Terminal(options, early).run()
}
