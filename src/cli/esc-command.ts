// The command `esc`: Eversholt rules checked, counted, and printed as they are without macros.
//
//   esc check gcpu.esc           mistakes with their places, then what the rules are made of
//   esc print -I include x.esc   the rules once macros are expanded
//
// Holds: each file is compiled on its own, as esc(1) does; status 1 when one has an error.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileError, isFolder } from '../backend/replay/file-source.js'
import { printDiagnostic } from '../base/diagnostic.js'
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import { textTable } from '../chart/table.js'
import type { EscDiagnostic } from '../fma/eversholt/diagnostics.js'
import type { FindInclude } from '../fma/eversholt/preprocess.js'
import type { Command } from '../session/command.js'
import type { CompiledFile } from '../session/esc/rule-counts.js'
import { DONE, FAILED } from './exit-status.js'

/** Makes the command. Paths are meant from `directory`; `json` prints one object. */
export function escCommand(directory: () => string, json: boolean): Command {
  return {
    name: 'esc',
    summary: 'Eversholt rules (.esc): check and count, or print without macros',
    usage: 'check|print [-I FOLDER]... FILE|FOLDER...',
    examples: ['esc check gcpu.esc', 'esc check -I include rules', 'esc print gcpu.esc'],
    complete: (words) => (words.length === 0 ? VERBS : []),
    run: async (argv, io) => {
      const { verb, folders, paths } = parse(argv)
      const files = paths.flatMap((path) => rulesAt(path, directory()))
      const compiled = await compileAll(files, folders, directory())
      if (verb === 'check') io.write(await (json ? toJson(compiled) : toText(compiled)))
      else {
        io.warn(compiled.flatMap(errorsOf).join(''))
        io.write(await toRules(compiled))
      }
      return compiled.every(({ result }) => result.isRight) ? DONE : FAILED
    },
  }
}

const VERBS: readonly string[] = ['check', 'print']

interface Words {
  readonly verb: string
  readonly folders: readonly string[]
  readonly paths: readonly string[]
}

function parse([verb = '', ...argv]: readonly string[]): Words {
  if (!VERBS.includes(verb)) {
    const near = nearest(verb, VERBS)
    const hint = `esc ${near ?? 'check'} ${argv[0] ?? 'FILE'}`
    throw new XpvError('esc.usage', `esc checks or prints, not "${verb}"`, hint)
  }
  const folders: string[] = []
  const paths: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (word === '-I') folders.push(argv[++i] ?? '')
    else if (word.startsWith('-I')) folders.push(word.slice(2))
    else if (word.startsWith('-')) throw usage(verb, `there is no option ${word}`)
    else paths.push(word)
  }
  if (folders.includes('')) throw usage(verb, '-I wants a folder')
  if (paths.length === 0) throw usage(verb, 'it is not said which file')
  return { verb, folders, paths }
}

const usage = (verb: string, message: string): XpvError =>
  new XpvError('esc.usage', message, `esc ${verb} [-I FOLDER] FILE`)

/** The file a word names, or all rules below a folder, in order of names. */
function rulesAt(path: string, directory: string): readonly string[] {
  const folder = resolve(directory, path)
  if (!isFolder(folder)) return [path]
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = found.filter((name) => name.endsWith('.esc')).sort()
  if (files.length > 0) return files.map((name) => join(path, name))
  throw new XpvError('file.not-found', `${path} holds no rules (*.esc)`, 'esc check FILE')
}

async function compileAll(
  files: readonly string[],
  folders: readonly string[],
  directory: string,
): Promise<readonly CompiledFile[]> {
  const { compileRules } = await import('../fma/eversholt/compile.js')
  const { knownHeader } = await import('../fma/eversholt/known-headers.js')
  const find: FindInclude = (name, from) => {
    for (const folder of [dirname(from.name), ...folders]) {
      const path = join(folder, name)
      const isFile = statSync(resolve(directory, path), { throwIfNoEntry: false })?.isFile()
      if (isFile) return { name: path, text: textOf(path, directory) }
    }
    return knownHeader(name)
  }
  return files.map((file) => {
    const result = compileRules({ name: file, text: textOf(file, directory) }, find)
    return { file, result }
  })
}

function textOf(file: string, directory: string): string {
  try {
    return readFileSync(resolve(directory, file), 'utf8')
  } catch (error) {
    throw fileError(file, error, 'ls *.esc')
  }
}

async function toText(compiled: readonly CompiledFile[]): Promise<string> {
  const told = compiled.flatMap(({ result }) => result.diagnostics.map((d) => `${print(d)}\n`))
  const { countsLines, countsOf, countsTable } = await import('../session/esc/rule-counts.js')
  const lines = [textTable(countsTable(compiled)), ...countsLines(countsOf(compiled))]
  return `${told.join('')}${lines.join('\n')}\n`
}

function print(d: EscDiagnostic): string {
  const message = d.severity === 'warning' ? `warning: ${d.message}` : d.message
  return printDiagnostic(d.source.text, { ...d, message }, d)
}

async function toJson(compiled: readonly CompiledFile[]): Promise<string> {
  const { countRules } = await import('../fma/eversholt/count.js')
  const files = compiled.map(({ file, result }) => ({
    file,
    isRight: result.isRight,
    counts: countRules(result),
    pragmas: result.pragmas,
    diagnostics: result.diagnostics.map(({ source, span, ...told }) => told),
  }))
  return `${JSON.stringify({ files })}\n`
}

async function toRules(compiled: readonly CompiledFile[]): Promise<string> {
  const { printRules } = await import('../fma/eversholt/print.js')
  return compiled.map(({ result }) => printRules(result.rules, result.pragmas)).join('')
}

const errorsOf = ({ result }: CompiledFile): readonly string[] =>
  result.diagnostics.filter((d) => d.severity === 'error').map((d) => `${print(d)}\n`)
