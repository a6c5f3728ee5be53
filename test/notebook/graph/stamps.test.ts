// One thing changed: exactly the cells that depend on it get another stamp.
import { expect, it } from 'vitest'
import type { NotebookDocument } from '../../../src/notebook/document.js'
import { parseNotebook, printNotebook } from '../../../src/notebook/format.js'
import { stampsOf } from '../../../src/notebook/graph/stamps.js'
import { storedStates } from '../../../src/notebook/graph/states.js'
import { withOutputs } from '../../../src/notebook/outputs.js'

const TEXT = `---
xpv: 1
title: what depends on what
backend:
  machine: ../captures/create
  seed: 7
params:
  dom: 3
  era: { type: string, default: xvm-3.1 }
inputs:
  - path: ../captures/create/a.xt
    sha256: ${'a1'.repeat(32)}
    bytes: 10
  - path: errors.log
    sha256: ${'b2'.repeat(32)}
    bytes: 10
  - path: other.log
    sha256: ${'c3'.repeat(32)}
    bytes: 10
---

\`\`\`ts xpv #count
on('xpv:::').count()
\`\`\`

\`\`\`ts xpv #dom
const dom = params.dom + 1
\`\`\`

\`\`\`ts xpv #log
fma.diagnose('errors.log')
\`\`\`

\`\`\`d xpv #program
BEGIN { exit(0); }
\`\`\`

\`\`\`ts xpv #sum
dom + 1
\`\`\`

\`\`\`sh xpv #commands
dtrace -l -i xpv:::
\`\`\`

\`\`\`ts xpv #reads
const name = ['other', 'log'].join('.')
const text = (await import('node:fs')).readFileSync(name, 'utf8')
\`\`\`

\`\`\`ts xpv #rules
const rule = name.replace('log', 'esc')
fma.rules(rule)
\`\`\`

\`\`\`ts xpv #pure
[1, 2].map((n) => n * 2)
\`\`\`
`

const parsed = (text: string): NotebookDocument => parseNotebook(text).document
const STATE = ['count', 'program']
const MACHINE = [...STATE, 'commands']

it.each([
  { what: 'a byte of the recording', from: 'a1'.repeat(32), to: 'd9'.repeat(32), stale: STATE },
  { what: 'the machine', from: 'captures/create\n', to: 'captures\n', stale: MACHINE },
  { what: 'the seed', from: 'seed: 7', to: 'seed: 8', stale: STATE },
  { what: 'a parameter', from: 'dom: 3', to: 'dom: 4', stale: ['dom', 'sum'] },
  { what: 'a parameter nobody reads', from: 'default: xvm-3.1', to: 'default: metal', stale: [] },
  {
    what: 'a file a text names',
    from: 'b2'.repeat(32),
    to: 'd9'.repeat(32),
    stale: ['log', 'reads', 'rules'],
  },
  {
    what: 'a file no text names',
    from: 'c3'.repeat(32),
    to: 'd9'.repeat(32),
    stale: ['reads', 'rules'],
  },
  { what: 'a cell', from: 'params.dom + 1', to: 'params.dom + 2', stale: ['dom', 'sum'] },
  { what: 'a cell of D', from: 'exit(0)', to: 'exit(1)', stale: ['program'] },
  { what: 'the title', from: 'what depends', to: 'What depends', stale: [] },
  { what: 'how a cell is shown', from: '#count', to: '#count hide', stale: [] },
])('$what changes the stamps of $stale', ({ from, to, stale }) => {
  expect(TEXT.split(from), 'the text has it once').toHaveLength(2)
  const [before, after] = [stampsOf(parsed(TEXT)), stampsOf(parsed(TEXT.replace(from, to)))]
  const other = [...before.keys()].filter((id) => before.get(id) !== after.get(id))
  expect(other.sort()).toEqual([...stale].sort())
})

it('a value given to a run counts instead of the default', () => {
  const document = parsed(TEXT)
  const [usual, given] = [stampsOf(document), stampsOf(document, new Map([['dom', 4]]))]
  expect(given).toEqual(stampsOf(parsed(TEXT.replace('dom: 3', 'dom: 4'))))
  expect(given.get('sum')).not.toBe(usual.get('sum'))
})

it('a text without a letter names no file, not even in a folder above', () => {
  const text = [
    '---\nxpv: 1\nfolder: ..\ninputs:',
    `  - { path: ../errors.log, sha256: ${'b2'.repeat(32)}, bytes: 10 }\n---\n`,
    "```ts xpv #log\nawait fma.diagnose('errors.log')\n```\n",
    "```ts xpv #joined\nconst line = ['a', 'b'].join('')\nline\n```\n",
  ].join('\n')
  const [before, after] = [text, text.replace('b2', 'd9')].map((each) => stampsOf(parsed(each)))
  expect(after?.get('joined')).toBe(before?.get('joined'))
  expect(after?.get('log')).not.toBe(before?.get('log'))
})

it('states tell what is fresh, what is stale, and what never ran', () => {
  const document = parsed(TEXT)
  const made = [...stampsOf(document)].filter(([id]) => id !== 'dom' && id !== 'pure')
  const outputs = new Map(made.map(([id, sha]) => [id, { sha, body: `${id}\n`, files: [] }]))
  const stored = printNotebook(withOutputs(document, outputs, 'n.out'))
  const states = storedStates(parsed(stored))
  expect(Object.fromEntries(states)).toMatchObject({
    count: 'fresh',
    dom: 'silent',
    pure: 'never',
    sum: 'fresh',
  })
  const edited = storedStates(parsed(stored.replace('params.dom + 1', 'params.dom + 2')))
  expect(edited.get('sum')).toBe('stale')
  expect(edited.get('count')).toBe('fresh')
})
