// Compiled code, kept by Node from one start to the next: dist/compiled.
//
// Holds: nothing hangs on it. Node 20 keeps none; a folder that cannot be written is left alone.
// Source: Node's documentation of module.enableCompileCache, of 22.1 and later.
import { join } from 'node:path'
import { packageRoot } from './package-root.js'

/** Has Node keep what it compiles from here on. To be called when the prompt is there: to look up
 *  what little a prompt needs takes longer than to compile it. */
export function keepCompiled(): void {
  const enable: unknown = Reflect.get(process.getBuiltinModule('node:module'), 'enableCompileCache')
  if (typeof enable === 'function') enable(join(packageRoot(), 'dist', 'compiled'))
}
