import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Cell, cellsOf, outputOf } from '../../src/notebook/document.js'
import { parseNotebook, printNotebook } from '../../src/notebook/format.js'
import { fileFor } from '../../src/notebook/output-files.js'
import { outputFrom } from '../../src/notebook/output-text.js'
import { type MadeOutput, withOutputs } from '../../src/notebook/outputs.js'

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

/** Made outputs without files. */
const texts = (bodies: Readonly<Record<string, readonly [sha: string, body: string]>>) =>
  new Map<string, MadeOutput>(
    Object.entries(bodies).map(([id, [sha, body]]) => [id, { sha, body, files: [] }]),
  )

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

/** Lines of which notebooks are put together, right and wrong ones. */
const LINE = fc.constantFrom(
  ...['```ts xpv #a', '```d xpv', '````esc xpv #b timeout=5s', '```sh xpv #c hide unstable'],
  ...['```xpv-out #a sha=1', '```xpv-out #b sha=2 svg=0123456789abcdef text=fedcba9876543210'],
  ...['![output of #b](x.out/0123456789abcdef.svg)', '```', '```', '```', '````', '~~~', '~~~~'],
  ...['text', '', '', '---', '  ```', '   ~~~ ts', '    ```ts xpv', '- ```ts xpv', '  item', '- x'],
  ...['> ```ts xpv', '1. one', '   ```', '```ts', '# Title', '<!--', '-->', '<pre>', '</pre>'],
  ...['\t```', '```js xpv', '`````', 'π ✓ 𝔘', '\u2028', 'a\rb', '\0'],
)
const NEWLINE = fc.constantFrom('\n', '\r\n')
const FRONT = fc.constantFrom(
  ...['', HEAD, HEAD.replaceAll('\n', '\r\n'), `\uFEFF${HEAD}`, '---\n---\n', '---\nxpv: [\n---\n'],
  '---\nxpv: 1\nnever: closed\n',
)
/** Random notebooks: any of the lines, in any order, ended in any way. */
const RANDOM = fc
  .tuple(FRONT, fc.array(fc.tuple(LINE, NEWLINE), { maxLength: 40 }), fc.boolean())
  .map(([front, lines, isEnded]) => {
    const body = lines.map(([line, newline]) => line + newline).join('')
    return front + (isEnded ? body : body.replace(/\r?\n$/, ''))
  })
const BODY = fc.oneof(
  fc.constant(''),
  fc.array(LINE, { maxLength: 6 }).map((lines) => lines.join('\n')),
  fc.string({ unit: 'binary' }),
)

it('1,000 random notebooks: print(parse(x)) === x', () => {
  fc.assert(
    fc.property(RANDOM, (text) => {
      expect(printNotebook(parseNotebook(text).document)).toBe(text)
    }),
    { numRuns: 1000 },
  )
})

it('any text at all: print(parse(x)) === x', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printNotebook(parseNotebook(text).document)).toBe(text)
    }),
  )
})

it('1,000 random notebooks with outputs replaced: nothing else changes, and the same again', () => {
  const made = (cells: readonly Cell[], bodies: readonly string[]) =>
    new Map(
      cells.map(({ id }, i) => {
        const svg = i % 3 === 1 ? `<svg>${i}</svg>` : undefined
        return [id, outputFrom(`${i}`.padStart(8, '0'), bodies[i % bodies.length] ?? '', svg)]
      }),
    )
  fc.assert(
    fc.property(RANDOM, fc.array(BODY, { minLength: 1, maxLength: 4 }), (text, bodies) => {
      const { document } = parseNotebook(text)
      fc.pre(document.head !== '' || !text.startsWith('---')) // a head that an output could close
      const outputs = made(cellsOf(document), bodies)
      const laid = withOutputs(document, outputs, 'n.out')
      expect(withoutOutputs(laid)).toBe(withoutOutputs(document))
      const again = parseNotebook(printNotebook(laid)).document
      expect(cellsOf(again).map(({ id, source }) => [id, source])).toEqual(
        cellsOf(document).map(({ id, source }) => [id, source]),
      )
      expect(printNotebook(withOutputs(again, outputs, 'n.out'))).toBe(printNotebook(laid))
    }),
    { numRuns: 1000 },
  )
})

/** Cells and what is written around them, without outputs and the blanks between. */
function withoutOutputs({ head, parts }: Parameters<typeof printNotebook>[0]): string {
  const left = parts.filter((part) => part.kind !== 'output' && part.text.trim() !== '')
  return [head, ...left.map(({ text }) => text.trim())].join('\n')
}

it('storing the same output again changes no byte', () => {
  const { document } = parseNotebook(NOTEBOOK)
  const made = texts({ one: ['00000000', '2'] })
  expect(printNotebook(withOutputs(document, made, 'n.out'))).toBe(NOTEBOOK)
})

it('a new output goes right after its cell, and nothing else moves', () => {
  const { document } = parseNotebook(NOTEBOOK)
  const made = texts({ one: ['11111111', '3\n'], c1: ['22222222', 'has ``` inside\n```\n'] })
  const once = printNotebook(withOutputs(document, made, 'n.out'))
  expect(once).toBe(
    NOTEBOOK.replace('sha=00000000\n2', 'sha=11111111\n3').replace(
      'Last words',
      '\n````xpv-out #c1 sha=22222222\nhas ``` inside\n```\n````\nLast words',
    ),
  )
})

