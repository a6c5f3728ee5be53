// The console that cells see: its lines are output of the cell, plain and the same on every
// terminal.
import { Console } from 'node:console'
import { Writable } from 'node:stream'

/** A console whose text goes to `write`, without colours, both streams in one. */
export function sessionConsole(write: (text: string) => void): Console {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      write(String(chunk))
      done()
    },
  })
  return new Console({ stdout: stream, stderr: stream, colorMode: false })
}
