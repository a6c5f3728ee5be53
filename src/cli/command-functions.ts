// Command functions: every command as a function: `xpv.NAME(WORD, ...)`.
//
//   await xpv.info('trace.xt')   (await xpv.fmadm('faulty')).stdout   await xpv.check('notebooks')
//
// Holds: they are the commands of the session, by the same table; what one writes is in its result.
import { DISPLAY, type Displayable, type DisplayBundle } from '../base/display.js'
import type { Session } from '../session/session.js'

/** What became of a command. */
export class CommandRun implements Displayable {
  readonly status: number
  readonly stdout: string
  readonly stderr: string

  constructor(status: number, stdout: string, stderr: string) {
    this.status = status
    this.stdout = stdout
    this.stderr = stderr
  }

  [DISPLAY](): DisplayBundle {
    const text = `${this.stderr}${this.stdout}`.replace(/\n$/, '')
    return { 'text/plain': text === '' ? `status ${this.status}` : text }
  }
}

/** One command. It takes its words one by one; numbers are words too. */
export type CommandFunction = (...words: readonly (string | number)[]) => Promise<CommandRun>

/** All of them, by name; the check of types knows which there are. */
export interface CommandFunctions {
  readonly [name: string]: CommandFunction
}

/** Makes them of a session that is there when one is called. */
export function commandFunctions(session: () => Session, columns: () => number): CommandFunctions {
  return new Proxy<Record<string, CommandFunction>>(Object.create(null), {
    get: (_, name) => functionOf(name, session(), columns),
    has: (_, name) => typeof name === 'string' && session().commands.has(name),
    ownKeys: () => session().commands.all.map(({ name }) => name),
    getOwnPropertyDescriptor: (_, name) => {
      const value = functionOf(name, session(), columns)
      return value && { value, enumerable: true, configurable: true, writable: false }
    },
  })
}

function functionOf(
  name: string | symbol,
  session: Session,
  columns: () => number,
): CommandFunction | undefined {
  if (typeof name !== 'string' || !session.commands.has(name)) return undefined
  return async (...words) => {
    let stdout = ''
    let stderr = ''
    const abort = new AbortController()
    const interrupted = (): boolean => session.interrupted()
    const asking = setInterval(() => interrupted() && abort.abort(), 50)
    try {
      const status = await session.commands.get(name).run(words.map(String), {
        write: (text) => {
          stdout += text
        },
        warn: (text) => {
          stderr += text
        },
        ...{ signal: abort.signal, interrupted, columns: columns() },
      })
      return new CommandRun(status, stdout, stderr)
    } finally {
      clearInterval(asking)
    }
  }
}
