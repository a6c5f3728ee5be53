// A file as a byte source: synchronous positioned reads, so that a decoder keeps only what it
// needs.
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { deniedByNode } from '../../base/denied.js'
import { XpvError } from '../../base/error.js'
import { nearest } from '../../base/nearest.js'
import type { ByteSource } from '../../trace/byte-source.js'

/** Is told of each read of a file, and up to where it went. */
export type OnRead = (path: string, untilBytes: number) => void

/** Opens a file for positioned reads. Throws `XpvError` `file.not-found`, `file.not-a-file` or
 *  `file.unreadable`, naming the path. */
export function openFile(path: string, onRead?: OnRead): ByteSource {
  refuseOthers(path)
  const fd = attempt(path, () => openSync(path, 'r'))
  return {
    name: path,
    sizeBytes: fstatSync(fd).size,
    read: (target, position) => {
      const size = readSync(fd, target, 0, target.length, position)
      onRead?.(path, position + size)
      return size
    },
    close: () => closeSync(fd),
  }
}

/** Whether the path names a folder. False when there is nothing. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** A file system's refusal in our words. `instead` is what to type when there is no such file, nor
 *  one with nearly that name. */
export function fileError(path: string, error: unknown, instead = A_MACHINE): XpvError {
  const refusal = deniedByNode(error, (denied) => resolve(denied))
  if (refusal !== undefined) return refusal
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new XpvError('file.not-found', `there is no file ${path}`, nearby(path) ?? instead)
  }
  const why = WHY[code] ?? code
  return new XpvError('file.unreadable', `cannot read ${path}: ${why}`, `ls -ld ${path}`)
}

const A_MACHINE = 'sim:xen-4.20, or the path of a recording'

/** What lies in the same folder with nearly that name. */
function nearby(path: string): string | undefined {
  try {
    const near = nearest(basename(path), readdirSync(dirname(path)))
    return near === undefined ? undefined : join(dirname(path), near)
  } catch {
    return undefined
  }
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'you may not read it',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  EPERM: 'you may not read it',
}

/** Asked before opening: to open a pipe is to wait for somebody who writes into it. */
function refuseOthers(path: string): void {
  const found = attempt(path, () => statSync(path))
  if (found.isFile()) return
  const [what, hint] = found.isDirectory()
    ? ['a folder', `ls ${path}`]
    : ['a pipe or device', 'save the trace to a file first']
  throw new XpvError('file.not-a-file', `${path} is ${what}, not a file`, hint)
}

function attempt<T>(path: string, ask: () => T): T {
  try {
    return ask()
  } catch (error) {
    throw fileError(path, error)
  }
}
