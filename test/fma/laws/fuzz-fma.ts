// Tries the cases of seeds FIRST to FIRST + COUNT - 1, as many as asked on the command line. Tells
// each that ends badly; ends with status 1 when there was one. `watchdog.ts` ends it when it hangs.
import { watchdog } from '../../d/watchdog.js'
import { mistakeOf } from './fma-fuzz.js'

/** Cases between two lines of progress. */
const LINE = 250

const [first = 1, count = 1000] = process.argv.slice(2).map(Number)
const watched = watchdog()

for (let seed = first; seed < first + count; seed++) {
  watched.at(seed)
  const mistake = await mistakeOf(seed)
  if (mistake !== undefined) {
    console.log(`${mistake}\n`)
    process.exitCode = 1
  }
  if ((seed - first + 1) % LINE === 0) console.log(`${seed - first + 1} cases to seed ${seed}`)
}
await watched.close()
