// Start: how long the shortest whole processes take, against a bare node.
//
// This is what every command pays before its work begins; see prompt.ts for the prompt itself.
import { type Contestant, printRatios, race } from './rounds.js'

const ROUNDS = 9

/** Runs node, a D program that leaves at once, and one expression. */
export async function benchStart(): Promise<void> {
  printRatios('start, whole process', race(CONTESTANTS, ROUNDS))
}

const CONTESTANTS: readonly Contestant[] = [
  { name: 'node -e 0', command: process.execPath, args: ['-e', '0'] },
  xpv('xpv dtrace, BEGIN alone', ['dtrace', '-qn', 'BEGIN { exit(0); }']),
  xpv('xpv -e 1', ['-e', '1']),
]

function xpv(name: string, args: readonly string[]): Contestant {
  return { name, command: process.execPath, args: ['bin/xpv.mjs', ...args] }
}
