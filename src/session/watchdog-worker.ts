// The watchdog's own thread, as JavaScript text: it must run from a bundle and from a test alike.
//
//   begin(cell)  -> after a moment, reads the terminal, for the main thread may be stuck
//   Ctrl-C       -> asks the main thread; if no answer comes, stops the JavaScript that runs there;
//                   pressed again it asks again: what is about to end is not torn
//   end          -> gives back what was typed ahead
//
// Holds: the main thread reads the terminal only while this thread does not. Shared words: see
// `Watchdog`.

/** The worker's source. `workerData` is `{ shared, signals }`; messages are those of `Watchdog`. */
export const WATCHDOG_SOURCE = `
'use strict'
const { parentPort, workerData } = require('node:worker_threads')
const { openSync } = require('node:fs')
const { Session } = require('node:inspector')
const { ReadStream } = require('node:tty')

const CTRL_C = 3, CTRL_BACKSLASH = 28
const REQUESTED = 0, SEEN = 1, ENDED = 2
const COMPUTED_US = 60000
const words = new Int32Array(workerData.shared)

let cell = 0, timers = [], stream, typed = [], presses = 0

function begin(message) {
  cell = message.cell
  presses = 0
  typed = []
  if (message.terminal !== undefined) later(message.patience, () => readTerminal(message.terminal))
  if (message.timeoutMs !== undefined) later(message.timeoutMs, request)
}

function later(ms, run) {
  timers.push(setTimeout(run, ms))
}

function readTerminal(path) {
  try {
    stream = new ReadStream(openSync(path, 'r'))
  } catch {
    return
  }
  stream.on('error', () => {})
  stream.on('data', (bytes) => {
    for (const byte of bytes) {
      if (byte === CTRL_C) request()
      else if (byte === CTRL_BACKSLASH) leave()
      else typed.push(byte)
    }
  })
}

function request() {
  presses += 1
  typed = []
  Atomics.store(words, REQUESTED, cell)
  parentPort.postMessage({ kind: 'interrupt', cell })
  const asked = cell
  if (presses > 1) probe(asked)
  else {
    stopUnlessAnswered(asked)
    later(1000, () => { if (!isOver(asked)) probe(asked) })
  }
}

function isOver(asked) {
  return cell !== asked || Atomics.load(words, ENDED) === asked
}

// A loop computes all the time. On a busy machine who would answer may not have had its turn yet.
function stopUnlessAnswered(asked) {
  const since = process.cpuUsage()
  let looks = 0
  const look = () => {
    if (isOver(asked) || Atomics.load(words, SEEN) === asked) return
    const { user, system } = process.cpuUsage(since)
    looks += 1
    if (user + system >= COMPUTED_US || looks > 50) stop(asked)
    else later(20, look)
  }
  later(100, look)
}

// A main thread that answered may be stuck by now: one that still turns its loop, or asks whether
// it shall end, sets SEEN again.
function probe(asked) {
  Atomics.store(words, SEEN, 0)
  parentPort.postMessage({ kind: 'alive', cell: asked })
  stopUnlessAnswered(asked)
}

function stop(asked) {
  if (Atomics.load(words, ENDED) === asked) return
  const main = new Session() // for as long as it takes: a process with a connection does not exit
  main.connectToMainThread()
  main.post('Runtime.terminateExecution', () => {
    main.disconnect()
    parentPort.postMessage({ kind: 'stopped', cell: asked })
  })
}

function leave() {
  try { stream.setRawMode(false) } catch {}
  process.kill(process.pid, 'SIGKILL')
}

function end() {
  cell = 0
  for (const timer of timers) clearTimeout(timer)
  timers = []
  if (stream !== undefined) stream.destroy()
  stream = undefined
  parentPort.postMessage({ kind: 'ended', typed: Buffer.from(typed).toString('utf8') })
}

workerData.signals.on('message', () => {
  if (cell === 0) parentPort.postMessage({ kind: 'idle-signal' })
  else request()
})
parentPort.on('message', (message) => {
  if (message.kind === 'begin') begin(message)
  else end()
})
`
