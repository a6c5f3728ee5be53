// The shell fed from a pipe, and what it shares with the one at a terminal: words, history, colour.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Session } from '../../src/session/session.js'
import { History, historyFile } from '../../src/shell/history.js'
import type { NotebookDesk } from '../../src/shell/notebook-words.js'
import { runShell } from '../../src/shell/shell.js'
import { wantsColour } from '../../src/shell/theme.js'

let session: Session
let output: PassThrough
let desk: NotebookDesk | undefined

beforeEach(() => {
  output = new PassThrough({ encoding: 'utf8' })
  session = new Session({
    globals: {},
    commands: [
      {
        name: 'status',
        summary: '',
        usage: '',
        examples: [],
        run: async ([status], io) => {
          io.write('ran\n')
          return Number(status)
        },
      },
    ],
    write: (text) => void output.write(text),
  })
})
afterEach(() => {
  desk = undefined
  session.close()
})

/** Feeds a shell; a list comes line by line, as from a slow writer. */
async function feed(input: string | readonly string[]) {
  const errors = new PassThrough({ encoding: 'utf8' })
  const stream = new PassThrough()
  const running = runShell({
    session: async () => session,
    banner: 'never shown',
    input: stream,
    output,
    errors,
    env: {},
    ...(desk === undefined ? {} : { desk: async () => desk as NotebookDesk }),
    open: async (spec) => `opened ${spec}`,
  })
  for (const chunk of typeof input === 'string' ? [input] : input) {
    stream.write(chunk)
    if (typeof input !== 'string') await new Promise((resolve) => setTimeout(resolve, 20))
  }
  stream.end()
  const status = await running
  return { status, output: String(output.read() ?? ''), errors: String(errors.read() ?? '') }
}

it.each<[string, string | readonly string[], { status: number; output: string; errors: string }]>([
  ['nothing', '', { status: 0, output: '', errors: '' }],
  ['values', '1 + 1\n"a"', { status: 0, output: "2\n'a'\n", errors: '' }],
  [
    'cells of several lines',
    'const a = {\n  b: 1,\n}\na.b\n',
    { status: 0, output: '1\n', errors: '' },
  ],
  [
    'a chain below its value',
    '[3, 4]\n  .at(-1)\n  .toFixed(1)\n',
    { status: 0, output: "'4.0'\n", errors: '' },
  ],
  [
    'a chain, slowly',
    ['[3, 4]\n', '.at(-1)\n'],
    { status: 0, output: '[ 3, 4 ]\n4\n', errors: '' },
  ],
  ['a command', '# status 0\n5\n', { status: 0, output: 'ran\n5\n', errors: '' }],
  ['a command that fails', 'status 3\n5\n', { status: 3, output: 'ran\n', errors: '' }],
  [
    'an error ends it',
    '1\nnope\n2\n',
    {
      status: 1,
      output: '1\n',
      errors: 'ReferenceError: nope is not defined\n    at cell 2, line 1:1\n  try: help\n',
    },
  ],
  [
    'what ends too early',
    'f(',
    { status: 1, output: '', errors: 'nb.syntax: line 1:3: Unexpected eof\n  f(\n    ^\n' },
  ],
  ['.exit', '1\n.exit\n2\n', { status: 0, output: '1\n', errors: '' }],
  ['.who', 'const a = 1, b = 2\n.who\n', { status: 0, output: 'a  b\n', errors: '' }],
  ['.history', '1\n2\n.history 1\n', { status: 0, output: '1\n2\n2\n', errors: '' }],
  [
    '.watch, once',
    '.watch 6 * 7\n1\n',
    { status: 0, output: '42\n1\n', errors: 'shown once: this output cannot be redrawn\n' },
  ],
  ['.open', '.open create.xt\n', { status: 0, output: 'opened create.xt\n', errors: '' }],
  [
    'an unknown word',
    '.hlep\n',
    { status: 1, output: '', errors: 'shell.unknown-word: there is no .hlep\n  try: .help\n' },
  ],
  [
    '.save where no notebook is kept',
    '.save a\n',
    { status: 1, output: '', errors: 'shell.no-notebook: this shell keeps no notebook\n' },
  ],
])('%s', async (_, input, result) => expect(await feed(input)).toEqual(result))

it('.time runs a cell of the session and tells how long it took', async () => {
  const { status, output } = await feed('.time const n = 41\n.time n + 1\n.who\n')
  expect(status).toBe(0)
  expect(output).toMatch(/^[\d.e-]+ ms\n42\n[\d.e-]+ ms\nn\n$/)
})

it('words of the notebook are handed to the desk, with all that follows them', async () => {
  const told: string[] = []
  desk = {
    obey: async (word, argument, { tell }) => {
      tell('first ')
      told.push(`${word}(${argument})`)
      return { kind: 'text', text: 'then\n' }
    },
    ...{ afterCell: () => '', beforeLeaving: () => '', dropEdit: () => {}, idsFor: () => [] },
    ...{ remark: () => '' },
  }
  const output = 'first then\nfirst then\n'
  expect(await feed('.save -f found sum\n.undo\n')).toMatchObject({ status: 0, output })
  expect(told).toEqual(['save(-f found sum)', 'undo()'])
})

describe('colour', () => {
  it.each<[Record<string, string>, boolean, boolean]>([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ TERM: 'dumb' }, true, false],
  ])('%j on a terminal: %s gives %s', (env, isTerminal, colour) =>
    expect(wantsColour(env, isTerminal)).toBe(colour),
  )
})

describe('history', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'xpv-history-'))
    return () => rmSync(folder, { recursive: true })
  })

  it('lives where XDG says', () => {
    expect(historyFile({ XDG_STATE_HOME: '/s' })).toBe('/s/xpv/history')
    expect(historyFile({ XDG_STATE_HOME: 'relative' })).toMatch(/\/\.local\/state\/xpv\/history$/)
  })

  it('survives garbage, keeps the newest 10000, gives lines newest first', () => {
    const path = join(folder, 'history')
    const records = Array.from({ length: 12_000 }, (_, t) => JSON.stringify({ t, src: `${t}` }))
    writeFileSync(path, `not json\n${records.join('\n')}\n{"t":1}\n`)
    const history = new History(path, () => {})
    history.add('a\nb')
    history.add(' hidden')
    expect(history.lines.slice(0, 3)).toEqual(['b', 'a', '11999'])
    expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(10_003)
  })

  it('says once that it cannot be kept', () => {
    const told: string[] = []
    writeFileSync(join(folder, 'file'), '')
    const history = new History(join(folder, 'file', 'history'), (text) => told.push(text))
    history.add('1')
    history.add('2')
    expect(told).toEqual([expect.stringMatching(/^history is not kept: .*\n$/)])
    expect(history.cells).toEqual(['1', '2'])
  })
})
