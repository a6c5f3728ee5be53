// EarlyNames: what Tab offers while the session is still being opened.
//
//   "pcpus[0].ms"  ->  msr, from the name file of the host
//   what that does not know  ->  undefined
import { readFileSync } from 'node:fs'
import { type Completion, completeAt } from '../session/complete.js'
import { contextIn, type NameIndex } from '../session/name-index.js'
import { nameFile } from './name-files.js'
import { packageRoot } from './package-root.js'

/** Completes on a host on which nothing has happened; undefined where only the session knows.
 *  `root` is where dist/names lies. */
export function earlyNames(
  spec: string | undefined,
  root = packageRoot(),
): ((before: string) => readonly Completion[] | undefined) | undefined {
  const path = nameFile(root, spec)
  const index = path === undefined ? undefined : indexIn(path)
  if (index === undefined) return undefined
  return (before) => {
    let isKnown = true
    const context = contextIn(index, () => {
      isKnown = false
    })
    const found = completeAt(before, context)
    return isKnown ? found : undefined
  }
}

/** A program that was built without them does without them. */
function indexIn(path: string): NameIndex | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as NameIndex
  } catch {
    return undefined
  }
}
