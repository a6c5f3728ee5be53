// A notebook as a program: what `xpv FILE.ts` runs, with the same outputs.
//
//   prose                 ->  // comments
//   ts cell               ->  its statements; the value of the last one is shown
//   d, sh cell            ->  await show(d`...`), await sh`...`
//   esc cell #site        ->  const site = esc`...`, which is shown
//   machine, folder       ->  a comment on how to run it
//
// Holds: cells share one scope, in which a name is declared once.
import { dirname, relative, resolve } from 'node:path'
import { XpvError } from '../../../base/error.js'
import { type Cell, cellsOf, type FrontMatter, type NotebookDocument } from '../../document.js'
import { namesOf } from '../../graph/cell-names.js'
import { isMachineWord } from '../../machine-word.js'
import { literal } from '../jupyter/setup.js'
import { statements } from './statements.js'

/** The program; `path` is where it will lie. Throws `XpvError` `nb.convert` for a notebook that
 *  cannot be one. */
export async function scriptOf(document: NotebookDocument, path: string): Promise<string> {
  refuseTwice(cellsOf(document))
  const texts = await Promise.all(
    document.parts.map(async (part) => {
      if (part.kind === 'prose') return comment(part.text)
      return part.kind === 'cell' ? `// #${part.id}\n${await cellCode(part)}` : ''
    }),
  )
  const body = texts.filter((text) => text !== '').join('\n')
  return `${heading(document.front, path)}\n${body}`
}

function heading(front: FrontMatter, path: string): string {
  const { title, machine, seed, hz, folder = '.', params } = front
  const where = resolve(dirname(path), folder)
  const isPath = machine !== undefined && !isMachineWord(machine)
  const spec = isPath ? relative(where, resolve(dirname(path), machine)) || '.' : machine
  const options = [
    ...(spec === undefined ? [] : [`--machine ${spec}`]),
    ...(seed === undefined ? [] : [`--seed ${seed}`]),
    ...(hz === undefined ? [] : [`--hz ${hz}`]),
  ]
  const values = params.map((param) => `${param.name}: ${literal(param.default)}`)
  const given =
    values.length === 0 ? '' : `const params = Object.freeze({ ${values.join(', ')} })\n`
  const name = oneLine(relative(where, resolve(path)))
  const run = oneLine(['xpv', ...options, name].join(' '))
  const from = folder === '.' ? 'Run it' : `Run it in ${oneLine(folder)}`
  return `// ${oneLine(title) || name}\n//\n// ${from}:  ${run}\n${given}`
}

async function cellCode(cell: Cell): Promise<string> {
  const code = await plainCode(cell)
  if (!cell.options.has('expect-error')) return code
  return `try {\n${code}} catch (error) {\n  await show(error)\n}\n`
}

async function plainCode(cell: Cell): Promise<string> {
  const { id, language, source } = cell
  const isWrong = cell.options.has('expect-error')
  const text = tagged(language, source, isWrong)
  switch (language) {
    case 'd':
      return `await show(${text})\n`
    case 'esc': {
      const [name] = namesOf(cell).defines
      return name === undefined
        ? `await show(${text})\n`
        : `const ${name} = ${text}\nawait show(${name})\n`
    }
    case 'sh':
      return `await ${text}\n`
    case 'ts': {
      const { code, shown } = await statements(source, id)
      return shown === undefined ? code : `${code}await show(${shown})\n`
    }
  }
}

/** A text behind a tag that takes it as it stands; one with mistakes that are meant is given whole,
 *  so that it is not checked before the program runs. */
function tagged(tag: string, text: string, isWrong: boolean): string {
  if (!isWrong && !/`|\$\{|\\$/.test(text)) return `${tag}\`${text}\``
  const list = `[${JSON.stringify(text)}]`
  return `${tag}(Object.assign(${list}, { raw: ${list} }))`
}

function comment(text: string): string {
  const lines = text.trim().split(/\r?\n/)
  return lines[0] === '' ? '' : `${lines.map((line) => `// ${line}`.trimEnd()).join('\n')}\n`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** One scope has a name once, and the names that show and run are not free. */
function refuseTwice(cells: readonly Cell[]): void {
  const definers = new Map<string, string>([
    ['show', ''],
    ['sh', ''],
  ])
  for (const cell of cells) {
    for (const name of namesOf(cell).defines) {
      const before = definers.get(name)
      if (before !== undefined) throw twice(name, before, cell.id)
      definers.set(name, cell.id)
    }
  }
}

function twice(name: string, before: string, id: string): XpvError {
  const message =
    before === ''
      ? `cell #${id} declares ${name}, with which a program shows values or runs commands`
      : `${name} is declared in #${before} and in #${id}: a program can declare it once`
  return new XpvError('nb.convert', message, `another name than ${name} in #${id}`)
}
