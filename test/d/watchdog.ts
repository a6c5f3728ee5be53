// Ends the process when one source takes so long that nothing else could end it, and says which.
import { Worker } from 'node:worker_threads'

const HUNG_MS = 20_000

/** Runs as a thread of its own: the one it watches cannot be asked. */
const WATCH = `
const { workerData } = require('node:worker_threads')
const at = new Int32Array(workerData)
let last = -1
setInterval(() => {
  if (at[0] === last && at[0] !== 0) {
    require('node:fs').writeSync(2, 'XPV_SEED=' + at[0] + ' XPV_FUZZ=1: hangs\\n')
    process.kill(process.pid, 'SIGKILL')
  }
  last = at[0]
}, ${HUNG_MS})
`

/** Watches a run: tell it each seed before it is tried, and close it at the end. */
export function watchdog(): { at(seed: number): void; close(): Promise<void> } {
  const seeds = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(WATCH, { eval: true, workerData: seeds.buffer })
  return {
    at: (seed) => void Atomics.store(seeds, 0, seed),
    close: async () => void (await worker.terminate()),
  }
}
