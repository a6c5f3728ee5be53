// Standard output and error as a command's io.
import type { CommandIo } from '../session/command.js'
import type { Context } from './context.js'

/** The io of a command that runs straight from the operating system's command line. */
export function terminalIo(context: Context): CommandIo {
  return {
    write: (text) => context.out.write(text),
    warn: (text) => context.out.warn(text),
    signal: context.signal,
    interrupted: () => context.signal.aborted,
    columns: context.columns(),
  }
}
