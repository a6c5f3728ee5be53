import { availableParallelism } from 'node:os'
import { defineConfig, type Plugin } from 'vitest/config'

/** Files of rules are imported as text, as the bundle has them. */
const escAsText: Plugin = {
  name: 'esc-as-text',
  transform: (text, id) =>
    id.endsWith('.esc') ? { code: `export default ${JSON.stringify(text)}`, map: null } : undefined,
}

export default defineConfig({
  plugins: [escAsText],
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // The command is built once; what the tests start takes it as it is.
    globalSetup: ['test/build-first.ts'],
    // On a busy machine a test with several processes takes ten times as long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Vitest would leave one core to itself: of two, that is half of all.
    maxWorkers: availableParallelism(),
    // As bin/xpv.mjs is started: a cell stopped inside a timer must not end the process.
    execArgv: ['--no-force-async-hooks-checks'],
  },
})
