// Notebooks go to Jupyter and come back: ours byte for byte, those of other kernels as the same
// JSON; what was edited in Jupyter counts. What we write keeps the rules of nbformat 4.5, by our own
// check and by Jupyter's own when it is installed.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foreignFromText, foreignToText } from '../../src/notebook/export/jupyter/foreign.js'
import {
  fromJupyter,
  isConverted,
  type WrittenNotebook,
} from '../../src/notebook/export/jupyter/from-jupyter.js'
import { nbformatMistakes } from '../../src/notebook/export/jupyter/nbformat.js'
import {
  type JupyterCell,
  type JupyterNotebook,
  printJupyter,
  readJupyter,
} from '../../src/notebook/export/jupyter/notebook-json.js'
import { toJupyter } from '../../src/notebook/export/jupyter/to-jupyter.js'
import { parseNotebook } from '../../src/notebook/format.js'
import { foreignNotebook, ownNotebook } from './jupyter-notebooks.js'

const NOTEBOOKS = join(import.meta.dirname, '..', '..', 'notebooks')
const LESSONS = readdirSync(NOTEBOOKS).filter((name) => name.endsWith('.xpv.md'))
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>\n'

const lesson = (name: string): string => readFileSync(join(NOTEBOOKS, name), 'utf8')

function there(
  text: string,
  file: (name: string) => string | undefined = () => SVG,
): JupyterNotebook {
  const { document } = parseNotebook(text)
  const made = toJupyter({ document, outputs: 'nb.out', file })
  return readJupyter(printJupyter(made), 'nb.ipynb')
}

function back(notebook: JupyterNotebook, outputs = 'nb.out'): WrittenNotebook {
  const isCommand = (word: string): boolean => ['xm', 'dtrace'].includes(word)
  return fromJupyter(notebook, { outputs, isCommand })
}

describe('ours', () => {
  it('1,000 random ones come back byte for byte, and keep the rules of nbformat', () => {
    fc.assert(
      fc.property(ownNotebook, (text) => {
        const notebook = there(text)
        expect(nbformatMistakes(notebook)).toEqual([])
        expect(back(notebook).text).toBe(text)
      }),
      { numRuns: 1000 },
    )
  })

  it.each(LESSONS)('%s comes back byte for byte', (name) => {
    const notebook = there(lesson(name))
    expect(isConverted(notebook)).toBe(true)
    expect(nbformatMistakes(notebook)).toEqual([])
    expect(back(notebook).text).toBe(lesson(name))
  })

  it('files of outputs are carried, and named anew with the folder', () => {
    const text =
      '---\nxpv: 1\n---\n```ts xpv #a\nx\n```\n\n' +
      '```xpv-out #a sha=1 svg=0123456789abcdef\n1\n```\n![output of #a](nb.out/0123456789abcdef.svg)\n'
    const written = back(there(text), 'other.out')
    expect(written.text).toBe(text.replace('nb.out', 'other.out'))
    expect([...written.files]).toEqual([['0123456789abcdef.svg', SVG]])
  })
})

const OWN = `---
xpv: 1
backend: { kind: sim, machine: "sim:xen-4.20", seed: 7 }
folder: ..
params: { n: 3 }
---

# Title

\`\`\`ts xpv #one hide
const a = 1
\`\`\`

\`\`\`d xpv #two timeout=5s
xpv:::{ @ = count(); }
\`\`\`

\`\`\`xpv-out #two sha=12345678
2
\`\`\`
`

/** A notebook with one cell changed. */
function edited(
  notebook: JupyterNotebook,
  at: number,
  change: (cell: JupyterCell) => object,
): JupyterNotebook {
  const cells = notebook.cells.map((cell, i) => (i === at ? { ...cell, ...change(cell) } : cell))
  return { ...notebook, cells }
}

