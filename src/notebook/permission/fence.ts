// The fence: what a process that runs a notebook's cells is started with, so that Node itself keeps
// them from what they were not granted.
//
//   grants, grounds  ->  --permission --allow-fs-read=... [--allow-fs-write=...] [...]
//
// What holds what:
//   Node's permission model, in C++, for every caller: files (read, write), child processes and
//   execve, threads, native addons, WASI, the inspector, process.binding, hooks of modules. It is
//   strong; `guard.ts` closes in JavaScript, before any cell runs, what it leaves open: the network
//   (Node has no permission for it before 25), signals to other processes, flags of V8, SQLite,
//   traces of events.
//   What may be written may be read. `grounds.ts` says what nobody may be granted to write:
//   whatever others would run later.
//   The machine: a live one is opened by the host of the cells only when that was granted.
//
// What it does not hold, measured on Node 20.20, 22.23, 24.9:
//   Links are followed wherever they lead: `grounds.ts` grants none that leads out. With `write`
//   granted a relative link may be moved until it does.
//   Node 20 and 24 take a path that is exactly the common beginning of two granted ones for granted
//   too (/x/a for /x/ab and /x/ac): that file, or that folder's list of names. Node 22 may refuse
//   one that was granted. Grants are few and high up, which makes both rare.
//   Node 24 lets FileHandle.chmod and futimes through on a file that may be read.
//   Whether a path exists can be told (require.resolve). Time and memory are not limited.
//   Cells of one process share a realm: notebooks of one folder with the same grants run in one,
//   and could change each other's answers, though not what they may do.
//   Descriptors that are open stay open: standard error, and the channel to who started it. What
//   comes through that is taken for text; nonsense in it keeps us waiting, as an endless cell does.
//   `run` opens all: a program that is started is not fenced.
import { existsSync } from 'node:fs'
import { isBelow, type Want } from './want.js'

/** What the fence is made of. */
export interface FenceParts {
  /** Absolute paths that may be read. */
  readonly reads: readonly string[]
  readonly grants: readonly Want[]
}

/** The flags a process of this version of Node is started with (`20.19.0`). */
export function fenceFlags({ reads, grants }: FenceParts, version: string): string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isStable = major > 22 || (major === 22 && minor >= 13)
  const paths = (kind: Want['kind']) =>
    grants.flatMap((want) => (want.kind === kind && 'path' in want ? [want.path] : []))
  const has = (kind: Want['kind']): boolean => grants.some((want) => want.kind === kind)
  const read = paths('read')
  // What is not there yet may become a folder; of one that is there Node grants all by itself, and
  // stumbles when it is named twice.
  const written = paths('write').flatMap((p) => (existsSync(p) ? [p] : [p, `${p}/*`]))
  const isFree = has('live') || has('run')
  return [
    isStable ? '--permission' : '--experimental-permission',
    ...(isFree ? ['--allow-fs-read=*'] : flags('--allow-fs-read', [...reads, ...read, ...written])),
    ...(isFree ? ['--allow-fs-write=*'] : flags('--allow-fs-write', written)),
    ...(isFree ? ['--allow-child-process'] : []),
    ...(has('net') && major >= 25 ? ['--allow-net'] : []),
    ...(major >= 22 ? ['--no-experimental-sqlite'] : []),
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
  ]
}

/** Each once, and none below another: Node's tree of paths is the better for it. */
function flags(name: string, paths: readonly string[]): string[] {
  const each = [...new Set(paths)]
  const isCovered = (path: string): boolean =>
    !path.endsWith('/*') && each.some((other) => other !== path && isBelow(path, other))
  const high = each.filter((path) => !isCovered(path))
  return high.map((path) => `${name}=${path}`)
}
