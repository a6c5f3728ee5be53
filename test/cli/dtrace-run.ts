// The dtrace command in process: a recording, words, and what came out where.
import { join } from 'node:path'
import { openRecording } from '../../src/backend/replay/open.js'
import { dtraceCommand } from '../../src/session/commands/dtrace.js'

const ROOT = join(import.meta.dirname, '../..')

/** A path of the repository. */
export const inRepository = (...parts: string[]): string => join(ROOT, ...parts)

/** One run of the command. */
export interface DtraceRun {
  readonly status: number
  readonly out: string
  readonly warned: string
}

/** Runs `dtrace` with these words over a recording of examples/recordings. */
export async function dtrace(
  words: readonly string[],
  more: { readonly recording?: string; readonly explain?: boolean } = {},
): Promise<DtraceRun> {
  const machine = openRecording(inRepository('examples/recordings', more.recording ?? 'xl-create'))
  let out = ''
  let warned = ''
  const io = {
    write: (text: string) => {
      out += text
    },
    warn: (text: string) => {
      warned += text
    },
    signal: new AbortController().signal,
    interrupted: () => false,
    columns: 80,
  }
  try {
    const host = { machine: () => machine, explain: more.explain === true }
    const status = await dtraceCommand(host).run(words, io)
    return { status, out, warned }
  } finally {
    machine.close()
  }
}
