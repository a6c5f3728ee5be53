// One case of the fuzz of fault management: rules and a host, telemetry, events as text, or a
// folder of logs, by its seed.
import { Dice } from '../../d/source-maker.js'
import { folderMistake, telemetryMistake, textMistake } from './files-fuzz.js'
import { rulesMistake } from './rules-fuzz.js'

/** Of processor time: other work on the machine does not count. */
const LONGEST_MS = 8000

const KINDS: readonly ((dice: Dice) => string | undefined | Promise<string | undefined>)[] = [
  rulesMistake,
  telemetryMistake,
  rulesMistake,
  folderMistake,
  rulesMistake,
  textMistake,
]

/** Says what is wrong with how the case of a seed went. */
export async function mistakeOf(seed: number): Promise<string | undefined> {
  const kind = KINDS[seed % KINDS.length] ?? rulesMistake
  const started = process.cpuUsage()
  let wrong: string | undefined
  try {
    wrong = await kind(new Dice(seed))
  } catch (error) {
    wrong = error instanceof Error ? error.stack : String(error)
  }
  const { user, system } = process.cpuUsage(started)
  const tookMs = (user + system) / 1000
  if (wrong === undefined && tookMs > LONGEST_MS) wrong = `took ${Math.round(tookMs)} ms`
  return wrong && `XPV_SEED=${seed} XPV_FUZZ=1: ${wrong.slice(0, 4000)}`
}
