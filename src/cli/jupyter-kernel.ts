// `xpv jupyter kernel FILE`: what Jupyter starts. A session on a machine, driven by messages.
//
//   connection file  ->  sockets in a thread of their own  ->  Kernel  ->  Session
//
// Holds: the process ends with its parent, and when a client asks for it. What a cell writes to
// the process's own output is output of the cell.
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { clockRateOf } from '../config/clock-rate.js'
import { readConnection } from '../jupyter/connection.js'
import { Kernel } from '../jupyter/kernel.js'
import type { KernelVoice, OpenKernelSession } from '../jupyter/kernel-session.js'
import { SocketThread } from '../jupyter/socket-thread.js'
import { loadZeroMq } from '../jupyter/sockets.js'
import { Wire } from '../jupyter/wire.js'
import type { Machine } from '../machine/machine.js'
import type { Patience } from '../session/types/cell-types.js'
import type { Connect, Context } from './context.js'
import { DONE } from './exit-status.js'
import { packageRoot } from './package-root.js'
import { version } from './version.js'

/** Whoever asks a kernel waits longer than at a prompt, and cells are checked whole. */
const PATIENCE: Patience = { typingMs: 1000, waitsForWarm: true, checkMs: 15_000 }

/** Serves one client's connection file to the end; yields the exit status. Throws `XpvError`
 *  `file.jupyter-connection` and `jupyter.*`. */
export async function serveKernel(path: string, context: Context): Promise<number> {
  const connection = readConnection(path)
  await loadZeroMq()
  const log = (text: string): void => context.out.warn(`xpv jupyter: ${text}\n`)
  const { port1, port2 } = new MessageChannel()
  const wire = new Wire(connection.key)
  let kernel: Kernel | undefined
  const early: Parameters<Kernel['receive']>[0][] = []
  const thread = await SocketThread.start({
    program: join(packageRoot(), 'dist', 'jupyter-sockets.js'),
    connection,
    interrupts: port2,
    parent: process.env['JPY_PARENT_PID'] === undefined ? undefined : process.ppid,
    host: {
      received: (request) => (kernel === undefined ? early.push(request) : kernel.receive(request)),
      trouble: log,
      orphaned: () => kernel?.leave(),
    },
  })
  const open = sessionOpener(context, port1)
  kernel = new Kernel({ wire, transport: thread, open, version: version(), log })
  kernel.begin()
  for (const request of early) kernel.receive(request)
  void import('./session.js')
  await kernel.ended
  kernel.close()
  await thread.close()
  return DONE
}

/** Opens the session that a kernel drives. */
function sessionOpener(context: Context, interrupts: MessagePort): OpenKernelSession {
  return async (voice, wish) => {
    const { openSession } = await import('./session.js')
    const { CurrentMachine } = await import('./current-machine.js')
    const { connect: connected } = await import('./connect.js')
    let seed = context.seed
    const connect: Connect = (spec, hz) => connected(spec, { hz, seed })
    const machineFor = (
      more: typeof wish,
    ): { spec: string | undefined; hz: number | undefined } => {
      if (more?.seed !== undefined) seed = Number(more.seed)
      return { spec: more?.spec ?? context.spec, hz: context.hz ?? clockRateOf(more?.hz ?? '') }
    }
    const { spec, hz } = machineFor(wish)
    const current = new CurrentMachine(spec, connect, hz)
    const types = await typesFor(context, () => current.machine, voice)
    const { session, close } = openSession(current, {
      ...voice,
      columns: context.columns,
      evaluator: context.config.evaluator,
      isRich: true,
      keepOutput: 2 ** 16,
      types,
    })
    session.guard({ interrupts, freed: () => voice.freed() })
    const restore = captureOutput(voice)
    return {
      session,
      openMachine: (next) => {
        const { spec = '', hz } = machineFor(next)
        current.open(spec, hz)
      },
      close: () => {
        restore()
        close()
      },
    }
  }
}

async function typesFor(context: Context, machine: () => Machine, voice: KernelVoice) {
  if (!context.types) return undefined
  const { cellTypes } = await import('./cell-types.js')
  const warn = (text: string): void => voice.warn(text)
  return cellTypes({ directory: process.cwd(), patience: PATIENCE, machine, warn })
}

/** What cells write to standard output goes where their other output goes. */
function captureOutput(voice: KernelVoice): () => void {
  const { write } = process.stdout
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    voice.write(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'))
    const done = rest.at(-1)
    if (typeof done === 'function') queueMicrotask(() => done())
    return true
  }) as typeof write
  return () => {
    process.stdout.write = write
  }
}
