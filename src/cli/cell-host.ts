// The host of cells: the program of the process in which a notebook's cells run, behind the fence
// (notebook/permission/fence.ts).
//
//   begin (settings, grants)  ->  open, evaluate ..., close, open ...           asked for by IPC
//
// Holds: `FencedCells` starts it, and it ends with whoever started it. What it may do it is told
// once, before any cell. It reads no settings of its own.

import { exit } from 'node:process'
import { isSimSpec } from '../backend/sim/sim-spec.js'
import { denied } from '../base/denied.js'
import { XpvError } from '../base/error.js'
import type { Config } from '../config/config.js'
import { isMachineWord } from '../notebook/machine-word.js'
import { raiseGuard } from '../notebook/permission/guard.js'
import type { NotebookSession } from '../notebook/run.js'
import type { Connect, Context } from './context.js'
import { makeContext } from './context.js'
import { notebookSession } from './notebook-session.js'
import { Output } from './output.js'

/** What a host is told before anything else. */
export interface HostBeginning {
  readonly config: Config
  readonly isOnline: boolean
  readonly isFree: boolean
  readonly isLive: boolean
}

/** Something the host is asked for; `args` are those of the session's method of that name. */
export interface HostRequest {
  readonly id: number
  readonly method: 'begin' | 'open' | 'evaluate' | 'interrupt' | 'close'
  readonly args: readonly unknown[]
}

/** What came of a request. */
export interface HostAnswer {
  readonly id: number
  readonly value?: unknown
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string }
}

type SessionPlaceOf = Parameters<typeof notebookSession>[0]

let context: Context | undefined
let session: NotebookSession | undefined

async function answer({ method, args }: HostRequest): Promise<unknown> {
  switch (method) {
    case 'begin':
      if (context === undefined) begin(args[0] as HostBeginning)
      return undefined
    case 'open':
      if (context !== undefined) session = await notebookSession(args[0] as SessionPlaceOf, context)
      return undefined
    case 'evaluate': {
      const [cell, timeoutMs] = args as Parameters<NotebookSession['evaluate']>
      return session?.evaluate(cell, timeoutMs)
    }
    case 'interrupt':
      session?.interrupt?.()
      return undefined
    case 'close':
      session?.close()
      session = undefined
      return undefined
  }
}

function begin({ config, isOnline, isFree, isLive }: HostBeginning): void {
  const made = makeContext({ config, out: new Output(), signal: new AbortController().signal })
  const connector = async (): Promise<Connect> => {
    const connect = await made.connector()
    return (spec, hz, seed) => {
      if (!isLive && spec !== undefined && isMachineWord(spec) && !isSimSpec(spec)) {
        throw denied(`the live machine ${spec}`, 'live')
      }
      return connect(spec, hz, seed)
    }
  }
  context = { ...made, connector }
  raiseGuard({ isOnline, isFree })
}

function listen(): void {
  const send = process.send?.bind(process)
  if (send === undefined) return
  for (const name of ['send', 'disconnect']) Reflect.deleteProperty(process, name)
  process.on('SIGINT', () => {})
  process.on('disconnect', () => exit())
  process.on('message', (request: HostRequest) => {
    const { id } = request
    answer(request).then(
      (value) => send({ id, value } satisfies HostAnswer),
      (error: unknown) => send({ id, error: asData(error) } satisfies HostAnswer),
    )
  })
}

function asData(error: unknown): NonNullable<HostAnswer['error']> {
  if (!(error instanceof XpvError)) return { code: 'nb.host', message: String(error) }
  const { code, message, hint } = error
  return { code, message, ...(hint === undefined ? {} : { hint }) }
}

listen()
