import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cellsOf, outputOf } from '../../src/notebook/document.js'
import { parseNotebook, printNotebook } from '../../src/notebook/format.js'
import { withOutputs } from '../../src/notebook/outputs.js'

const HEAD = '---\nxpv: 1\ntitle: T\n---\n'

const NOTEBOOK = `${HEAD}
# Title

\`\`\`ts
prose()
\`\`\`

\`\`\`ts xpv #one
1 + 1
\`\`\`

\`\`\`xpv-out #one sha=00000000
2
\`\`\`

\`\`\`d xpv expect-error=d.syntax
BEGIN { trace(1) }
\`\`\`
Last words.
`

it('only fences that say xpv are cells; ids are theirs or c1, c2 …', () => {
  const { document, diagnostics } = parseNotebook(NOTEBOOK)
  expect(diagnostics).toEqual([])
  expect(cellsOf(document).map(({ id, language, source }) => [id, language, source])).toEqual([
    ['one', 'ts', '1 + 1\n'],
    ['c1', 'd', 'BEGIN { trace(1) }\n'],
  ])
  expect(cellsOf(document)[1]?.options.get('expect-error')).toBe('d.syntax')
  expect(cellsOf(document)[0]?.line).toBe(12)
  expect(outputOf(document, 'one')?.body).toBe('2\n')
})

it('parse, then print, gives the same bytes', () => {
  const line = fc.constantFrom(
    '```ts xpv #a\n',
    '```d xpv\n',
    '```xpv-out #a sha=1\n',
    '```\n',
    '````\n',
    'text\n',
    '\n',
    '---\n',
    '  ```\n',
    '```ts\n',
    'no newline',
    '~~~\n',
  )
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), (lines, headed) => {
      const text = (headed ? HEAD : '') + lines.join('')
      expect(printNotebook(parseNotebook(text).document)).toBe(text)
    }),
  )
})

it('storing the same output again changes no byte', () => {
  const { document } = parseNotebook(NOTEBOOK)
  const made = new Map([['one', { sha: '00000000', body: '2' }]])
  expect(printNotebook(withOutputs(document, made))).toBe(NOTEBOOK)
})

it('a new output goes right after its cell, and nothing else moves', () => {
  const { document } = parseNotebook(NOTEBOOK)
  const made = new Map([
    ['one', { sha: '11111111', body: '3\n' }],
    ['c1', { sha: '22222222', body: 'has ``` inside\n```\n' }],
  ])
  const once = printNotebook(withOutputs(document, made))
  expect(once).toBe(
    NOTEBOOK.replace('sha=00000000\n2', 'sha=11111111\n3').replace(
      'Last words',
      '\n````xpv-out #c1 sha=22222222\nhas ``` inside\n```\n````\nLast words',
    ),
  )
  const again = withOutputs(parseNotebook(once).document, made)
  expect(printNotebook(again)).toBe(once)
})

it('a cell that prints nothing any more loses its output', () => {
  const { document } = parseNotebook(NOTEBOOK)
  const text = printNotebook(withOutputs(document, new Map()))
  expect(text).not.toContain('xpv-out')
  expect(parseNotebook(text).diagnostics).toEqual([])
})

it.each([
  { code: 'nb.no-front-matter', text: '# Just Markdown\n' },
  { code: 'nb.version', text: '---\nxpv: 9\n---\n' },
  { code: 'nb.front-matter', text: '---\n[1, 2\n---\n' },
  { code: 'nb.input', text: '---\nxpv: 1\ninputs:\n  - path: x\n---\n' },
  { code: 'nb.unclosed-fence', text: `${HEAD}\`\`\`ts xpv #a\n1 + 1\n` },
  { code: 'nb.duplicate-id', text: `${HEAD}${'```ts xpv #a\n```\n'.repeat(2)}` },
  { code: 'nb.orphan-output', text: `${HEAD}\`\`\`xpv-out #gone sha=1\n\`\`\`\n` },
])('$code is reported', ({ code, text }) => {
  expect(parseNotebook(text).diagnostics.map((d) => d.code)).toContain(code)
})
