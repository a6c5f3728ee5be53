#!/usr/bin/env -S node --no-force-async-hooks-checks
// The command `xpv`. In a checkout it installs and builds by itself first; then it hands over to dist/.
import { built } from '../scripts/prepare.mjs'

built()
const { main } = await import('../dist/main.js')
// An interrupted cell may have left timers behind: nobody waits for them.
process.exit(await main(process.argv.slice(2)))