describe('in Jupyter', () => {
  const notebook = there(OWN)

  it('the kernel is xpv, its first cell opens the machine, D stands behind %%d', () => {
    expect(notebook.metadata['kernelspec']).toMatchObject({ name: 'xpv', language: 'typescript' })
    const sources = notebook.cells.map(({ source }) => [source].flat().join(''))
    expect(sources).toEqual([
      '%cd ..\n%machine sim:xen-4.20 --seed 7\nconst params = Object.freeze({ n: 3 })',
      '# Title',
      'const a = 1',
      '%%d\nxpv:::{ @ = count(); }',
    ])
    expect(notebook.cells[3]?.['outputs']).toEqual([
      { output_type: 'stream', name: 'stdout', text: ['2\n'] },
    ])
  })

  it('an edited cell comes back as it is now, with its id and its options', () => {
    const text = back(edited(notebook, 3, () => ({ source: ['%%d\n', 'xdt:::{}'] }))).text
    expect(text).toBe(OWN.replace('xpv:::{ @ = count(); }', 'xdt:::{}'))
    const other = back(edited(notebook, 3, () => ({ source: 'xm list' }))).text
    expect(other).toBe(
      OWN.replace('```d xpv #two', '```sh xpv #two').replace(/xpv:::.*/, 'xm list'),
    )
  })

  it('edited Markdown comes back as it is now', () => {
    const text = back(edited(notebook, 1, () => ({ source: '# Other\n\n*x*' }))).text
    expect(text).toBe(OWN.replace('# Title', '# Other\n\n*x*'))
  })

  it('a cell that was run again keeps its output when that says the same, in other pieces', () => {
    const outputs = [
      { output_type: 'stream', name: 'stdout', text: '' },
      {
        output_type: 'execute_result',
        data: { 'text/plain': ['2'] },
        metadata: {},
        execution_count: 4,
      },
    ]
    const same = edited(notebook, 3, () => ({ outputs, execution_count: 4 }))
    expect(back(same).text).toBe(OWN)
    const error = {
      output_type: 'error',
      ename: 'E',
      evalue: 'x',
      traceback: ['\u001b[31mE: x\u001b[0m'],
    }
    const changed = back(edited(notebook, 3, () => ({ outputs: [error] }))).text
    expect(changed).toBe(OWN.replace('sha=12345678\n2\n', 'sha=00000000\nE: x\n'))
    const cleared = back(edited(notebook, 3, () => ({ outputs: [] }))).text
    expect(cleared).toBe(OWN.slice(0, OWN.indexOf('\n```xpv-out')))
  })

  it('a chart made in Jupyter becomes a file of the notebook', () => {
    const data = { 'image/svg+xml': SVG, 'text/plain': 'chart' }
    const outputs = [{ output_type: 'display_data', data, metadata: {} }]
    const { text, files } = back(edited(notebook, 2, () => ({ outputs })))
    const [name = ''] = [...files.keys()]
    expect(text).toContain(
      `\`\`\`xpv-out #one sha=00000000 svg=${name.slice(0, 16)}\nchart\n\`\`\`\n`,
    )
    expect(text).toContain(`![output of #one](nb.out/${name})\n`)
    expect(parseNotebook(text).document.parts.filter(({ kind }) => kind === 'output')).toHaveLength(
      2,
    )
  })

  it('added cells become prose and cells with ids of their own; removed ones are gone', () => {
    const added: JupyterCell[] = [
      { cell_type: 'markdown', id: 'x', metadata: {}, source: 'More.' },
      {
        cell_type: 'code',
        id: 'y',
        metadata: {},
        source: 'xm list',
        outputs: [],
        execution_count: 1,
      },
      { cell_type: 'code', id: 'z', metadata: {}, source: '', outputs: [], execution_count: null },
    ]
    const cells = [...notebook.cells.filter((_, i) => i !== 2), ...added]
    const { text } = back({ ...notebook, cells })
    expect(text).not.toContain('#one')
    expect(text.endsWith('2\n```\n\nMore.\n\n```sh xpv #c1\nxm list\n```\n')).toBe(true)
  })

  it('rules keep the name that other cells call them by, there and back', () => {
    const rules = there(`${OWN}\n\`\`\`esc xpv #site\n/* none */\n\`\`\`\n`)
    expect([rules.cells[4]?.source].flat().join('')).toBe('%%esc site\n/* none */')
    const source = '%%esc more\n/* none */'
    const added = { cell_type: 'code', id: 'y', metadata: {}, source, outputs: [] } as const
    const { text } = back({ ...rules, cells: [...rules.cells, { ...added, execution_count: 1 }] })
    expect(
      text.endsWith('```esc xpv #site\n/* none */\n```\n\n```esc xpv #more\n/* none */\n```\n'),
    ).toBe(true)
  })

  it('a fence that is left open in Markdown is refused', () => {
    const open = edited(notebook, 1, () => ({ source: '````ts xpv #evil\n' }))
    const closing = edited(open, 2, () => ({ source: 'x\n````\n' }))
    expect(() => back(closing)).toThrow(expect.objectContaining({ code: 'nb.convert' }))
  })
})

