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

/** Takes text that is printed. */
type Write = (text: string) => void

/** A console without colours: `write` takes what goes to standard output, `warn` what goes to
 *  standard error. */
export function sessionConsole(write: Write, warn: Write): Console {
  const stdout = streamTo(write)
  const console = new Console({ stdout, stderr: streamTo(warn), colorMode: false })
  for (const method of SPEAKING) {
    const speak = console[method].bind(console)
    console[method] = (...values: unknown[]) => speak(...values.map(shown))
  }
  return console
}

function streamTo(write: Write): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      write(String(chunk))
      done()
    },
  })
}

/** What prints a value as it shows itself, be it alone or behind `%o`. */
function shown(value: unknown): unknown {
  if (!isDisplayable(value)) return value
  const text = renderValue(value, COLUMNS)?.['text/plain'] ?? ''
  return { [inspect.custom]: () => text }
}
