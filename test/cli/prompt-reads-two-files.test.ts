// What stands between Enter and the prompt: main.js, one chunk, and nothing that is heavy.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const text = (name: string): string => readFileSync(`dist/${name}`, 'utf8')
const importsOf = (name: string): readonly string[] =>
  [...text(name).matchAll(/^(?:import|export) [^;]*?from "([^"]+)"/gm)].map(([, from = '']) => from)

it('a prompt reads main.js and one chunk: see scripts/first-chunk.ts', () => {
  const chunks = importsOf('main.js').filter((from) => from.startsWith('.'))
  expect(chunks).toHaveLength(1)
  const more = importsOf((chunks[0] ?? '').replace('./', ''))
  expect(more.filter((from) => !from.startsWith('node:'))).toEqual([])
  // Imported as a module all that process has is read: 4 ms.
  expect([...importsOf('main.js'), ...more]).not.toContain('node:process')
  expect(text((chunks[0] ?? '').replace('./', '')).length).toBeLessThan(100_000)
})
