// Laws over whole stories of hosts that err, by seed: told again, or from a copy in the middle, a
// story ends the same; its error log replayed gives the same diagnoses; agents act upon nothing
// that is well; no case is there twice. XPV_FUZZ sets how many stories, XPV_SEED the first seed.
import { expect, it } from 'vitest'
import { managementOf } from '../host/managed.js'
import { begin, happen, logsOf, storyOf } from './era-stories.js'
import { diagnosesOf, doubledCases, replayedDiagnoses, wrongActs } from './laws.js'

const COUNT = Number(process.env['XPV_FUZZ'] ?? 8)
const FIRST = Number(process.env['XPV_SEED'] ?? 1)

it(`${COUNT} stories from seed ${FIRST} keep the laws`, () => {
  let diagnoses = 0
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const story = storyOf(seed)
    const told = `XPV_SEED=${seed} XPV_FUZZ=1: ${story.era}\n${story.lines.join('\n')}`
    const [whole, again] = [begin(story), begin(story)]
    const middle = 1 + (seed % 10)
    happen(whole.machine)
    happen(again.machine, 0, middle)
    const fork = again.machine.fork()
    happen(fork, middle)
    happen(again.machine, middle)
    const { management } = whole
    const logs = logsOf(management)
    expect(logsOf(again.management), `told again, ${told}`).toEqual(logs)
    expect(logsOf(managementOf(fork)), `a fork, ${told}`).toEqual(logs)
    expect(replayedDiagnoses(management), `replayed, ${told}`).toEqual(diagnosesOf(management))
    expect(wrongActs(management, story), `acted upon, ${told}`).toEqual([])
    expect(doubledCases(management), `doubled, ${told}`).toEqual([])
    diagnoses += diagnosesOf(management).length
  }
  expect(diagnoses).toBeGreaterThan(COUNT / 4)
}, 3_600_000)
