// What a D program does to its own output and to the machine it runs on: freopen(), ftruncate() and
// system(). A program that calls system() runs only with -w.
//
// Holds: text reaches a file, and the output of a command its place, before anything that follows.
// Source: libdtrace dt_printf.c (dtrace_freopen, dtrace_system).
import { spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import type { OutputEffects } from '../../dtrace/print/output-effects.js'
import type { CommandIo } from '../command.js'
import type { Sink } from './dtrace-output.js'
import { reasonOf } from './dtrace-sources.js'

/** The output of one run: first its sink, then the file that freopen() named last. Close it. */
export class RunOutput implements OutputEffects {
  readonly #sink: Sink
  readonly #io: CommandIo
  #file: number | undefined

  constructor(sink: Sink, io: CommandIo) {
    this.#sink = sink
    this.#io = io
  }

  /** Adds text. */
  write(text: string): void {
    if (this.#file === undefined) this.#sink.write(text)
    else writeAll(this.#file, text)
  }

  system(command: string): void {
    const { stdout, stderr } = spawnSync('/bin/sh', ['-c', command], {
      stdio: ['inherit', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: Number.POSITIVE_INFINITY,
    })
    if (stdout !== '') this.#commandOutput(stdout)
    if (stderr !== '') this.#io.warn(stderr)
  }

  // A command prints to the standard output, which freopen() has moved, but -o has not.
  #commandOutput(text: string): void {
    if (this.#file === undefined) this.#io.write(text)
    else writeAll(this.#file, text)
  }

  freopen(path: string): string | undefined {
    try {
      const file = path === '' ? undefined : openSync(path, 'a')
      this.close()
      this.#file = file
      return undefined
    } catch (error) {
      return reasonOf(error)
    }
  }

  ftruncate(): void {
    if (this.#file === undefined) this.#sink.truncate()
    else ftruncateSync(this.#file, 0)
  }

  /** Closes the file of freopen(), if there is one. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from)
}
