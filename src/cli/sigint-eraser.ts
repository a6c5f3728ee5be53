// What SIGINT leaves behind: nothing. A thread hears it even while the main thread computes, takes
// the line of progress away, and lets the signal do what it does.
//
// Holds: a program that hears SIGINT by itself from its start on is not disturbed.
// Source: src/session/sigint-worker.ts, for why a script that waits hears signals.
import { Worker } from 'node:worker_threads'

const SOURCE = `
'use strict'
const { writeSync } = require('node:fs')
const { Script } = require('node:vm')
const { workerData } = require('node:worker_threads')
globalThis.word = new Int32Array(new SharedArrayBuffer(4))
try {
  new Script('Atomics.wait(word, 0, 0)').runInThisContext({ breakOnSigint: true })
} catch {
  writeSync(2, workerData.erase)
  process.kill(process.pid, 'SIGINT')
}
`

/** Has `erase` written to standard error before SIGINT ends this process. */
export function eraseAtSigint(erase: string): void {
  if (process.listenerCount('SIGINT') > 0) return
  const worker = new Worker(SOURCE, { eval: true, workerData: { erase }, execArgv: [] })
  worker.unref()
}
