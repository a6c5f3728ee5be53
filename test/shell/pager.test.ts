// The pager: a long text a window at a time, and the terminal given back as it was.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { needsPager, showPaged } from '../../src/shell/pager.js'

const text = `${Array.from({ length: 50 }, (_, i) => `line ${i + 1}`).join('\n')}\n`

/** A terminal of ten rows, on which these keys are typed. */
function terminal(keys: readonly string[], env: Record<string, string> = {}) {
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode(raw: boolean) {
      this.isRaw = raw
    },
  })
  const heard: string[] = []
  input.on('data', (bytes) => heard.push(String(bytes)))
  const output = Object.assign(new PassThrough(), { isTTY: true, rows: 10, columns: 80 })
  let written = ''
  let at = 0
  output.on('data', (bytes) => {
    written += bytes
    if (/more lines/.test(String(bytes)) && at < keys.length) input.write(keys[at++] ?? '')
  })
  return { place: { input, output, env }, heard, written: () => written }
}

const linesIn = (written: string): number[] =>
  [...written.matchAll(/line (\d+)\r\n/g)].map(([, number]) => Number(number))
const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1)

it.each<[what: string, keys: readonly string[], shown: number[]]>([
  ['q after one window', ['q'], upTo(9)],
  ['Space, then q', [' ', 'q'], upTo(18)],
  ['Enter is one line', ['\r', 'j', 'q'], upTo(11)],
  ['G is the rest', ['G'], upTo(50)],
  ['Ctrl-C ends', ['\u0003'], upTo(9)],
  ['back shows the window before', [' ', 'b', 'q'], [...upTo(18), ...upTo(9)]],
  ['a word', ['/line 30\r', 'q'], [...upTo(9), ...upTo(38).slice(29)]],
  ['arrows', ['\u001b[B', '\u001b[A', 'q'], [...upTo(18), ...upTo(9)]],
  ['keys that come together', ['  q'], upTo(27)],
])('%s', async (_, keys, shown) => {
  const { place, heard, written } = terminal(keys)
  await showPaged(text, place)
  expect(linesIn(written())).toEqual(shown)
  expect(place.input.isRaw).toBe(false)
  expect(heard).toEqual([])
  place.input.resume()
  place.input.write('later')
  await new Promise((resolve) => setImmediate(resolve))
  expect(heard).toEqual(['later'])
})

it('what is typed after the end is the next cell', async () => {
  expect(await showPaged(text, terminal(['q1+1\r']).place)).toBe('1+1\r')
})

it('a word that is not there is said, and nothing moves', async () => {
  const { place, written } = terminal(['/nowhere\r', 'q'])
  await showPaged(text, place)
  expect(written()).toMatch(/no nowhere below/)
  expect(linesIn(written())).toEqual(upTo(9))
})

it('$PAGER gets it all', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-pager-'))
  const file = join(folder, 'seen')
  const { place, written } = terminal([], { ...process.env, PAGER: `cat > ${file}` } as never)
  await showPaged(text, place)
  expect(readFileSync(file, 'utf8')).toBe(text)
  expect(written()).toBe('')
  rmSync(folder, { recursive: true })
})

it('only what is longer than the window of a terminal is paged', () => {
  const { place } = terminal([])
  const { input, output } = place
  expect(needsPager(text, place)).toBe(true)
  expect(needsPager('short\n', place)).toBe(false)
  expect(needsPager('x'.repeat(900), place)).toBe(true)
  expect(needsPager(text, { ...place, env: { TERM: 'dumb' } })).toBe(false)
  expect(needsPager(text, { ...place, output: { ...output, isTTY: false } as never })).toBe(false)
  expect(needsPager(text, { ...place, input: { ...input, isTTY: false } as never })).toBe(false)
})
