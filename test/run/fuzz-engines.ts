// Compares the engines on the programs of seeds FIRST to FIRST + COUNT - 1, as many as asked on the
// command line. Says where it is on standard output; ends with status 1 at the first disagreement.
import { outcomeOf } from './compare-engines.js'

/** Programs between two lines of progress. */
const LINE = 1000

const [first = 1, count = 1000] = process.argv.slice(2).map(Number)

for (let seed = first; seed < first + count; seed++) {
  if (differs(seed)) {
    console.log(`engines differ: XPV_SEED=${seed} XPV_FUZZ=1 npx vitest run test/run/engines-agree`)
    process.exitCode = 1
    break
  }
  if ((seed - first + 1) % LINE === 0) console.log(`${seed - first + 1} programs to seed ${seed}`)
}

function differs(seed: number): boolean {
  try {
    return outcomeOf(seed, 'generated') !== outcomeOf(seed, 'interpreter')
  } catch (e) {
    console.log(e instanceof Error ? e.message : e)
    return true
  }
}