describe('notebooks of other kernels', () => {
  it('1,000 random ones come back as the same JSON, and nothing in them runs here', () => {
    fc.assert(
      fc.property(foreignNotebook, (notebook) => {
        const text = Buffer.from(foreignToText(notebook, 'x')).toString('utf8')
        expect(foreignFromText(text)).toEqual(notebook)
        expect(parseNotebook(text).document.parts.some(({ kind }) => kind === 'cell')).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })

  it('edited Markdown of one comes back edited; outputs stay with the code that made them', () => {
    const notebook = readJupyter(
      JSON.stringify({
        nbformat: 4,
        nbformat_minor: 2,
        metadata: { language_info: { name: 'python' } },
        cells: [
          { cell_type: 'markdown', metadata: { tags: ['a'] }, source: ['# One\n', 'text'] },
          {
            cell_type: 'code',
            metadata: {},
            execution_count: 3,
            source: ['print(1)'],
            outputs: [{ output_type: 'stream', name: 'stdout', text: ['1\n'] }],
          },
        ],
      }),
      'x.ipynb',
    )
    const text = foreignToText(notebook, 'x')
    expect(text).toContain('```python\nprint(1)\n```\n\n```text\n1\n```\n')
    const [markdown, code] = notebook.cells
    const first = foreignFromText(text.replace('# One', '# Two'))
    expect(first?.cells).toEqual([{ ...markdown, source: ['# Two\n', 'text'] }, code])
    const second = foreignFromText(text.replace('print(1)', 'print(2)'))
    expect(second?.cells[1]).toEqual({
      ...code,
      source: ['print(2)'],
      outputs: [],
      execution_count: null,
    })
  })
})

describe('what is no notebook', () => {
  it.each([
    ['', 'nb.ipynb'],
    ['{', 'nb.ipynb'],
    ['[]', 'nb.ipynb'],
    ['{"cells":[]}', 'nb.ipynb'],
    ['{"nbformat":4,"cells":[{}]}', 'nb.ipynb'],
    ['{"nbformat":3,"worksheets":[]}', 'nb.ipynb-version'],
    ['{"nbformat":5,"cells":[]}', 'nb.ipynb-version'],
  ])('%j: %s', (text, code) => {
    expect(() => readJupyter(text, 'x.ipynb')).toThrow(expect.objectContaining({ code }))
  })

  it.each([
    [{ id: 'a b' }, 'cells[0].id'],
    [{ outputs: undefined }, 'cells[0].outputs'],
    [{ source: 3 }, 'cells[0].source'],
    [{ cell_type: 'heading' }, 'cells[0].cell_type'],
    [{ more: 1 }, 'cells[0].more'],
    [{ outputs: [{ output_type: 'stream', name: 'stdout' }] }, 'cells[0].outputs[0]'],
    [
      { outputs: [{ output_type: 'display_data', data: { 'text/plain': 3 }, metadata: {} }] },
      'data',
    ],
  ])('nbformatMistakes finds %j', (change, place) => {
    const { cells, ...rest } = there('---\nxpv: 1\n---\n```ts xpv #a\n1\n```\n')
    const wrong = { ...rest, cells: cells.map((cell) => ({ ...cell, ...change })) }
    expect(nbformatMistakes(JSON.parse(JSON.stringify(wrong))).join()).toContain(place)
  })
})

const PYTHON = '/usr/bin/python3'
const hasNbformat = spawnSync(PYTHON, ['-c', 'import nbformat']).status === 0
if (!hasNbformat) console.warn(`Jupyter's own check is skipped: ${PYTHON} has no nbformat`)

describe.skipIf(!hasNbformat)("Jupyter's own check", () => {
  const CHECK =
    'import sys, json, nbformat\n' +
    'for line in sys.stdin:\n' +
    '  n = nbformat.reads(json.loads(line), as_version=4)\n' +
    '  nbformat.validate(n)\n' +
    'print("ok")'

  function checked(notebooks: readonly JupyterNotebook[]): string {
    const input = notebooks.map((each) => JSON.stringify(printJupyter(each))).join('\n')
    const { stdout, stderr } = spawnSync(PYTHON, ['-c', CHECK], { input, encoding: 'utf8' })
    return `${stdout}${stderr}`
  }

  it('takes the lessons and 100 random ones, and refuses what our check refuses', () => {
    const random = fc.sample(ownNotebook, 100).map((text) => there(text))
    expect(checked([...LESSONS.map((name) => there(lesson(name))), ...random])).toBe('ok\n')
    const notebook = there('---\nxpv: 1\n---\n```ts xpv #a\n1\n```\n')
    expect(checked([edited(notebook, 0, () => ({ outputs: [{ output_type: 'x' }] }))])).toContain(
      'ValidationError',
    )
  })
})