it('a picture is named in the fence and shown by the line after it, which belongs to it', () => {
  const { document } = parseNotebook(NOTEBOOK)
  const svg = fileFor('svg', '<svg/>\n')
  const made = new Map([['one', { sha: '11111111', body: 'drawn', files: [svg] }]])
  const laid = printNotebook(withOutputs(document, made, 'my (own).out'))
  const hash = svg.name.slice(0, 16)
  expect(laid).toContain(
    `\`\`\`xpv-out #one sha=11111111 svg=${hash}\ndrawn\n\`\`\`\n` +
      `![output of #one](my%20%28own%29.out/${hash}.svg)\n\n\`\`\`d xpv`,
  )
  const again = parseNotebook(laid).document
  expect(outputOf(again, 'one')?.files).toEqual([{ form: 'svg', name: `${hash}.svg` }])
  const none = printNotebook(withOutputs(again, texts({ one: ['00000000', '2'] }), 'n.out'))
  expect(none).toBe(NOTEBOOK)
})

it('a cell that prints nothing any more loses its output', () => {
  const { document } = parseNotebook(NOTEBOOK)
  const text = printNotebook(withOutputs(document, new Map(), 'n.out'))
  expect(text).not.toContain('xpv-out')
  expect(parseNotebook(text).diagnostics).toEqual([])
})

it('lines that end with CR LF stay so; what cells and outputs say has LF', () => {
  const { document } = parseNotebook(NOTEBOOK.replaceAll('\n', '\r\n'))
  expect(cellsOf(document)[0]?.source).toBe('1 + 1\n')
  expect(outputOf(document, 'one')?.body).toBe('2\n')
  const laid = printNotebook(withOutputs(document, texts({ one: ['11111111', '3'] }), 'n.out'))
  expect(laid).toContain('sha=11111111\r\n3\r\n```\r\n')
  expect(laid.replaceAll('\r\n', '')).not.toContain('\n')
})

it.each([
  { code: 'nb.no-front-matter', text: '' },
  { code: 'nb.no-front-matter', text: '# Just Markdown\n' },
  { code: 'nb.version', text: '---\nxpv: 9\n---\n' },
  { code: 'nb.version', text: '---\n---\n' },
  { code: 'nb.front-matter', text: '---\n[1, 2\n---\n' },
  { code: 'nb.front-matter', text: '---\nxpv: 1\nbackend: { hz: fast }\n---\n' },
  { code: 'nb.unknown-key', text: '---\nxpv: 1\ntitel: T\n---\n' },
  { code: 'nb.unknown-key', text: '---\nxpv: 1\nbackend: { sead: 7 }\n---\n' },
  { code: 'nb.input', text: '---\nxpv: 1\ninputs:\n  - path: x\n---\n' },
  { code: 'nb.allow', text: '---\nxpv: 1\nallow: [everything]\n---\n' },
  { code: 'nb.unclosed-fence', text: `${HEAD}\`\`\`ts xpv #a\n1 + 1\n` },
  { code: 'nb.unclosed-fence', text: `${HEAD}\`\`\`\`\n\`\`\`ts xpv #a\n\`\`\`\n` },
  { code: 'nb.id', text: `${HEAD}\`\`\`ts xpv #"><b>\n\`\`\`\n` },
  { code: 'nb.option', text: `${HEAD}\`\`\`ts xpv #a timeout=soon\n\`\`\`\n` },
  { code: 'nb.option', text: `${HEAD}\`\`\`ts xpv #a hide=yes\n\`\`\`\n` },
  { code: 'nb.unknown-option', text: `${HEAD}\`\`\`ts xpv #a unstabel\n\`\`\`\n` },
  { code: 'nb.unknown-language', text: `${HEAD}\`\`\`js xpv #a\n\`\`\`\n` },
  { code: 'nb.duplicate-id', text: `${HEAD}${'```ts xpv #a\n```\n'.repeat(2)}` },
  { code: 'nb.orphan-output', text: `${HEAD}\`\`\`xpv-out #gone sha=1\n\`\`\`\n` },
])('$code is reported', ({ code, text }) => {
  expect(parseNotebook(text).diagnostics.map((d) => d.code)).toEqual([code])
})

it('an id that nobody gave is none that somebody gave', () => {
  const { document, diagnostics } = parseNotebook(
    `${HEAD}${['```ts xpv', '```ts xpv #c1', '```d xpv'].join('\n```\n')}\n\`\`\`\n`,
  )
  expect(diagnostics).toEqual([])
  expect(cellsOf(document).map(({ id }) => id)).toEqual(['c2', 'c1', 'c3'])
})

it('keys that nobody knows stay, and are nothing to speak of', () => {
  const text = `---\nxpv: 1 # one\nauthor:   {name: me}\n---\n`
  const { document, diagnostics } = parseNotebook(text)
  expect([diagnostics, printNotebook(document)]).toEqual([[], text])
})

it('10 MB and 5,000 cells are read and printed', () => {
  const cell = (i: number): string =>
    `Prose.\n\n\`\`\`ts xpv #n${i}\n'${'x'.repeat(2000)}'\n\`\`\`\n\n` +
    `\`\`\`xpv-out #n${i} sha=00000000\n1\n\`\`\`\n\n`
  const text = HEAD + Array.from({ length: 5000 }, (_, i) => cell(i)).join('')
  expect(text.length).toBeGreaterThan(10e6)
  const { document, diagnostics } = parseNotebook(text)
  expect([cellsOf(document).length, diagnostics]).toEqual([5000, []])
  expect(printNotebook(withOutputs(document, new Map(), 'n.out')).length).toBeLessThan(text.length)
  expect(printNotebook(document)).toBe(text)
})
