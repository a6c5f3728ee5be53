// The watchdog's own thread, as JavaScript text: it must run from a bundle and from a test alike.
//
//   begin(cell)  -> after a moment, reads the terminal, for the main thread may be stuck
//   Ctrl-C       -> asks the main thread; if no answer comes, stops the JavaScript that runs there;
//                   pressed again it asks again: what is about to end is not torn
//   end          -> gives back what was typed ahead
//   hold         -> until release whoever drives the session is at work: that is not stopped, and
//                   who interrupts within HELD_MS means the cell that comes
//   attend       -> between cells: asks the main thread every PULSE_MS for a sign of life. What
//                   cells left behind may get stuck: then it reads the terminal for Ctrl-C
//
// Holds: the main thread reads the terminal only while this thread does not. No stop is under way
// when `ended` is said, and `ended` is said until it was heard. Shared words: see `Watchdog`.

/** The worker's source. `workerData` is `{ shared, signals }`; messages are those of `Watchdog`. */
export const WATCHDOG_SOURCE = `
'use strict'
const { parentPort, workerData } = require('node:worker_threads')
const { openSync } = require('node:fs')
const { Session } = require('node:inspector')
const { ReadStream } = require('node:tty')

const CTRL_C = 3, CTRL_BACKSLASH = 28
const REQUESTED = 0, SEEN = 1, ENDED = 2, HEARD = 3, PULSE = 4
const COMPUTED_US = 60000, PULSE_MS = 100, STUCK_MS = 1000, TIDY_MS = 1000, LONG_GRACE_MS = 1000
const HELD_MS = 5000, ANSWERED_MS = 800
const words = new Int32Array(workerData.shared)

let cell = 0, timers = [], stream, typed = [], presses = 0, stops = 0, afterStop, graceMs = 0
let heldAt = 0, isMeant = false
let attending, pulses = 0, asked = { at: 0, cpu: process.cpuUsage() }, tidyUntil = 0

function begin(message) {
  cell = message.cell
  graceMs = message.graceMs
  presses = 0
  rest()
  if (message.terminal !== undefined) later(message.patience, () => readTerminal(message.terminal))
  if (message.timeoutMs !== undefined) later(message.timeoutMs, request)
  if (isMeant) request()
  isMeant = false
}

function hold(message) {
  heldAt = Date.now()
  rest()
  if (message.terminal !== undefined) attend(message.terminal)
}

function release(message) {
  heldAt = 0
  isMeant = false
  rest()
  if (message.attend) attend(message.terminal)
}

function later(ms, run) {
  timers.push(setTimeout(run, ms))
}

function readTerminal(path) {
  if (stream !== undefined) return
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

function leaveTerminal() {
  if (stream !== undefined) stream.destroy()
  stream = undefined
  const text = Buffer.from(typed).toString('utf8')
  typed = []
  return text
}

function request() {
  typed = []
  if (cell === 0) return heldAt !== 0 && Date.now() - heldAt < HELD_MS ? mean() : free()
  presses += 1
  Atomics.store(words, REQUESTED, cell)
  parentPort.postMessage({ kind: 'interrupt', cell })
  const asked = cell
  if (presses > 1) probe(asked)
  else {
    stopUnlessAnswered(asked)
    heed(asked, LONG_GRACE_MS)
  }
}

// Whoever drives the session is at work: the cell that comes is meant.
function mean() {
  isMeant = true
}

// What was stopped may have set its own next turn, which comes before any message of ours.
function free() {
  tidyUntil = Date.now() + TIDY_MS
  stop(0)
}

// Whoever is asked to end has some time for it: what looks by itself, in the middle of its work,
// has more than code that was cut off.
function heed(asked, ms) {
  later(ms, () => { if (!isOver(asked)) probe(asked) })
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
    looks += 1
    if (computedUs(since) >= COMPUTED_US || looks > 50) stop(asked)
    else later(20, look)
  }
  later(100, look)
}

function computedUs(since) {
  const { user, system } = process.cpuUsage(since)
  return user + system
}

// A main thread that answered may be stuck by now: one that still turns its loop, or asks whether
// it shall end, sets SEEN again.
function probe(asked) {
  Atomics.store(words, SEEN, 0)
  parentPort.postMessage({ kind: 'alive', cell: asked })
  stopUnlessAnswered(asked)
}

function stop(asked, isTidy = false) {
  if (asked !== 0 && Atomics.load(words, ENDED) === asked) return
  if (stops > 0) return
  stops += 1
  const main = new Session() // for as long as it takes: a process with a connection does not exit
  main.connectToMainThread()
  main.post('Runtime.terminateExecution', () => {
    main.disconnect()
    stops -= 1
    parentPort.postMessage({ kind: 'stopped', cell: asked, isTidy })
    if (afterStop !== undefined) afterStop()
  })
}

function leave() {
  try { stream.setRawMode(false) } catch {}
  process.kill(process.pid, 'SIGKILL')
}

function end(message) {
  afterStop = undefined
  if (stops > 0) {
    afterStop = () => end(message)
    parentPort.postMessage({ kind: 'alive', cell: 0 }) // a stop that comes too late takes this
    return
  }
  cell = 0
  for (const timer of timers) clearTimeout(timer)
  timers = []
  if (message.wasCutOff) tidyUntil = Date.now() + TIDY_MS
  if (message.attend && heldAt === 0) attend(message.terminal)
  sayEnded(message.cell, leaveTerminal())
}

function sayEnded(ended, text) {
  if (Atomics.load(words, HEARD) === ended) return
  parentPort.postMessage({ kind: 'ended', cell: ended, typed: text })
  setTimeout(() => sayEnded(ended, text), 200).unref()
}

function rest() {
  clearTimeout(attending)
  attending = undefined
  sayTyped()
}

function sayTyped() {
  const text = leaveTerminal()
  if (text !== '') parentPort.postMessage({ kind: 'typed', typed: text })
}

function attend(path) {
  ask()
  const look = () => {
    attending = setTimeout(look, PULSE_MS)
    if (Atomics.load(words, PULSE) === pulses) {
      sayTyped()
      if (Date.now() > tidyUntil - ANSWERED_MS) tidyUntil = 0
      ask()
    } else if (isStuck()) {
      if (Date.now() < tidyUntil && heldAt === 0) stop(0, true)
      else if (path !== undefined) readTerminal(path)
    }
  }
  attending = setTimeout(look, PULSE_MS)
}

function ask() {
  pulses += 1
  asked = { at: Date.now(), cpu: process.cpuUsage() }
  parentPort.postMessage({ kind: 'pulse', pulse: pulses })
}

function isStuck() {
  if (Atomics.load(words, PULSE) === pulses) return false
  return computedUs(asked.cpu) >= COMPUTED_US || Date.now() - asked.at >= STUCK_MS
}

workerData.signals.on('message', () => {
  if (cell !== 0) return request()
  if (heldAt !== 0 && Date.now() - heldAt < HELD_MS) mean()
  else if (heldAt === 0 && !isStuck()) parentPort.postMessage({ kind: 'idle-signal' })
  else free()
})
parentPort.on('message', (message) => {
  if (message.kind === 'begin') begin(message)
  else if (message.kind === 'asked') heed(message.cell, graceMs)
  else if (message.kind === 'hold') hold(message)
  else if (message.kind === 'release') release(message)
  else end(message)
})
`
