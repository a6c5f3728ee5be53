// What a file declares: classes and paths, by name, each with all properties it was ever given.
//
// Holds: iterators are no part of a name: chip[c]/core and chip/core are one path. What is used
// must be declared in a statement before, engines excepted.
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/tree.c (dodecl, tree_namecmp).
import { nearest } from '../../base/nearest.js'
import { positionOf } from '../../base/span.js'
import type { Diagnostics } from './diagnostics.js'
import type { ClassAt, ClassDeclaration, Path, PathDeclaration, Statement } from './tree.js'

/** One declared thing, of whose declarations the first is kept. */
interface Declared<T extends ClassDeclaration | PathDeclaration> {
  readonly first: T
  /** Which statement of the file that is. */
  readonly index: number
}

type Table<T extends ClassDeclaration | PathDeclaration> = ReadonlyMap<string, Declared<T>>

/** All that is declared in a file, whether before its use or after. */
interface Declarations {
  readonly classes: Table<ClassDeclaration>
  readonly asru: Table<PathDeclaration>
  readonly fru: Table<PathDeclaration>
  /** Messages on what is not declared: each is told at the first use alone. */
  readonly told: Set<string>
}

/** `ereport.cpu.l2@chip/core`, whatever the iterators. */
export function classKey({ name, path }: ClassAt): string {
  return path === undefined ? name : `${name}@${pathKey(path)}`
}

/** `chip/core`, whatever the iterators. */
export function pathKey({ steps }: Path): string {
  return steps.map(({ name }) => name).join('/')
}

/** Finds every declaration. */
export function declarationsOf(statements: readonly Statement[]): Declarations {
  const classes = new Map<string, Declared<ClassDeclaration>>()
  const paths = {
    asru: new Map<string, Declared<PathDeclaration>>(),
    fru: new Map<string, Declared<PathDeclaration>>(),
  }
  for (const [index, first] of statements.entries()) {
    if (first.kind === 'event' || first.kind === 'engine') {
      const key = classKey(first.subject)
      if (!classes.has(key)) classes.set(key, { first, index })
    } else if (first.kind === 'asru' || first.kind === 'fru') {
      const key = pathKey(first.path)
      if (!paths[first.kind].has(key)) paths[first.kind].set(key, { first, index })
    }
  }
  return { classes, ...paths, told: new Set() }
}

/** Where in a file a use stands, and where its mistakes go. */
export interface Use {
  readonly declarations: Declarations
  readonly diagnostics: Diagnostics
  /** The statement of the use; Infinity where one may be declared after it. */
  readonly index: number
}

/** Reports a class that no statement before its use declares. */
export function requireClass(use: Use, used: ClassAt): void {
  const { classes } = use.declarations
  const key = classKey(used)
  const found = classes.get(key)
  if (found !== undefined && found.index < use.index) return
  const message = `${key} is not declared`
  if (isTold(use, message)) return
  const hint = found === undefined ? classHint(used, key, classes) : laterHint(found)
  use.diagnostics.error(used.at, 'esc.undeclared', message, hint)
}

/** Reports a path that is no declared asru or fru. */
export function requirePath(use: Use, kind: 'asru' | 'fru', path: Path): void {
  const table = use.declarations[kind]
  const key = pathKey(path)
  const found = table.get(key)
  if (found !== undefined && found.index < use.index) return
  const message = `${key} is not declared as ${kind}`
  if (isTold(use, message)) return
  const near = nearest(key, [...table.keys()])
  const other = near === undefined ? `${kind} ${key};` : `did you mean ${near}?`
  const hint = found === undefined ? other : laterHint(found)
  use.diagnostics.error(path.at, 'esc.undeclared', message, hint)
}

function isTold({ declarations: { told } }: Use, message: string): boolean {
  if (told.has(message)) return true
  told.add(message)
  return false
}

function laterHint({ first }: Declared<ClassDeclaration | PathDeclaration>): string {
  const { source, span } = first.at
  const { line } = positionOf(source.text, span.start)
  return `it is declared on line ${line}: move that before its use`
}

/** Names that a hint is looked for among: more would take too long. */
const MOST_COMPARED = 2000

function classHint(
  { name }: ClassAt,
  key: string,
  classes: Declarations['classes'],
): string | undefined {
  const known = [...classes.keys()].slice(0, MOST_COMPARED)
  const elsewhere = known.filter((other) => other.startsWith(`${name}@`))
  const [place] = elsewhere
  if (place !== undefined) return `it is declared at ${place.slice(name.length + 1)}`
  const slips = Math.floor(key.length / 3)
  const alike = known.filter((other) => Math.abs(other.length - key.length) <= slips)
  const near = nearest(key, alike)
  return near === undefined ? undefined : `did you mean ${near}?`
}
