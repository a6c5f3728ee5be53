// Front matter: the YAML between the two --- lines at a notebook's top.
//
// Holds: only `xpv: 1` is required. What is not understood is a Diagnostic, never a guess.
import { relative, resolve } from 'node:path'
import { parseDocument, parse as parseYaml } from 'yaml'
import type { Diagnostic } from '../base/diagnostic.js'
import type { FrontMatter, NotebookDocument, NotebookInput } from './document.js'
import { parseParams } from './front-params.js'
import { isMachineWord } from './machine-word.js'
import { mistake } from './mistake.js'

/** Reads the front matter's text (its --- lines included; "" when there is none). */
export function parseFront(head: string, diagnostics: Diagnostic[]): FrontMatter {
  if (head === '') {
    diagnostics.push(mistake('nb.no-front-matter', 'the file does not begin with ---, xpv: 1, ---'))
    return NONE
  }
  const yaml = yamlOf(head, diagnostics)
  if (yaml['xpv'] !== 1) {
    diagnostics.push(
      mistake('nb.version', `xpv: ${String(yaml['xpv'])} is not a format known here (1 is)`),
    )
  }
  const backend = isObject(yaml['backend']) ? yaml['backend'] : {}
  const machine = backend['machine'] ?? (backend['kind'] === 'sim' ? 'sim' : undefined)
  const inputs = Array.isArray(yaml['inputs']) ? yaml['inputs'] : []
  return {
    title: textOf(yaml['title']) ?? '',
    version: textOf(yaml['xpv-version']),
    machine: textOf(machine),
    hz: typeof backend['hz'] === 'number' ? backend['hz'] : undefined,
    seed: typeof backend['seed'] === 'number' ? backend['seed'] : undefined,
    folder: textOf(yaml['folder']),
    inputs: inputs.flatMap((entry, i) => input(entry, i, diagnostics)),
    params: parseParams(yaml['params'], diagnostics),
    allow: parseAllow(yaml['allow'], diagnostics),
  }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

const ALLOWED = /^(live|net|run|(read|write):.+)$/

function parseAllow(value: unknown, diagnostics: Diagnostic[]): readonly string[] {
  const words: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return words.flatMap((word) => {
    if (typeof word === 'string' && ALLOWED.test(word)) return [word]
    const message = `allow: ${String(word)} is none of live, net, run, read:PATH, write:PATH`
    diagnostics.push(mistake('nb.allow', message))
    return []
  })
}

const NONE: FrontMatter = {
  title: '',
  version: undefined,
  machine: undefined,
  hz: undefined,
  seed: undefined,
  folder: undefined,
  inputs: [],
  params: [],
  allow: [],
}

function input(value: unknown, i: number, diagnostics: Diagnostic[]): NotebookInput[] {
  const { path, sha256, bytes } = isObject(value) ? value : {}
  if (typeof path === 'string' && typeof sha256 === 'string' && typeof bytes === 'number') {
    return [{ path, sha256, bytes }]
  }
  diagnostics.push(mistake('nb.input', `inputs[${i}] wants path, sha256 and bytes`))
  return []
}

/** The document with other inputs pinned; its front matter's other lines stay as they are. */
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
  })
}

/** The document under another title. */
export function withTitle(document: NotebookDocument, title: string): NotebookDocument {
  if (document.head === '') return { ...document, front: { ...document.front, title } }
  const yaml = parseDocument(document.head.slice(FENCE.length, -FENCE.length))
  yaml.setIn(['title'], title)
  const head = `${FENCE}${yaml.toString({ lineWidth: 0 })}${FENCE}`
  return { ...document, head, front: { ...document.front, title } }
}

/** The document with these paths and pins in its front matter; other lines stay as they are. */
function edited(document: NotebookDocument, front: FrontMatter): NotebookDocument {
  const yaml = parseDocument(document.head.slice(FENCE.length, -FENCE.length))
  const { machine, folder } = document.front
  if (front.machine !== machine) yaml.setIn(['backend', 'machine'], front.machine)
  if (front.folder !== folder) yaml.setIn(['folder'], front.folder)
  front.inputs.forEach(({ path, sha256, bytes }, i) => {
    yaml.setIn(['inputs', i, 'path'], path)
    yaml.setIn(['inputs', i, 'sha256'], sha256)
    yaml.setIn(['inputs', i, 'bytes'], bytes)
  })
  const head = `${FENCE}${yaml.toString({ lineWidth: 0 })}${FENCE}`
  return { ...document, head, front }
}

const FENCE = '---\n'

function yamlOf(head: string, diagnostics: Diagnostic[]): Readonly<Record<string, unknown>> {
  try {
    const yaml: unknown = parseYaml(head.slice(FENCE.length, -FENCE.length))
    if (isObject(yaml)) return yaml
    diagnostics.push(mistake('nb.front-matter', 'the front matter is not a mapping'))
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    diagnostics.push(mistake('nb.front-matter', why))
  }
  return {}
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
