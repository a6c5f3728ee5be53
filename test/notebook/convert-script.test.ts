// A notebook as a program says what the notebook says. Blank lines are left out of it: those around
// the output of a D program are dtrace(8)'s, and the value of d`...` has none.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { connect } from '../../src/cli/connect.js'
import { CurrentMachine } from '../../src/cli/current-machine.js'
import { openSession } from '../../src/cli/session.js'
import { scriptOf } from '../../src/notebook/export/script/script.js'
import { statements } from '../../src/notebook/export/script/statements.js'
import { parseNotebook } from '../../src/notebook/format.js'
import { ROOT, xpv } from '../cli/xpv-process.js'

const LESSONS = [
  '00-the-origin',
  '02-a-domain-is-created',
  '06-two-reads-two-pcpus',
  '08-fma-on-metal',
  '07-a-bank-by-hand',
]

const RUN = /Run it(?: in ([^:]*))?: {2}xpv (.*)/

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')

/** What a program prints where its first lines say that it is to be run. */
async function printed(code: string): Promise<string> {
  const [, where = '.', options = ''] = RUN.exec(code) ?? []
  const spec = /--machine (\S+)/.exec(options)?.[1]
  const before = process.cwd()
  process.chdir(resolve(ROOT, 'notebooks', where))
  let text = ''
  const write = (more: string): void => {
    text += more
  }
  const machine = new CurrentMachine(spec, (what, hz) => connect(what, { hz }), undefined)
  const columns = (): number => 80
  const open = openSession(machine, { write, warn: write, columns })
  try {
    const result = await open.session.evaluate(code, { language: 'ts', final: true })
    return result.kind === 'error' ? `${text}${result.error.text}` : text
  } finally {
    open.close()
    process.chdir(before)
  }
}

function notebook(cells: string): Parameters<typeof scriptOf>[0] {
  return parseNotebook(`---\nxpv: 1\n---\n${cells}`).document
}

const cell = (id: string, text: string, language = 'ts'): string =>
  `\`\`\`\`${language} xpv #${id}\n${text}\n\`\`\`\`\n`

describe('lessons', () => {
  it.each(LESSONS)('%s: the same outputs', async (name) => {
    const path = join(ROOT, 'notebooks', `${name}.xpv.md`)
    const { document } = parseNotebook(readFileSync(path, 'utf8'))
    const code = await scriptOf(document, join(dirname(path), `${name}.ts`))
    const stored = document.parts.flatMap((part) => (part.kind === 'output' ? [part.body] : []))
    expect(lines(await printed(code))).toEqual(lines(stored.join('')))
  })

  it('by the commands, types checked, as the first lines of the program say', () => {
    const folder = mkdtempSync(join(tmpdir(), 'xpv-script-'))
    afterAll(() => rmSync(folder, { recursive: true }))
    const target = join(folder, 'register.ts')
    const made = xpv(['convert', 'notebooks/06-two-reads-two-pcpus.xpv.md', target])
    expect(made).toEqual({ status: 0, out: `${target}\n`, err: '' })
    const [, where = '', words = ''] = RUN.exec(readFileSync(target, 'utf8')) ?? []
    const run = xpv(words.split(' '), { cwd: resolve(folder, where) })
    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toMatch(/^pcpu {2}online {2}socket /)
  })
})

describe('cells', () => {
  it.each([
    ['const a = 1; a + 1 // two', { code: 'const a = 1;\n', shown: 'a + 1' }],
    ['a\n  .b()', { code: '', shown: 'a\n  .b()' }],
    ['({ a: 1 });', { code: '', shown: '({ a: 1 })' }],
    ['(a, b)', { code: '', shown: '(a, b)' }],
    ['{ a: 1 }', { code: '', shown: '({ a: 1 })' }],
    ['const n: number = 1', { code: 'const n: number = 1\n', shown: undefined }],
    ['await f<string>(x as any)', { code: '', shown: 'await f<string>(x as any)' }],
    ['// only a comment', { code: '// only a comment\n', shown: undefined }],
    ['for (const x of y) x()', { code: 'for (const x of y) x()\n', shown: undefined }],
  ])('%j', async (source, made) => expect(await statements(source, 'a')).toEqual(made))

  it('texts that a template cannot hold go in whole', async () => {
    const text = 'BEGIN { printf("a`b $%s\\n", "{c}"); exit(0); }'
    const code = await scriptOf(notebook(cell('a', text, 'd')), '/x/a.ts')
    expect(await printed(code)).toContain(`a\`b $${'{c}'}\n`)
    expect(code).toContain(`d(Object.assign([${JSON.stringify(`${text}\n`)}], { raw: [`)
  })

  it('an error that was expected is shown, and the next cell runs', async () => {
    const cells = `${cell('a expect-error=x.y', "throw new Error('seen')")}${cell('b', '1 + 1')}`
    const code = await scriptOf(notebook(cells), '/x/a.ts')
    expect(await printed(code)).toMatch(/^Error: seen[\s\S]*\n2\n$/)
  })

  it('rules have their name, as in the notebook', async () => {
    const cells = `${cell('site', '/* none */', 'esc')}${cell('b', 'typeof site')}`
    const code = await scriptOf(notebook(cells), '/x/a.ts')
    expect(await printed(code)).toMatch(/^file [\s\S]*\n'object'\n$/)
  })

  it('mistakes that are meant are found when the program runs, not before', async () => {
    const wrong = cell('site expect-error=esc.syntax', 'event', 'esc')
    const code = await scriptOf(notebook(`${wrong}${cell('b', '1 + 1')}`), '/x/a.ts')
    expect(code).toContain('esc(Object.assign(["event\\n"]')
    expect(await printed(code)).toMatch(/^esc\.syntax: [\s\S]*\n2\n$/)
  })

  it('parameters are there', async () => {
    const head = '---\nxpv: 1\nparams: { n: 3, s: x }\n---\n'
    const { document } = parseNotebook(`${head}${cell('a', 'params')}`)
    expect(await printed(await scriptOf(document, '/x/a.ts'))).toBe("{ n: 3, s: 'x' }\n")
  })

  it.each([
    [`${cell('a', 'const x = 1')}${cell('b', 'let x = 2')}`, /x is declared in #a and in #b/],
    [cell('a', 'const show = 1'), /#a declares show/],
    [cell('a', 'let 3'), /#a is no TypeScript/],
  ])('%j is refused', async (cells, message) => {
    const made = scriptOf(notebook(cells), '/x/a.ts')
    await expect(made).rejects.toThrow(
      expect.objectContaining({ code: 'nb.convert', message: expect.stringMatching(message) }),
    )
  })
})
