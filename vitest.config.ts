import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // The command is built once; what the tests start takes it as it is.
    globalSetup: ['test/build-first.ts'],
    // On a busy machine a test with several processes takes ten times as long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // As bin/xpv.mjs is started: a cell stopped inside a timer must not end the process.
    execArgv: ['--no-force-async-hooks-checks'],
  },
})
