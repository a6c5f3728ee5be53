// The thread of the sockets: a program of its own in the bundle, for the heart has to beat and
// Jupyter's interrupt to be heard while the thread of the session only computes.
//
//   interrupt on control  ->  the watchdog, again and again until nothing runs any more
//   shutdown              ->  the same, and the end of the process where nobody answers
//   the parent is gone    ->  the end of the process
//
// Holds: what comes goes to the session in the order in which it came on its socket.
import { parentPort, workerData } from 'node:worker_threads'
import { XpvError } from '../base/error.js'
import { nowMs } from './message.js'
import { Sockets } from './sockets.js'
import type { FromSockets, ThreadTask, ToSockets } from './thread-word.js'
import { Wire } from './wire.js'

/** Milliseconds until an interrupt is said again. */
const AGAIN_MS = 300
/** Milliseconds that a session has to end by itself. */
const LEAVE_MS = 2500
/** Milliseconds between two looks at who our parent is. */
const LOOK_MS = 1000

const { connection, interrupts, parent } = workerData as ThreadTask
const wire = new Wire(connection.key)
let asking: NodeJS.Timeout | undefined
let isBusy = false
let interruptedMs = Number.NEGATIVE_INFINITY

const tell = (word: FromSockets): void => parentPort?.postMessage(word)

function begin(sinceMs: number): void {
  isBusy = true
  if (interruptedMs >= sinceMs) interrupt()
}

/** Without a running cell there is nothing to interrupt. */
function interrupt(): void {
  interruptedMs = nowMs()
  clearInterval(asking)
  if (!isBusy) return
  interrupts.postMessage('interrupt')
  asking = setInterval(() => interrupts.postMessage('interrupt'), AGAIN_MS)
}

function rest(): void {
  isBusy = false
  clearInterval(asking)
}

/** The process ends, by itself or not. */
function leave(): void {
  interrupt()
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LEAVE_MS)
}

function watchParent(): void {
  if (parent === undefined) return
  const look = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(look)
    tell({ kind: 'orphaned' })
    leave()
  }, LOOK_MS)
}

async function open(): Promise<Sockets> {
  return Sockets.open(connection, {
    failed: (reason) => tell({ kind: 'trouble', reason }),
    received: (channel, frames) => {
      const decoded = wire.decode(channel, frames)
      if (decoded.kind === 'refused')
        return tell({ kind: 'trouble', reason: `a message on ${channel}: ${decoded.reason}` })
      const { request } = decoded
      tell({ kind: 'request', request })
      if (request.header.msg_type === 'interrupt_request') interrupt()
      if (request.header.msg_type === 'shutdown_request') leave()
    },
  })
}

try {
  const sockets = await open()
  parentPort?.on('message', (word: ToSockets) => {
    if (word.kind === 'send') sockets.send(word.channel, word.frames)
    else if (word.kind === 'busy') begin(word.sinceMs)
    else if (word.kind === 'idle') rest()
    else void sockets.close().then(() => tell({ kind: 'closed' }))
  })
  watchParent()
  tell({ kind: 'open' })
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  const { code = 'jupyter.sockets', hint } = error instanceof XpvError ? error : {}
  tell({ kind: 'broken', code, message, ...(hint === undefined ? {} : { hint }) })
}
