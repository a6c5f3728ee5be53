// The thread that hears SIGINT while the main thread computes, as JavaScript text: it must run from
// a bundle and from a test alike.
//
//   kill -INT  ->  'sigint' through the port, even in the middle of for (;;) {}
//
// Node runs a process's signal handlers on the main thread alone, between two turns of its loop.
// But `breakOnSigint` breaks a script on whichever thread it runs: this one waits in such a script.
// It says 'ready' right before.
// Holds: while it waits the process has no other way to hear SIGINT; when it ends, SIGINT kills.
// Source: node:vm documentation; Node's src/node_watchdog.cc (SigintWatchdogHelper).

/** The worker's source. `workerData` is `{ port }`, a MessagePort. */
export const SIGINT_SOURCE = `
'use strict'
const { Script } = require('node:vm')
const { parentPort, workerData } = require('node:worker_threads')

globalThis.word = new Int32Array(new SharedArrayBuffer(4))
const wait = new Script('Atomics.wait(word, 0, 0)')
parentPort.postMessage('ready')
for (;;) {
  try {
    wait.runInThisContext({ breakOnSigint: true })
  } catch {
    workerData.port.postMessage('sigint')
  }
}
`
