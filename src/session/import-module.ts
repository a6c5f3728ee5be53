// Imports of a cell: a specifier as written, resolved from the place where the session stands.
//
//   'node:os'   './rows.ts'   'fast-check'   'xpv'      the last is given by the program, not found
//                                                       on disk
import { createRequire, isBuiltin } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { XpvError } from '../base/error.js'
import { mayStartThreads } from './threads.js'

/** Modules that need no file: name to loader. */
export type GivenModules = Readonly<Record<string, () => Promise<unknown>>>

/** Where imports start, and what they find besides files. */
export interface ImportPlace {
  /** The folder of relative names. */
  readonly directory: string
  readonly given: GivenModules
  /** The address of the module that files may import as 'xpv'. */
  readonly ownAddress: string | undefined
}

/** The function that imports in cells call. It throws `XpvError` `session.no-module`. */
export function moduleImporter(place: ImportPlace): (specifier: unknown) => Promise<unknown> {
  const { directory, given } = place
  const require = createRequire(join(directory, 'cell.js'))
  return async (specifier) => {
    const name = String(specifier)
    const load = Object.hasOwn(given, name) ? given[name] : undefined
    if (load !== undefined) return load()
    if (isBuiltin(name)) return import(name)
    const linker = mayStartThreads() ? undefined : await import('./typescript-linker.js')
    if (linker === undefined) {
      const { registerTypeScript } = await import('./typescript-loader.js')
      registerTypeScript(place.ownAddress)
    }
    try {
      const url = urlOf(name, directory, require)
      if (linker?.isTyped(url)) return await linker.importTypeScript(url, place.ownAddress)
      return await (url.endsWith('.json') ? import(url, { with: { type: 'json' } }) : import(url))
    } catch (error) {
      throw isMissing(error, name) ? missing(name, directory) : error
    }
  }
}

/** What `import.meta` says in a cell. */
export interface CellMeta {
  /** The address of the folder, so that `new URL('a.txt', import.meta.url)` is in it. */
  readonly url: string
  readonly dirname: string
  /** The address of what an import of that name leads to. Throws `XpvError` `session.no-module`. */
  resolve(specifier: string): string
}

/** Makes it, for cells that stand in a folder. */
export function importMeta(directory: string): CellMeta {
  const require = createRequire(join(directory, 'cell.js'))
  return {
    url: pathToFileURL(join(directory, '/')).href,
    dirname: directory,
    resolve: (specifier) => {
      if (isBuiltin(specifier)) return `node:${specifier.replace(/^node:/, '')}`
      try {
        return urlOf(specifier, directory, require)
      } catch (error) {
        throw isMissing(error, specifier) ? missing(specifier, directory) : error
      }
    },
  }
}

function urlOf(name: string, directory: string, require: NodeJS.Require): string {
  if (/^(file|data):/.test(name)) return name
  if (/^(\.\.?)?\//.test(name)) return pathToFileURL(resolve(directory, name)).href
  return pathToFileURL(require.resolve(name)).href
}

/** Whether it is this very module that was not found, not one that it imports in turn. */
function isMissing(error: unknown, name: string): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'MODULE_NOT_FOUND') return true
  const [what = ''] = String(error).split(' imported from ')
  return code === 'ERR_MODULE_NOT_FOUND' && what.includes(name.replace(/^.*\//, ''))
}

function missing(name: string, directory: string): XpvError {
  const isPath = /^(\.\.?)?\/|^file:/.test(name)
  const hint = isPath ? `ls ${directory}` : `npm install ${name}`
  return new XpvError(
    'session.no-module',
    `there is no module ${name}, seen from ${directory}`,
    hint,
  )
}
