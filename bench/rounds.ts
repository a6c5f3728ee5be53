// Rounds: several commands timed in turn, A B C A B C, so that a busy moment hits all of them alike.
import { spawnSync } from 'node:child_process'

/** A whole process to be timed. `output` must match, or the measurement means nothing. */
export interface Contestant {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly output?: RegExp
}

/** Seconds of wall time and MiB of peak memory over all rounds. */
export interface Timing {
  readonly name: string
  readonly medianS: number
  readonly minS: number
  readonly maxS: number
  /** Undefined for programs that are not Node's. */
  readonly peakMib: number | undefined
}

const PEAK =
  'process.on("exit",()=>process.stderr.write("\\nmaxrss="+process.resourceUsage().maxRSS+"\\n"))'

/** Times each contestant `rounds` times. Throws when one fails or prints something else. */
export function race(contestants: readonly Contestant[], rounds: number): Timing[] {
  const times = contestants.map((): number[] => [])
  const peaks = contestants.map((): number => 0)
  for (let round = 0; round < rounds; round++) {
    contestants.forEach((contestant, i) => {
      const { seconds, peakMib } = once(contestant)
      times[i]?.push(seconds)
      peaks[i] = Math.max(peaks[i] ?? 0, peakMib)
    })
  }
  return contestants.map(({ name }, i) => {
    const sorted = [...(times[i] ?? [])].sort((a, b) => a - b)
    const at = (n: number): number => sorted[n] ?? 0
    const peak = peaks[i] ?? 0
    return {
      name,
      medianS: at(Math.floor(sorted.length / 2)),
      minS: at(0),
      maxS: at(sorted.length - 1),
      peakMib: peak === 0 ? undefined : peak,
    }
  })
}

function once(contestant: Contestant): { seconds: number; peakMib: number } {
  const isNode = contestant.command === process.execPath
  const measured = isNode ? ['--import', `data:text/javascript,${PEAK}`] : []
  const started = process.hrtime.bigint()
  const run = spawnSync(contestant.command, [...measured, ...contestant.args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  if (run.status !== 0) throw new Error(`${contestant.name} failed: ${run.stderr.slice(0, 500)}`)
  if (contestant.output !== undefined && !contestant.output.test(run.stdout)) {
    throw new Error(`${contestant.name} printed ${run.stdout.slice(0, 500)}`)
  }
  const peakKib = Number(/maxrss=(\d+)/.exec(run.stderr)?.[1] ?? 0)
  return { seconds, peakMib: peakKib / 1024 }
}

/** Whether a program is installed. */
export function installed(command: string): boolean {
  return spawnSync(command, ['--help']).error === undefined
}

/** Prints timings as ratios to the first one: above 1 is faster than it. */
export function printRatios(title: string, timings: readonly Timing[]): void {
  const [peer] = timings
  process.stdout.write(`\n${title}\n`)
  for (const t of timings) {
    const ratio = peer === undefined ? 1 : peer.medianS / t.medianS
    const range = `${t.minS.toFixed(2)}..${t.maxS.toFixed(2)}`
    const peak = t.peakMib === undefined ? '' : `  ${t.peakMib.toFixed(0)} MiB`
    process.stdout.write(
      `  ${ratio.toFixed(2).padStart(6)}x  ${t.medianS.toFixed(2)} s (${range})  ${t.name}${peak}\n`,
    )
  }
}
