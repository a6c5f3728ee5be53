import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 30_000,
    pool: 'forks',
    // As bin/xpv.mjs is started: a cell stopped inside a timer must not end the process.
    execArgv: ['--no-force-async-hooks-checks'],
  },
})
