// The loader of modules that cells import: Node 20 knows none of TypeScript's kind, and what they
// wait for has to end with the cell that called them.
//
//   import { rows } from './rows.ts'    types stripped, every line and column stays (but for an
//                                       enum and the like, which have to become something else)
//   import { rows } from './rows.js'    the .ts of that name, when there is no .js
//   import { on } from 'xpv'            the program's own library, wherever the module lies
//
// Holds: files below a node_modules folder, our own and CommonJS are left to Node. Without a
// session a gate lets everything through. Registered once, when first needed.
// Source: Node's documentation of module.register and of customization hooks.
import { createRequire, register } from 'node:module'
import { pathToFileURL } from 'node:url'
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Position } from '../base/span.js'
import { AWAIT_FUNCTION, EACH_FUNCTION, type GateNames, gatesOf, TURNS_FUNCTION } from './gates.js'

/** The gates as an imported file knows them: functions of its own, put behind its text. */
const NAMES: GateNames = {
  wait: '__xpvWaits',
  back: '__xpvGoesOn',
  each: '__xpvEachOf',
  turns: '__xpvTurnsOf',
}

const FUNCTIONS = `
;function ${NAMES.wait}(value, cell) {
  const gate = globalThis.${AWAIT_FUNCTION}
  return gate ? gate(value, cell) : Promise.resolve(value).then((result) => () => result)
}
function ${NAMES.back}(outcome) { return outcome() }
function ${NAMES.each}(values, cell) {
  const gate = globalThis.${EACH_FUNCTION}
  return gate ? gate(values, cell) : values
}
function ${NAMES.turns}(cell, method, ...given) {
  const gate = globalThis.${TURNS_FUNCTION}
  return gate ? gate(cell, method, ...given) : given
}
`

/** The hooks' source: Node runs them on a thread of their own, so they are a module by themselves.
 *  The data are the addresses of the stripper and of the library. */
const HOOKS = `
import { readFileSync, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const gatesOf = ${gatesOf.toString()}
const NAMES = ${JSON.stringify(NAMES)}
const FUNCTIONS = ${JSON.stringify(FUNCTIONS)}
let amaro, acorn, own, ours, port
const KIND = /\\.[cm]?ts$/

async function initialize(data) {
  amaro = await import(data.amaro)
  acorn = await import(data.acorn)
  own = data.own
  ours = data.ours
  port = data.port
}

async function resolve(specifier, context, next) {
  if (specifier === 'xpv' && own !== undefined) return { url: own, shortCircuit: true }
  try {
    return await next(specifier, context)
  } catch (error) {
    const typed = error.code === 'ERR_MODULE_NOT_FOUND' && asTyped(specifier, context.parentURL)
    if (typed) return { url: typed, shortCircuit: true }
    throw error
  }
}

function asTyped(specifier, parent) {
  if (!/^(\\.|\\/|file:)/.test(specifier) || !/js$/.test(specifier)) return undefined
  const url = new URL(specifier.replace(/js$/, 'ts'), parent)
  return existsSync(url) ? url.href : undefined
}

async function load(url, context, next) {
  const path = new URL(url).pathname
  const isForeign = !url.startsWith('file:') || path.includes('/node_modules/')
  if (isForeign || url.startsWith(ours)) return next(url, context)
  if (!KIND.test(path)) {
    const loaded = await next(url, context)
    if (loaded.format !== 'module' || loaded.source == null) return loaded
    return { ...loaded, source: gated(url, new TextDecoder().decode(loaded.source)) }
  }
  const file = fileURLToPath(url)
  const source = gated(url, stripped(file, readFileSync(file, 'utf8')))
  return { format: 'module', source, shortCircuit: true }
}

/** The text with its gates; as it is where it cannot be read. */
function gated(url, js) {
  const gates = []
  try {
    walk(acorn.parse(js, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true }))
  } catch {
    return js
  }
  if (gates.length === 0) return js
  gates.sort((a, b) => a.at - b.at || a.rank - b.rank)
  let text = ''
  let from = 0
  for (const gate of gates) {
    text += js.slice(from, gate.at) + gate.text
    from = gate.at
  }
  port.postMessage({ url, added: gates.map((gate) => placeOf(js, gate)) })
  return text + js.slice(from) + FUNCTIONS

  function walk(node) {
    gates.push(...gatesOf(js, node, 0, NAMES))
    for (const child of Object.values(node).flat()) {
      if (typeof child === 'object' && child !== null && 'type' in child) walk(child)
    }
  }
}

function placeOf(js, { at, text }) {
  const before = js.slice(0, at)
  const start = before.lastIndexOf('\\n') + 1
  return { line: before.split('\\n').length, column: at - start + 1, length: text.length }
}

function stripped(file, source) {
  try {
    return amaro.transformSync(source, { mode: 'strip-only', filename: file }).code
  } catch (error) {
    if (error.code === 'UnsupportedSyntax') {
      return amaro.transformSync(source, { mode: 'transform', filename: file }).code
    }
    const { startLine: line, startColumn: column } = error
    const place = line === undefined ? '' : ':' + line + ':' + (column + 1)
    throw new SyntaxError(file + place + ': ' + error.message)
  }
}

export { initialize, resolve, load }
`

/** What gates have added to files: where it stood in them, how long it is. */
interface Added {
  readonly line: number
  readonly column: number
  readonly length: number
}

const ADDED = new Map<string, readonly Added[]>()
let loader: MessagePort | undefined

/** The place in an imported file as it is written, of one in the code that ran. */
export function placeInFile(url: string, at: Position): Position {
  for (;;) {
    const told = loader === undefined ? undefined : receiveMessageOnPort(loader)
    if (told === undefined) break
    const { url, added } = told.message as { url: string; added: readonly Added[] }
    ADDED.set(url, added)
  }
  let more = 0
  for (const { line, column, length } of ADDED.get(url) ?? []) {
    if (line === at.line && at.column >= column + more + length) more += length
  }
  return { line: at.line, column: at.column - more }
}

/** Teaches `import` TypeScript. `ownAddress` is the address of the module called xpv. */
export function registerTypeScript(ownAddress: string | undefined): void {
  if (loader !== undefined) return
  const { port1, port2: port } = new MessageChannel()
  port1.unref()
  loader = port1
  const { resolve } = createRequire(import.meta.url)
  const [amaro, acorn] = ['amaro', 'acorn'].map((name) => pathToFileURL(resolve(name)).href)
  const ours = new URL('.', import.meta.url).href
  register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, {
    data: { amaro, acorn, own: ownAddress, ours, port },
    transferList: [port],
  })
}
