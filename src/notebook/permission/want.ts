// Wants: what a notebook needs beyond the simulated or recorded machine, as words and as a list.
//
//   allow: [net, read:../shared]   --allow run,write:out   ->  Want[]
//
//   read:PATH   reading below PATH          net    the network
//   write:PATH  writing below PATH          run    starting programs, which may do anything
//   live        a live machine              all    no fence at all: as a script of one's own
//
// Holds: paths are absolute once parsed: those of a notebook start at its folder, those of the
// command line where it was typed.
import { relative, resolve, sep } from 'node:path'
import { XpvError } from '../../base/error.js'

/** One thing that is wanted, or granted. */
export type Want =
  | { readonly kind: 'read' | 'write'; readonly path: string }
  | { readonly kind: 'net' | 'run' | 'live' | 'all' }

const WORDS = ['net', 'run', 'live', 'all'] as const

/** Reads one word; `folder` is where its path starts. Throws `XpvError` `nb.allow` when it is none
 *  of those there are. */
export function parseWant(text: string, folder: string): Want {
  const word = WORDS.find((each) => each === text)
  if (word !== undefined) return { kind: word }
  const [, kind, path] = /^(read|write):(.+)$/s.exec(text) ?? []
  if ((kind === 'read' || kind === 'write') && path !== undefined && !path.includes('*')) {
    return { kind, path: resolve(folder, path) }
  }
  const message = `${text} is nothing that can be allowed`
  throw new XpvError('nb.allow', message, 'read:PATH, write:PATH, net, run, live or all')
}

/** Reads what `--allow` was given: words with commas between them, any number of times. */
export function parseGrants(texts: readonly string[], folder: string): Want[] {
  const words = texts.flatMap((text) => text.split(',')).map((word) => word.trim())
  return words.filter((word) => word !== '').map((word) => parseWant(word, folder))
}

/** The word that stands for it, its path as seen from `folder`. */
export function printWant(want: Want, folder: string): string {
  return 'path' in want ? `${want.kind}:${shown(want.path, folder)}` : want.kind
}

/** What it is, in plain words that follow "wants to". */
export function sayWant(want: Want, folder: string): string {
  switch (want.kind) {
    case 'read':
      return `read ${shown(want.path, folder)}`
    case 'write':
      return `write ${shown(want.path, folder)}`
    case 'net':
      return 'use the network'
    case 'run':
      return 'start other programs, which may do all that you may'
    case 'live':
      return 'work on a live machine'
    case 'all':
      return 'do all that you may'
  }
}

/** Whether `granted` covers it. */
export function isGranted(want: Want, granted: readonly Want[]): boolean {
  return granted.some((each) => {
    if (each.kind === 'all') return true
    if (each.kind !== want.kind) return false
    return !('path' in each) || !('path' in want) || isBelow(want.path, each.path)
  })
}

/** Whether a path is `folder` or lies below it. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)
}

/** The shorter of the two ways to name a path. */
function shown(path: string, folder: string): string {
  const near = relative(folder, path) || '.'
  return visible(near.length < path.length ? near : path)
}

/** A text of somebody else's on one line, without what would move a terminal's cursor. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}
