// TypeScript modules without hooks: where Node permits no threads, and so no hooks of its loader, a
// module is read, stripped and linked here.
//
//   importTypeScript('file:///x/rows.ts')  ->  its namespace; what it imports is linked in turn
//
// Holds: only .ts files are linked here, each once; all else is Node's to import, so that it is
// there only once. As with the loader's hooks ./rows.js may mean ./rows.ts, and `xpv` is our
// library.
// Source: Node's documentation of vm.SourceTextModule (--experimental-vm-modules).
import { existsSync, readFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import vm, { type Module } from 'node:vm'

/** Imports the .ts module at `url`. `ownAddress` is the address of the module called xpv. Throws
 *  what the module throws, and what reading it does. */
export async function importTypeScript(
  url: string,
  ownAddress: string | undefined,
): Promise<unknown> {
  const module = linked(url, ownAddress)
  if (module.status === 'unlinked') {
    await module.link((specifier, from) => found(specifier, from.identifier, ownAddress))
  }
  await module.evaluate()
  return module.namespace
}

const modules = new Map<string, Module>()

/** The module, not linked yet when it is met for the first time. */
function linked(url: string, ownAddress: string | undefined): Module {
  const known = modules.get(url)
  if (known !== undefined) return known
  const module = new vm.SourceTextModule(stripped(fileURLToPath(url)), {
    identifier: url,
    initializeImportMeta: (meta) => {
      meta.url = url
    },
    importModuleDynamically: async (specifier) => {
      const target = targetOf(specifier, url, ownAddress)
      return isTyped(target) ? importTypeScript(target, ownAddress) : import(target)
    },
  })
  modules.set(url, module)
  return module
}

async function found(
  specifier: string,
  from: string,
  ownAddress: string | undefined,
): Promise<Module> {
  const target = targetOf(specifier, from, ownAddress)
  if (isTyped(target)) return linked(target, ownAddress)
  const known = modules.get(target)
  if (known !== undefined) return known
  const isJson = target.endsWith('.json')
  const namespace: object = await (isJson
    ? import(target, { with: { type: 'json' } })
    : import(target))
  const names = Object.keys(namespace)
  const module = new vm.SyntheticModule(
    names,
    () => {
      for (const name of names) module.setExport(name, Reflect.get(namespace, name))
    },
    { identifier: target },
  )
  modules.set(target, module)
  return module
}

/** The address that a specifier means, seen from a module. */
function targetOf(specifier: string, from: string, ownAddress: string | undefined): string {
  if (specifier === 'xpv' && ownAddress !== undefined) return ownAddress
  if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`
  if (/^(file|data):/.test(specifier)) return specifier
  if (!/^(\.\.?)?\//.test(specifier)) {
    return pathToFileURL(createRequire(from).resolve(specifier)).href
  }
  const url = new URL(specifier, from)
  const typed = new URL(url.href.replace(/js$/, 'ts'))
  return !isThere(url) && isThere(typed) ? typed.href : url.href
}

/** Of what may not be read it cannot be told: it is not there. */
function isThere(url: URL): boolean {
  try {
    return existsSync(url)
  } catch {
    return false
  }
}

/** Whether what is at `url` is linked here. */
export function isTyped(url: string): boolean {
  return url.startsWith('file:') && /\.[cm]?ts$/.test(url) && !url.includes('/node_modules/')
}

function stripped(path: string): string {
  const { transformSync } = createRequire(import.meta.url)('amaro') as typeof import('amaro')
  const source = readFileSync(path, 'utf8')
  const attempt = (mode: 'strip-only' | 'transform'): string =>
    transformSync(source, { mode, filename: path }).code
  try {
    return attempt('strip-only')
  } catch (error) {
    if (codeOf(error) === 'UnsupportedSyntax') return attempt('transform')
    throw new SyntaxError(`${path}: ${messageOf(error)}`)
  }
}

const codeOf = (error: unknown): unknown => partOf(error, 'code')
const messageOf = (error: unknown): string => String(partOf(error, 'message') ?? error)

function partOf(thrown: unknown, name: string): unknown {
  return typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, name) : undefined
}
