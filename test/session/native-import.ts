// Node's own import, with the hooks that a session registers: vitest has another.
import { pathToFileURL } from 'node:url'
import { constants, runInThisContext } from 'node:vm'
import { registerTypeScript } from '../../src/session/typescript-loader.js'

const load = runInThisContext('(url) => import(url)', {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}) as (url: string) => Promise<unknown>

/** Imports a file as cells do. */
export function nativeImport(path: string): Promise<unknown> {
  registerTypeScript(undefined)
  return load(pathToFileURL(path).href)
}
