// Jupyter's own client, from Debian's packages, drives the kernel; a converted lesson gives in
// nbconvert what it gives here. Skipped, and that is seen, where there is no Jupyter.
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeContext } from '../../src/cli/context.js'
import { jupyter } from '../../src/cli/jupyter-command.js'
import { Output } from '../../src/cli/output.js'
import { loadConfig } from '../../src/config/config.js'
import {
  type JupyterNotebook,
  printJupyter,
} from '../../src/notebook/export/jupyter/notebook-json.js'
import { printedBy } from '../../src/notebook/export/jupyter/outputs.js'
import { toJupyter } from '../../src/notebook/export/jupyter/to-jupyter.js'
import { parseNotebook } from '../../src/notebook/format.js'
import { environment, ROOT } from '../cli/xpv-process.js'

const PARTS = ['jupyter_client', 'nbclient', 'nbconvert', 'nbformat']
const LOOK = `import importlib.util as u; print([p for p in ${JSON.stringify(PARTS)} if not u.find_spec(p)])`

/** A Python that has Jupyter; else what it lacks. */
function pythonWithJupyter(): { readonly path: string } | { readonly lacks: string } {
  let lacks = 'there is no python3'
  for (const path of ['python3', '/usr/bin/python3']) {
    const { status, stdout } = spawnSync(path, ['-c', LOOK], { encoding: 'utf8' })
    if (status !== 0) continue
    if (stdout.trim() === '[]') return { path }
    lacks = `python3 has no ${stdout.trim()}`
  }
  return { lacks }
}

const python = pythonWithJupyter()
const isThere = 'path' in python
const title = isThere ? 'Jupyter' : `Jupyter: skipped, ${python.lacks}`

/** What a driver saw of one cell. */
interface Ran {
  readonly status: string
  readonly count: number
  readonly shown: readonly Record<string, unknown>[]
}

describe.skipIf(!isThere)(title, () => {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-with-jupyter-'))
  const env = {
    ...environment(),
    XPV_TYPES: 'on',
    ...{ JUPYTER_CONFIG_DIR: folder, JUPYTER_RUNTIME_DIR: folder, IPYTHONDIR: folder },
    ...{ JUPYTER_DATA_DIR: join(folder, 'share', 'jupyter'), PYTHONWARNINGS: 'ignore' },
  }
  const script = (words: readonly string[]) =>
    promisify(execFile)(isThere ? python.path : '', [...words], { env, maxBuffer: 1 << 26 })
  const lesson = '01-the-prompt-and-the-machine'
  let driven: Promise<{ readonly stdout: string }>
  let executed: Promise<unknown>

  beforeAll(async () => {
    const config = loadConfig({ flags: {}, environment: {}, folder: '/nowhere' })
    const out = Object.assign(new Output(), { write: () => {} })
    const context = makeContext({ config, out, signal: new AbortController().signal })
    const words = { words: ['install'], name: undefined, displayName: undefined }
    await jupyter({ ...words, prefix: folder, isSysPrefix: false }, context)
    writeFileSync(notebook('given'), printJupyter(converted()))
    driven = script([join(import.meta.dirname, 'drive.py')])
    const how = ['--to', 'notebook', '--execute', '--allow-errors', '--output', notebook('made')]
    executed = script(['-m', 'nbconvert', ...how, notebook('given')])
    await Promise.allSettled([driven, executed])
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function converted(): JupyterNotebook {
    const text = readFileSync(join(ROOT, 'notebooks', `${lesson}.xpv.md`), 'utf8')
    const { document } = parseNotebook(text)
    return toJupyter({ document, outputs: `${lesson}.out`, file: () => undefined })
  }

  const notebook = (name: string): string => join(folder, `${name}.ipynb`)

  it('sees what the kernel shows, says, completes, and ends it', async () => {
    const saw = JSON.parse((await driven).stdout)
    const ran = (name: string): Ran => saw[name]
    const data = (name: string) => ran(name).shown.at(-1)?.['data'] as Record<string, string>
    const printed = (name: string, of: string): unknown =>
      ran(name)
        .shown.filter((each) => each['name'] === of)
        .map((each) => each['text'])
        .join('')
    expect(saw.language).toMatchObject({ name: 'typescript', file_extension: '.ts' })
    expect(ran('value')).toMatchObject({ status: 'ok', count: 1 })
    expect(data('value')['text/plain']).toBe('42')
    expect(data('table')['text/html']).toMatch(/<table>[\s\S]*left">Domain-0<\/td>/)
    expect(data('table')['text/markdown']).toMatch(/\| Domain-0 \|/)
    expect(data('chart')['image/svg+xml']).toMatch(/^<svg /)
    expect(printed('d', 'stdout')).toMatch(/dom-create-start +1\n/)
    expect(printed('command', 'stdout')).toMatch(/^Name[\s\S]*\nweb1 /)
    expect(ran('error').shown.at(-1)).toMatchObject({
      type: 'error',
      traceback: ['Error: boom', '    at f (cell 6, line 2:9)', '    at cell 6, line 4:1'],
    })
    expect(ran('types').shown.at(-1)).toMatchObject({ type: 'error', ename: 'ts.2322' })
    const types = saw.complete.metadata._jupyter_types_experimental
    expect(saw.complete.matches).toContain('idleNs')
    expect(types).toContainEqual({ text: 'idleNs', start: 9, end: 11, type: 'number' })
    expect(saw.inspect.data['text/plain']).toMatch(/Pcpu\.idleNs: number[\s\S]*nanoseconds/)
    expect([saw.loop.name, saw.wait.name]).toEqual(['Interrupted', 'Interrupted'])
    expect(data('after')['text/plain']).toBe('42')
    expect(ran('restarted')).toMatchObject({ count: 1 })
    expect(data('restarted')['text/plain']).toBe("'undefined'")
    expect(saw.gone).toEqual(saw.gone.map(() => true))
    expect([saw.ended, saw.orphan]).toEqual([true, true])
  })

  it('gives the outputs of a converted lesson as they are stored', async () => {
    await executed
    const [given, made] = ['given', 'made'].map((name) =>
      JSON.parse(readFileSync(notebook(name), 'utf8')),
    )
    const texts = (of: { readonly cells: readonly Record<string, unknown>[] }): unknown =>
      of.cells
        .filter((cell) => cell['cell_type'] === 'code')
        .map((cell) => [cell['source'], printedBy(cell['outputs']).body])
    expect(texts(given)).not.toEqual([])
    expect(texts(made)).toEqual(texts(given))
  })
})
