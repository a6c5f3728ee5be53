// The console that cells see: its lines are output of the cell, plain and the same on every
// terminal.
//
// Holds: a value that shows itself is printed as it is shown after a cell; inside of others, short.
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { inspect } from 'node:util'
import { isDisplayable } from '../base/display.js'
import { renderValue } from './render.js'

const COLUMNS = 80
const SPEAKING = ['log', 'info', 'debug', 'warn', 'error', 'trace'] as const

/** A console whose text goes to `write`, without colours, both streams in one. */
export function sessionConsole(write: (text: string) => void): Console {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      write(String(chunk))
      done()
    },
  })
  const console = new Console({ stdout: stream, stderr: stream, colorMode: false })
  for (const method of SPEAKING) {
    const speak = console[method].bind(console)
    console[method] = (...values: unknown[]) => speak(...values.map(shown))
  }
  return console
}

/** What prints a value as it shows itself, be it alone or behind `%o`. */
function shown(value: unknown): unknown {
  if (!isDisplayable(value)) return value
  const text = renderValue(value, COLUMNS)?.['text/plain'] ?? ''
  return { [inspect.custom]: () => text }
}
