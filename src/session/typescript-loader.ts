// The loader of TypeScript modules that cells import: Node 20 knows none of their kind.
//
//   import { rows } from './rows.ts'    types stripped, every line and column stays (but for an
//                                       enum and the like, which have to become something else)
//   import { rows } from './rows.js'    the .ts of that name, when there is no .js
//   import { on } from 'xpv'            the program's own library, wherever the module lies
//
// Holds: files below a node_modules folder are left to Node. Registered once, when first needed.
// Source: Node's documentation of module.register and of customization hooks.
import { createRequire, register } from 'node:module'
import { pathToFileURL } from 'node:url'

/** The hooks' source: Node runs them on a thread of their own, so they are a module by themselves.
 *  The data are the addresses of the stripper and of the library. */
const HOOKS = `
import { readFileSync, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

let amaro, own
const KIND = /\\.[cm]?ts$/

async function initialize(data) {
  amaro = await import(data.amaro)
  own = data.own
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
  if (!url.startsWith('file:') || !KIND.test(path) || path.includes('/node_modules/')) {
    return next(url, context)
  }
  const file = fileURLToPath(url)
  const source = stripped(file, readFileSync(file, 'utf8'))
  return { format: 'module', source, shortCircuit: true }
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

let registered = false

/** Teaches `import` TypeScript. `ownAddress` is the address of the module called xpv. */
export function registerTypeScript(ownAddress: string | undefined): void {
  if (registered) return
  registered = true
  const amaro = pathToFileURL(createRequire(import.meta.url).resolve('amaro')).href
  register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, {
    data: { amaro, own: ownAddress },
  })
}
