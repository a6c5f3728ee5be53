// Changes to a front matter: its text anew, where something in it is another than before.
//
// Holds: what is not changed keeps its words, its comments and its place; with nothing changed not
// a byte is another.
import { relative, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import type { FrontMatter, NotebookDocument, NotebookInput, ParamValue } from './document.js'
import { yamlText } from './front-matter.js'
import { isMachineWord } from './machine-word.js'

/** The document with other inputs pinned. */
export function withInputs(
  document: NotebookDocument,
  inputs: readonly NotebookInput[],
): NotebookDocument {
  return edited(document, { ...document.front, inputs })
}

/** The document as it must be to lie in another folder: all its paths lead where they led. */
export function movedTo(document: NotebookDocument, from: string, to: string): NotebookDocument {
  const { front } = document
  const move = (path: string): string => relative(to, resolve(from, path)) || '.'
  const { machine } = front
  const stays = machine === undefined || isMachineWord(machine)
  return edited(document, {
    ...front,
    machine: stays ? machine : move(machine),
    folder: move(front.folder ?? ''),
    inputs: front.inputs.map((input) => ({ ...input, path: move(input.path) })),
    allow: front.allow.map((word) => {
      const [, kind = '', path] = /^((?:read|write):)(.+)$/s.exec(word) ?? []
      return path === undefined ? word : `${kind}${move(path)}`
    }),
  })
}

/** What a run was given besides the notebook. */
export interface RunGivens {
  /** As the front matter would say it. */
  readonly machine: string | undefined
  readonly seed: number | undefined
  readonly hz: number | undefined
  /** Values of parameters, each of its type. */
  readonly params: ReadonlyMap<string, ParamValue>
}

/** The document that says by itself what a run was given: who runs it again gets the same. */
export function withGivens(document: NotebookDocument, givens: RunGivens): NotebookDocument {
  const { front } = document
  const machine = givens.machine ?? front.machine
  const isSaid = machine !== undefined && givens.seed !== undefined && SEED.test(machine)
  return edited(document, {
    ...front,
    machine: isSaid ? machine.replace(SEED, `seed=${givens.seed}`) : machine,
    hz: givens.hz ?? front.hz,
    seed: isSaid ? front.seed : (givens.seed ?? front.seed),
    params: front.params.map((param) => ({
      ...param,
      default: givens.params.get(param.name) ?? param.default,
    })),
  })
}

/** A seed in the spec of a simulated host. */
const SEED = /\bseed=\d+/

/** The document under another title. */
export function withTitle(document: NotebookDocument, title: string): NotebookDocument {
  const front = { ...document.front, title }
  return document.head === '' ? { ...document, front } : edited(document, front)
}

/** The document as one whose outputs this version stored; one that names no version names none. */
export function withVersion(document: NotebookDocument, version: string): NotebookDocument {
  const { front } = document
  return front.version === undefined ? document : edited(document, { ...front, version })
}

function edited(document: NotebookDocument, front: FrontMatter): NotebookDocument {
  const changes = changesIn(document.front, front)
  if (changes.length === 0) return { ...document, front }
  const { head } = document
  const newline = head.includes('\r\n') ? '\r\n' : '\n'
  const yaml = parseDocument(yamlText(head))
  for (const { path, value } of changes) {
    const isDetailed = path[0] === 'params' && yaml.hasIn([...path, 'default'])
    yaml.setIn(isDetailed ? [...path, 'default'] : path, value)
  }
  const text = `---\n${yaml.toString({ lineWidth: 0 })}---\n`
  return { ...document, head: text.replaceAll('\n', newline), front }
}

interface Change {
  readonly path: readonly (string | number)[]
  readonly value: unknown
}

function changesIn(before: FrontMatter, after: FrontMatter): readonly Change[] {
  const inputs = after.inputs.flatMap((input, i) =>
    (['path', 'sha256', 'bytes'] as const)
      .filter((key) => input[key] !== before.inputs[i]?.[key])
      .map((key) => ({ path: ['inputs', i, key], value: input[key] })),
  )
  const params = after.params
    .filter((param, i) => param.default !== before.params[i]?.default)
    .map((param) => ({ path: ['params', param.name], value: yamlValue(param.default) }))
  const isAllowed = after.allow.join() === before.allow.join()
  const allow = isAllowed ? [] : [{ path: ['allow'], value: [...after.allow] }]
  const others = [
    { path: ['title'], before: before.title, value: after.title },
    { path: ['xpv-version'], before: before.version, value: after.version },
    { path: ['backend', 'machine'], before: before.machine, value: after.machine },
    { path: ['backend', 'hz'], before: before.hz, value: after.hz },
    { path: ['backend', 'seed'], before: before.seed, value: after.seed },
    { path: ['folder'], before: before.folder, value: after.folder },
  ]
  return [...others.filter((each) => each.before !== each.value), ...inputs, ...params, ...allow]
}

/** A bigint as it is written: text, for YAML knows no number of that size. */
const yamlValue = (value: ParamValue): unknown =>
  typeof value === 'bigint' ? String(value) : value
