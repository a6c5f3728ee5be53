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
//   The machine: a live one is opened by the host of the cells only when that was granted.
//
// What it does not hold, measured on Node 20.20, 22.23, 24.9:
//   Links are followed wherever they lead: `grounds.ts` grants none that leads out. With `write`
//   granted a relative link may be moved until it does.
//   Node 24 lets FileHandle.chmod and futimes through on a file that may be read.
//   Whether a path exists can be told (require.resolve). Time and memory are not limited.
//   Cells of one process share a realm: notebooks of one folder with the same grants run in one,
//   and could change each other's answers, though not what they may do.
//   `run` opens all: a program that is started is not fenced.
import type { Want } from './want.js'

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
  const isFree = has('live') || has('run')
  return [
    isStable ? '--permission' : '--experimental-permission',
    ...(isFree ? ['--allow-fs-read=*'] : flags('--allow-fs-read', [...reads, ...paths('read')])),
    ...(isFree ? ['--allow-fs-write=*'] : flags('--allow-fs-write', paths('write'))),
    ...(isFree ? ['--allow-child-process'] : []),
    ...(has('net') && major >= 25 ? ['--allow-net'] : []),
    ...(major >= 22 ? ['--no-experimental-sqlite'] : []),
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
  ]
}

function flags(name: string, paths: readonly string[]): string[] {
  return [...new Set(paths)].map((path) => `${name}=${path}`)
}
