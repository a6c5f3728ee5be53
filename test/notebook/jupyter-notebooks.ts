// Random notebooks, ours and Jupyter's, for round trips.
import fc from 'fast-check'
import type { JupyterNotebook } from '../../src/notebook/export/jupyter/notebook-json.js'

const line = fc.oneof(
  fc.constantFrom(
    ...['', 'text', '# Heading', '- item', '> quote', '    indented', '| a | b |', '|---|---|'],
    ...['```', '````', '~~~', '```ts', '```ts xpv', '```xpv-out #a sha=1', '---', '%%d', '%%sh x'],
    ...['<!-- ipynb {} -->', '<!-- ipynb-cell {} -->', '![x](nb.out/a.svg)', '\t', ' ', 'x \r'],
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\n\r]/g, ' ')),
)
const lines = fc.array(line, { maxLength: 6 }).map((all) => all.join('\n'))

const id = fc.constantFrom('#a', '#b', '#c1', '#long-name', '#x/y', '#é', '')
const options = fc.constantFrom('', ' hide', ' expect-error=x.y', ' timeout=5s live', ' answer')
const language = fc.constantFrom('ts', 'd', 'esc', 'sh')
const fence = fc.constantFrom('```', '````', '``````````')

const cell = fc
  .record({ fence, language, id, options, lines })
  .map(({ fence: f, language: l, id: i, options: o, lines: text }) => {
    return `${f}${l} xpv ${i}${o}\n${text}\n${f}\n`
  })
const output = fc
  .record({ fence, id, lines, file: fc.constantFrom('', ' svg=0123456789abcdef') })
  .map(({ fence: f, id: i, lines: text, file }) => {
    const picture = file === '' ? '' : `![output of ${i}](nb.out/0123456789abcdef.svg)\n`
    return `${f}xpv-out ${i} sha=12345678${file}\n${text}\n${f}\n${picture}`
  })
const blank = fc.constantFrom('', '\n', '\n\n', ' \n')

/** The text of a notebook of ours. */
export const ownNotebook: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      '---\nxpv: 1\n---\n',
      '---\nxpv: 1\ntitle: "x"\nbackend: { kind: sim, machine: sim, seed: 3 }\nfolder: ..\n---\n',
      '---\nxpv: 1\nparams: { n: 3, s: { type: string, default: x } }\nother: [1]\n---\n',
    ),
    fc.array(
      fc.oneof(
        cell,
        output,
        blank,
        lines,
        lines.map((text) => `\n${text}\n`),
      ),
      {
        maxLength: 8,
      },
    ),
  )
  .map(([head, parts]) => `${head}${parts.join('')}`)

const multiline = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  lines,
  fc.array(
    fc.oneof(
      line,
      line.map((text) => `${text}\n`),
    ),
    { maxLength: 4 },
  ),
)
const metadata = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }), {
  maxKeys: 3,
})
const bundle = fc.dictionary(
  fc.constantFrom('text/plain', 'text/html', 'image/png', 'image/svg+xml', 'text/latex'),
  multiline,
  { maxKeys: 3 },
)
const jupyterOutput = fc.oneof(
  fc.record({
    output_type: fc.constant('stream'),
    name: fc.constantFrom('stdout', 'stderr'),
    text: multiline,
  }),
  fc.record({ output_type: fc.constant('display_data'), data: bundle, metadata }),
  fc.record({
    output_type: fc.constant('execute_result'),
    data: bundle,
    metadata,
    execution_count: fc.option(fc.nat(99)),
  }),
  fc.record({
    output_type: fc.constant('error'),
    ename: fc.string(),
    evalue: fc.string(),
    traceback: fc.array(line, { maxLength: 3 }),
  }),
)
const cellId = fc.option(fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/), { nil: undefined })
const more = { metadata, id: cellId, source: multiline }
const attachments = fc.option(fc.dictionary(fc.constantFrom('a.png', 'b.svg'), bundle), {
  nil: undefined,
})
const jupyterCell = fc.oneof(
  fc.record({ cell_type: fc.constantFrom('markdown', 'raw'), attachments, ...more }),
  fc.record({
    cell_type: fc.constant('code'),
    execution_count: fc.option(fc.nat(99)),
    outputs: fc.array(jupyterOutput, { maxLength: 3 }),
    ...more,
  }),
)
const kernel = fc.constantFrom(
  {},
  { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } },
  { kernelspec: { name: 'ir', display_name: 'R' }, language_info: { name: 'R', version: '4' } },
  { language_info: { name: 'typescript' }, custom: { deep: [1, { a: null }] } },
)

/** A Jupyter notebook of another kernel, as its JSON would be read. */
export const foreignNotebook: fc.Arbitrary<JupyterNotebook> = fc
  .record({
    nbformat: fc.constant(4),
    nbformat_minor: fc.nat(5),
    metadata: fc.tuple(kernel, metadata).map(([own, other]) => ({ ...other, ...own })),
    cells: fc.array(jupyterCell, { maxLength: 6 }),
  })
  .map((notebook) => JSON.parse(JSON.stringify(notebook)))
