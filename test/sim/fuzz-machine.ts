// Tells the stories of seeds FIRST to FIRST + COUNT - 1, as many as asked on the command line. Says
// where it is on standard output; ends with status 1 when a law was broken, with the fewest acts
// that break it.
import { storyOf } from './laws/acts.js'
import { described, shortest, tell, tellThrice } from './laws/telling.js'

/** Stories between two lines of progress. */
const LINE = 250

const [first = 1, count = 1000] = process.argv.slice(2).map(Number)

for (let seed = first; seed < first + count; seed++) {
  const broken = tellThrice(storyOf(seed))
  if (broken !== undefined) {
    const story = shortest(storyOf(seed))
    const told = tell(story)
    console.log(told.kind === 'broken' ? described(story, told) : broken)
    console.log(`XPV_SEED=${seed} XPV_FUZZ=1 npx vitest run test/sim/any-story`)
    process.exitCode = 1
  }
  if ((seed - first + 1) % LINE === 0) console.log(`${seed - first + 1} stories to seed ${seed}`)
}
