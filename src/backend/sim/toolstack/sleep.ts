// sleep(1) of dom0: waits while others work.
import type { Script } from '../step.js'
import type { ToolOutput } from './tool-output.js'

const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }
/** Nanoseconds of starting and leaving. */
const OWN_NS = 300_000

/** Its steps: `sleep 5`, `sleep 0.5`, `sleep 2m 30s`. */
export function* sleepScript(argv: readonly string[], output: ToolOutput): Script {
  yield { kind: 'compute', ns: OWN_NS }
  const words = argv.slice(1)
  if (words.length === 0) {
    output.error('sleep: missing operand\n')
    return 1
  }
  let ns = 0
  for (const word of words) {
    const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?|\.\d+)([smhd]?)$/.exec(word) ?? []
    if (digits === '') {
      output.error(`sleep: invalid time interval '${word}'\n`)
      return 1
    }
    ns += Math.round(Number(digits) * (SECONDS[unit] ?? 1) * 1e9)
  }
  yield { kind: 'sleep', ns }
  return 0
}
