// A quiet cell, such as a view of the prompt is made of: it yields what another would, and nothing
// of it stays.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Command } from '../../src/session/command.js'
import { Session } from '../../src/session/session.js'
import { engine } from './engine.js'

const TELL: Command = {
  name: 'tell',
  summary: 'writes, and warns',
  usage: '',
  examples: [],
  run: async (_, io) => {
    io.write('told\n')
    io.warn('warned\n')
    return 0
  },
}

let session: Session
let written: string

beforeEach(() => {
  written = ''
  const write = (text: string) => {
    written += text
  }
  session = new Session({ ...engine, globals: {}, commands: [TELL], write, warn: write })
})
afterEach(() => session.close())

it('yields value and output, prints and keeps nothing, and _ stays', async () => {
  await session.evaluate('const n = 20; n + 1')
  const looked = await session.evaluate('console.log("seen"); n + 2', { quiet: true })
  expect(looked).toMatchObject({ kind: 'ok', value: 22, output: 'seen\n' })
  expect(await session.evaluate('tell', { quiet: true })).toMatchObject({
    kind: 'ok',
    output: 'told\nwarned\n',
  })
  expect(written).toBe('')
  expect(session.journal.entries).toHaveLength(1)
  expect(await session.evaluate('_ * 2')).toMatchObject({ value: 42 })
})

it('leaves the numbers of cells as they were, also when it fails', async () => {
  expect(await session.evaluate('nope', { quiet: true })).toMatchObject({ kind: 'error' })
  const late = await session.evaluate('for (;;) {}', { quiet: true, timeoutMs: 50 })
  expect(late.kind).toBe('interrupted')
  expect(await session.evaluate('nope')).toMatchObject({
    error: { text: 'ReferenceError: nope is not defined\n    at cell 1, line 1:1\n  try: help' },
  })
})
