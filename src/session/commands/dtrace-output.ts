// Where a run's output goes: the terminal or cell, or the file of -o.
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { XpvError } from '../../base/error.js'
import { reasonOf } from './dtrace-sources.js'

/** A place for text, to be closed. */
export interface Sink {
  write(text: string): void
  /** Empties a file; a terminal keeps what it shows. */
  truncate(): void
  close(): void
}

/** Opens the file of -o at its end, or hands on to `write`. Throws `XpvError` `dtrace.output`, also
 *  later, when a write fails. */
export function openSink(path: string | undefined, write: (text: string) => void): Sink {
  if (path === undefined) return { write, truncate: () => {}, close: () => {} }
  const file = attempt(`failed to open output file '${path}'`, () => openSync(path, 'a'))
  return {
    write: (text) => {
      const bytes = Buffer.from(text)
      let from = 0
      while (from < bytes.length) {
        from += attempt(`failed to write to ${path}`, () => writeSync(file, bytes, from))
      }
    },
    truncate: () => ftruncateSync(file, 0),
    close: () => closeSync(file),
  }
}

function attempt<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new XpvError('dtrace.output', `${what}: ${reasonOf(error)}`)
  }
}
