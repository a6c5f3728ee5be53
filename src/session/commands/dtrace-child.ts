// The command of -c: a process made to wait until tracing has begun.
//
//   startWaiting(['sleep', '1'])  ->  { pid, release(), ended, kill() }
//
// Source: dtrace(8), -c: the words are split at blanks, without quotes.
import { spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Writable } from 'node:stream'
import { XpvError } from '../../base/error.js'

/** A started process. `ended` is DTrace's sentence about its end. */
export interface WaitingChild {
  readonly pid: number
  readonly ended: Promise<string>
  release(): void
  kill(): void
}

/** A shell that waits for a line on descriptor 3 and then becomes the command. */
const WAIT = 'read -r _ <&3; exec "$@" 3<&-'

/** Starts a command, which waits. Throws `XpvError` `dtrace.command` when there is none of that
 *  name. */
export function startWaiting(words: readonly string[]): WaitingChild {
  const [name = ''] = words
  if (!isExecutable(name)) {
    throw new XpvError('dtrace.command', `failed to execute ${name}: No such file or directory`)
  }
  const child = spawn('/bin/sh', ['-c', WAIT, 'sh', ...words], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  })
  const { pid } = child
  if (pid === undefined) throw new XpvError('dtrace.command', `failed to execute ${name}`)
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(`pid ${pid}: ${error.message}`))
    child.on('exit', (status, signal) => resolve(ending(pid, status, signal)))
  })
  const gate = child.stdio[3] as Writable
  gate.on('error', () => {})
  return { pid, ended, release: () => gate.end('\n'), kill: () => child.kill('SIGKILL') }
}

function ending(pid: number, status: number | null, signal: string | null): string {
  if (signal !== null) return `pid ${pid} terminated by ${signal}`
  return status === 0 ? `pid ${pid} has exited` : `pid ${pid} exited with status ${status}`
}

function isExecutable(name: string): boolean {
  if (name === '') return false
  const folders = name.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter)
  return folders.some((folder) => {
    try {
      const path = folder === '' ? name : join(folder, name)
      accessSync(path, constants.X_OK)
      return statSync(path).isFile()
    } catch {
      return false
    }
  })
}
