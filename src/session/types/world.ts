// World: what cells know of Node: a few words at first, Node's own declarations once one of its
// modules is imported, where they are installed.
//
//   import { cpus } from 'node:os'   ->  @types/node, of the user's folder or of our own
import { existsSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'

/** Which declarations of Node there are. */
export interface World {
  /** The file of Node's own; a few words of ours when absent. */
  readonly node: string | undefined
}

const SPECIFIER = /(?:\bfrom|\bimport\(?)\s*(['"])([^'"\n]+)\1/g

/** Whether a cell imports a module of Node. */
export function importsOfNode(source: string): boolean {
  return [...source.matchAll(SPECIFIER)].some(([, , name = '']) => isBuiltin(name))
}

/** The file of Node's own declarations, as seen from a folder; undefined where there is none. */
export function nodeTypes(folder: string): string | undefined {
  for (const from of [join(folder, 'cell.js'), import.meta.url]) {
    try {
      const found = createRequire(from).resolve('@types/node/package.json')
      const path = join(dirname(found), 'index.d.ts')
      if (existsSync(path)) return path
    } catch {}
  }
  return undefined
}
