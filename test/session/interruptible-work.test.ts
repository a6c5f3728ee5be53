// Work that is no cell is interrupted as a command is, and the session goes on.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Session } from '../../src/session/session.js'

let session: Session
beforeEach(() => {
  session = new Session({ globals: {}, commands: [], write: () => {} })
})
afterEach(() => session.close())

it('yields what the work yields, throws what it throws, and is no cell', async () => {
  expect(await session.interruptible(async () => 5)).toBe(5)
  const failing = session.interruptible(() => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  expect(session.journal.entries).toEqual([])
})

it('interrupted, it is told so and yields nothing', async () => {
  let isTold = false
  const done = session.interruptible(
    (signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          isTold = true
          resolve(5)
        })
        setImmediate(() => session.interrupt())
      }),
  )
  expect(await done).toBe(undefined)
  expect(isTold).toBe(true)
  expect(await session.evaluate('1 + 1')).toMatchObject({ value: 2 })
})
