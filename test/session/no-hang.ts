// For tests of loops that never end: a process whose main thread has been stuck for a minute is
// killed, so that a loop that nobody stops fails its file instead of keeping everybody waiting.
import { Worker } from 'node:worker_threads'

const SOURCE = `
'use strict'
const { parentPort, workerData } = require('node:worker_threads')
let late
const wait = () => {
  clearTimeout(late)
  late = setTimeout(() => process.kill(process.pid, 'SIGKILL'), workerData)
}
parentPort.on('message', wait)
wait()
`
const STUCK_MS = 60_000

/** Watches this process from a thread of its own; the function returned ends it. */
export function killWhenStuck(): () => Promise<void> {
  const watcher = new Worker(SOURCE, { eval: true, workerData: STUCK_MS, execArgv: [] })
  watcher.unref()
  const turning = setInterval(() => watcher.postMessage('turns'), STUCK_MS / 20)
  turning.unref()
  return async () => {
    clearInterval(turning)
    await watcher.terminate()
  }
}
