// Imports of a cell: a specifier as written, resolved from the place where the session stands.
//
//   'node:os'   './rows.mjs'   'fast-check'   'xpv'       the last one is given by the program, not
// found on disk
import { createRequire, isBuiltin } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Modules that need no file: name to loader. */
export type GivenModules = Readonly<Record<string, () => Promise<unknown>>>

/** The function that imports in cells call. Relative names start from `directory`. */
export function moduleImporter(
  directory: string,
  given: GivenModules,
): (specifier: unknown) => Promise<unknown> {
  const require = createRequire(join(directory, 'cell.js'))
  return async (specifier) => {
    const name = String(specifier)
    const load = Object.hasOwn(given, name) ? given[name] : undefined
    if (load !== undefined) return load()
    if (isBuiltin(name) || /^(file|data):/.test(name)) return import(name)
    if (/^(\.\.?)?\//.test(name)) return import(pathToFileURL(resolve(directory, name)).href)
    return import(pathToFileURL(require.resolve(name)).href)
  }
}
