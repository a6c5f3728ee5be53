// Front matter: the YAML between the two --- lines at a notebook's top.
//
// Holds: only `xpv: 1` is required. What is not understood is a Diagnostic, never a guess.
import { parse as parseYaml } from 'yaml'
import type { Diagnostic } from '../base/diagnostic.js'
import type { FrontMatter, NotebookInput } from './document.js'
import { mistake } from './mistake.js'

/** Reads the front matter's text (its --- lines included; "" when there is none). */
export function parseFront(head: string, diagnostics: Diagnostic[]): FrontMatter {
  const none: FrontMatter = { title: '', machine: undefined, hz: undefined, inputs: [] }
  if (head === '') {
    diagnostics.push(mistake('nb.no-front-matter', 'the file does not begin with ---, xpv: 1, ---'))
    return none
  }
  const yaml = yamlOf(head, diagnostics)
  if (yaml['xpv'] !== 1) {
    diagnostics.push(
      mistake('nb.version', `xpv: ${String(yaml['xpv'])} is not a format known here (1 is)`),
    )
  }
  const backend = isObject(yaml['backend']) ? yaml['backend'] : {}
  const machine = backend['machine']
  const inputs = Array.isArray(yaml['inputs']) ? yaml['inputs'] : []
  return {
    title: typeof yaml['title'] === 'string' ? yaml['title'] : '',
    machine: typeof machine === 'string' ? machine : undefined,
    hz: typeof backend['hz'] === 'number' ? backend['hz'] : undefined,
    inputs: inputs.flatMap((entry, i) => input(entry, i, diagnostics)),
  }
}

function input(value: unknown, i: number, diagnostics: Diagnostic[]): NotebookInput[] {
  const { path, sha256, bytes } = isObject(value) ? value : {}
  if (typeof path === 'string' && typeof sha256 === 'string' && typeof bytes === 'number') {
    return [{ path, sha256, bytes }]
  }
  diagnostics.push(mistake('nb.input', `inputs[${i}] wants path, sha256 and bytes`))
  return []
}

function yamlOf(head: string, diagnostics: Diagnostic[]): Readonly<Record<string, unknown>> {
  try {
    const yaml: unknown = parseYaml(head.replace(/^---\n/, '').replace(/---\n$/, ''))
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
