// The last value in other forms: the same numbers, in a file too.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DISPLAY } from '../../src/base/display.js'
import { page } from '../../src/base/page.js'
import { table } from '../../src/base/table.js'
import { type ValueForm, valueAs } from '../../src/session/value-forms.js'
import { valueWord } from '../../src/shell/value-words.js'

const counts = table(['probe', { name: 'count', unit: '1/s' }], [['a|b', 2n ** 60n]])
const rows = [
  { time: 1, count: 2 },
  { time: 2, count: 5 },
]
const shown = { [DISPLAY]: () => page(['a host', counts], { host: 1n }) }
const query = { table: () => counts }

it.each<[form: ValueForm, value: unknown, text: string | RegExp]>([
  ['json', counts, /"count": "1152921504606846976"/],
  ['json', shown, '{\n  "host": 1\n}\n'],
  ['json', query, /"probe": "a\|b"/],
  ['json', 5n, '5\n'],
  ['json', [1, new Set([2n])], /2/],
  ['csv', counts, 'probe,count (1/s)\na|b,1152921504606846976\n'],
  ['csv', rows, 'time,count\n1,2\n2,5\n'],
  ['csv', shown, /^probe,count/],
  ['md', counts, '| probe | count (1/s) |\n| --- | --- |\n| a\\|b | 1152921504606846976 |\n'],
  ['md', shown, /^a host\n\n\| probe/],
  ['md', 'plain', "```\n'plain'\n```\n"],
  ['svg', rows, /^<svg[\s\S]*<path/],
  ['svg', query, /^<svg[\s\S]*<rect/],
])('%s %#', (form, value, text) => {
  const made = valueAs(value, form)
  if (typeof text === 'string') expect(made).toBe(text)
  else expect(made).toMatch(text)
})

it.each<[ValueForm, unknown]>([
  ['csv', 5],
  ['csv', 'text'],
  ['svg', {}],
])('%s of what is no table is refused', (form, value) =>
  expect(() => valueAs(value, form)).toThrow(/no table/),
)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-forms-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  Reflect.deleteProperty(globalThis, '_')
})

it('a file that is there is written over only when told so', async () => {
  const path = join(folder, 'counts.csv')
  await expect(valueWord('csv', path)).rejects.toThrow(/no cell/)
  Reflect.set(globalThis, '_', counts)
  expect(await valueWord('csv', '')).toMatch(/^probe/)
  await valueWord('csv', path)
  expect(readFileSync(path, 'utf8')).toMatch(/^probe/)
  await expect(valueWord('csv', path)).rejects.toThrow(/is there already/)
  expect(await valueWord('json', `-f ${path}`)).toMatch(/characters in/)
  expect(readFileSync(path, 'utf8')).toMatch(/^\[/)
  await expect(valueWord('csv', join(folder, 'no', 'such'))).rejects.toThrow(/ENOENT/)
})
