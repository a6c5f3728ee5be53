// A shell fed from a pipe: cells one after another, values printed, ended by the first failure.
import { createInterface } from 'node:readline'
import type { CellResult } from '../session/cell.js'
import type { Session } from '../session/session.js'
import { CellReader } from './cell-reader.js'
import { meantLine } from './habits.js'
import type { DeskPlace } from './notebook-words.js'
import { reportError, reportResult } from './report.js'
import type { ShellOptions } from './shell.js'
import { isShellWord, obeyShellWord } from './shell-word.js'
import { makeTheme, wantsColour } from './theme.js'

/** Evaluates all lines of the input. Yields the exit status as `runShell` says. */
export async function runScript(options: ShellOptions): Promise<number> {
  const { output, errors = output } = options
  let session = await options.session()
  const { env } = options
  const mistakes = makeTheme(wantsColour(env, errors.isTTY === true), env)
  const theme = { ...mistakes, isColoured: wantsColour(env, output.isTTY === true) }
  let status = 0
  const deskPlace: DeskPlace = {
    tell: (text) => void output.write(text),
    report: (result) => reportResult(result, theme),
    reopen: async () => {
      session = await options.session()
      return session
    },
  }
  const reader = new CellReader({
    isShellWord,
    evaluate: async (written, final) => {
      const source = meantLine(written, (name) => session.names().includes(name))
      if (source === '.exit') return 'leave'
      const result = await session.evaluate(source, { final })
      const stream = result.kind === 'ok' ? output : errors
      status = statusOf(result)
      stream.write(reportResult(result.kind === 'ok' ? { ...result, status: 0 } : result, theme))
      if (result.kind === 'incomplete') return 'incomplete'
      return status === 0 ? 'done' : 'leave'
    },
    obey: async (line) => {
      try {
        const answer = await obeyShellWord(line, wordContext(session, options, deskPlace))
        if (typeof answer !== 'string' && answer.kind === 'leave') return 'leave'
        output.write(typeof answer === 'string' ? answer : `${answer.text}\n`)
        return 'done'
      } catch (thrown) {
        errors.write(reportError(session.describe(thrown), theme))
        status = 1
        return 'leave'
      }
    },
  })
  const lines = createInterface({ input: options.input, terminal: false })
  await readAll(lines, reader)
  return status
}

/** Pushes lines as they come and works on them between two chunks, so that a slow pipe gets its
 *  answers. */
function readAll(lines: ReturnType<typeof createInterface>, reader: CellReader): Promise<void> {
  return new Promise((resolve, reject) => {
    let work = Promise.resolve()
    let scheduled = false
    const drain = () => {
      scheduled = false
      work = work.then(async () => {
        await reader.drain()
        if (reader.hasLeft) lines.close()
      })
      work.catch(reject)
    }
    lines.on('line', (line) => {
      reader.push(line)
      if (!scheduled) setImmediate(drain)
      scheduled = true
    })
    lines.on('close', () => {
      work = work.then(() => reader.finish())
      work.then(resolve, reject)
    })
  })
}

/** The status of a cell that did not run, for its types are wrong. */
const WRONG_TYPES = 3

function statusOf(result: CellResult): number {
  if (result.kind === 'interrupted') return 130
  if (result.kind === 'ok') return result.status
  if (result.kind === 'incomplete') return 0
  return result.error.code?.startsWith('ts.') ? WRONG_TYPES : 1
}

function wordContext(
  session: Session,
  options: ShellOptions,
  deskPlace: DeskPlace,
): Parameters<typeof obeyShellWord>[1] {
  const { desk, open, output, errors = output } = options
  const history = session.journal.entries.map((entry) => entry.source)
  const remark = (text: string): void => void errors.write(text)
  const place = { desk, deskPlace, open, columns: undefined }
  return { session, ...place, history, watchIn: undefined, remark }
}
