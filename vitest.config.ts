import { availableParallelism } from 'node:os'
import { defineConfig, type Plugin } from 'vitest/config'

/** Files of rules are imported as text, as the bundle has them. */
const escAsText: Plugin = {
  name: 'esc-as-text',
  transform: (text, id) =>
    id.endsWith('.esc') ? { code: `export default ${JSON.stringify(text)}`, map: null } : undefined,
}

/** Rooms of the pure core: nothing of a test is left for the next, so files share what is loaded. */
const PURE = [
  ...['aggregate', 'backend', 'base', 'chart', 'd', 'explain', 'fma', 'machine', 'print', 'probe'],
  ...['program', 'query', 'run', 'sim', 'trace'],
].map((room) => `test/${room}/**/*.test.ts`)

export default defineConfig({
  plugins: [escAsText],
  test: {
    projects: [
      { extends: true, test: { name: 'core', include: PURE, isolate: false } },
      { extends: true, test: { name: 'rest', include: ['test/**/*.test.ts'], exclude: PURE } },
    ],
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
