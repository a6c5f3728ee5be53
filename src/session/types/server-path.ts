// Where the language server of TypeScript is: a program of the package for this platform.
//
//   typescript 7  ->  @typescript/typescript-linux-x64/lib/tsc      none where it is not installed
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The path of the compiler, which is its own language server; undefined where there is none. */
export function typeServerPath(): string | undefined {
  const name = `@typescript/typescript-${process.platform}-${process.arch}/package.json`
  const require = createRequire(import.meta.url)
  try {
    const near = createRequire(require.resolve('typescript/package.json'))
    const program = process.platform === 'win32' ? 'tsc.exe' : 'tsc'
    const path = join(dirname(near.resolve(name)), 'lib', program)
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}
