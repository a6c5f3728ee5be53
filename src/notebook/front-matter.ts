// Front matter: the YAML between the two --- lines at a notebook's top.
//
// Holds: only `xpv: 1` is required. What is not understood is a Diagnostic, never a guess; a key
// that is not known is left alone, and warned of when it looks like a slip.
import { parse as parseYaml } from 'yaml'
import type { Diagnostic } from '../base/diagnostic.js'
import { nearest } from '../base/nearest.js'
import type { FrontMatter, NotebookInput } from './document.js'
import { parseParams } from './front-params.js'
import { mistake, warning } from './mistake.js'

/** Reads the front matter's text (its --- lines included; "" when there is none). */
export function parseFront(head: string, diagnostics: Diagnostic[]): FrontMatter {
  if (head === '') {
    diagnostics.push(mistake('nb.no-front-matter', 'the file does not begin with ---, xpv: 1, ---'))
    return NO_FRONT
  }
  const yaml = yamlOf(head, diagnostics)
  if (yaml === undefined) return NO_FRONT
  if (yaml['xpv'] !== 1) {
    const seen = JSON.stringify(yaml['xpv']) ?? 'nothing'
    diagnostics.push(mistake('nb.version', `xpv: ${seen} is not a format known here (1 is)`))
  }
  const backend = mapping(yaml['backend'], 'backend', diagnostics)
  checkKeys(yaml, KEYS, '', diagnostics)
  checkKeys(backend, BACKEND_KEYS, 'backend.', diagnostics)
  const read = new Reader(diagnostics)
  const inputs = Array.isArray(yaml['inputs']) ? yaml['inputs'] : []
  return {
    title: String(yaml['title'] ?? ''),
    version: yaml['xpv-version'] === undefined ? undefined : String(yaml['xpv-version']),
    machine:
      read.string('backend.machine', backend['machine']) ??
      (backend['kind'] === 'sim' ? 'sim' : undefined),
    hz: read.number('backend.hz', backend['hz']),
    seed: read.number('backend.seed', backend['seed']),
    folder: read.string('folder', yaml['folder']),
    inputs: inputs.flatMap((entry, i) => input(entry, i, diagnostics)),
    params: parseParams(yaml['params'], diagnostics),
    allow: allowed(yaml['allow'], diagnostics),
  }
}

/** The YAML of a front matter's text. */
export function yamlText(head: string): string {
  return head.replace(/^\uFEFF?---[ \t]*\r?\n/, '').replace(/---[ \t]*(\r?\n)?$/, '')
}

const KEYS: readonly string[] = [
  ...['xpv', 'title', 'xpv-version', 'backend', 'folder', 'inputs', 'params', 'allow', 'node'],
]
const BACKEND_KEYS: readonly string[] = ['kind', 'machine', 'hz', 'seed']

/** A front matter that says nothing. */
export const NO_FRONT: FrontMatter = {
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

/** Reads values that must be of a kind, where they are there at all. */
class Reader {
  readonly #diagnostics: Diagnostic[]

  constructor(diagnostics: Diagnostic[]) {
    this.#diagnostics = diagnostics
  }

  string(key: string, value: unknown): string | undefined {
    if (typeof value === 'string') return value
    return this.#refused(key, value, 'a text')
  }

  number(key: string, value: unknown): number | undefined {
    if (typeof value === 'number' && Number.isFinite(value)) return value
    return this.#refused(key, value, 'a number')
  }

  #refused(key: string, value: unknown, what: string): undefined {
    if (value === undefined || value === null) return
    const message = `${key} wants ${what}, not ${JSON.stringify(value)}`
    this.#diagnostics.push(mistake('nb.front-matter', message))
  }
}

function checkKeys(
  yaml: Mapping,
  known: readonly string[],
  above: string,
  diagnostics: Diagnostic[],
): void {
  for (const key of Object.keys(yaml)) {
    const near = known.includes(key) ? undefined : nearest(key, known)
    if (near === undefined) continue
    const message = `${above}${key} is no key of a notebook; did you mean ${above}${near}?`
    diagnostics.push(warning('nb.unknown-key', message))
  }
}

function input(value: unknown, i: number, diagnostics: Diagnostic[]): NotebookInput[] {
  const { path, sha256, bytes } = isMapping(value) ? value : {}
  if (typeof path === 'string' && typeof sha256 === 'string' && typeof bytes === 'number') {
    return [{ path, sha256, bytes }]
  }
  diagnostics.push(mistake('nb.input', `inputs[${i}] wants path, sha256 and bytes`))
  return []
}

const ALLOWED = /^(live|net|run|(read|write):.+)$/

function allowed(value: unknown, diagnostics: Diagnostic[]): readonly string[] {
  const words: unknown[] = Array.isArray(value) ? value : [value ?? []].flat()
  return words.flatMap((word) => {
    if (typeof word === 'string' && ALLOWED.test(word)) return [word]
    const known = 'live, net, run, read:PATH, write:PATH'
    const message = `allow: ${JSON.stringify(word)} is none of ${known}`
    diagnostics.push(mistake('nb.allow', message))
    return []
  })
}

type Mapping = Readonly<Record<string, unknown>>

function yamlOf(head: string, diagnostics: Diagnostic[]): Mapping | undefined {
  try {
    return mapping(parseYaml(yamlText(head)) ?? undefined, 'the front matter', diagnostics)
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    diagnostics.push(mistake('nb.front-matter', why))
    return undefined
  }
}

function mapping(value: unknown, what: string, diagnostics: Diagnostic[]): Mapping {
  if (isMapping(value)) return value
  if (value !== undefined) {
    diagnostics.push(mistake('nb.front-matter', `${what} is not a mapping of keys to values`))
  }
  return {}
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
