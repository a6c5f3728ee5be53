// Works for a second by a clock that is turned by hand, and prints in the middle.
import { writeSync } from 'node:fs'
import { Progress } from '../../src/cli/progress.js'
import { ProgressLine } from '../../src/cli/progress-line.js'

if (process.argv.includes('--hang')) process.on('SIGINT', () => process.exit(130))
let nowMs = 0
const progress = new Progress(new ProgressLine(), () => nowMs)
const task = progress.begin({ title: 'replay big.xt', unit: 'bytes', total: 1e9 })
const workUntil = (ms: number): void => {
  nowMs = ms
  task.at(ms * 1e6)
}

process.stdout.write('open line|')
workUntil(200)
workUntil(400)
process.stdout.write('printed\n')
workUntil(600)
if (process.argv.includes('--stuck')) {
  writeSync(2, 'stuck')
  for (;;);
}
if (process.argv.includes('--hang')) {
  writeSync(2, 'hanging')
  setInterval(() => {}, 1000)
}
