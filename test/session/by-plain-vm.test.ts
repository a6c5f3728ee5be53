// The plain vm evaluates every cell as V8's prompt mode does: the same tests again.
import { afterAll, describe, expect, it } from 'vitest'

process.env['XPV_TEST_ENGINE'] = 'vm'
describe('a session', async () => {
  await import('./session.test.js')
})
describe('cells of any kind', async () => {
  await import('./cells-of-any-kind.test.js')
})

it('runs no cell by the inspector', async () => {
  expect((await import('./engine.js')).engine).toHaveProperty('engine')
})
afterAll(() => {
  delete process.env['XPV_TEST_ENGINE']
})
