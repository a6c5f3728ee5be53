// The commands `jobs` and `stop`: the traces that watch in the background.
import { XpvError } from '../../base/error.js'
import type { Command } from '../command.js'
import type { Traces } from '../traces.js'

/** Makes both. */
export function jobCommands(traces: Traces): readonly Command[] {
  return [
    {
      name: 'jobs',
      summary: 'the D programs, and views of .watch, in the background',
      usage: '',
      examples: ['jobs'],
      run: async (_, io) => {
        io.write(traces.list())
        return 0
      },
    },
    {
      name: 'stop',
      summary: 'end a D program or view, or all: END fires, aggregations print',
      usage: '[NUMBER]',
      examples: ['stop', 'stop 1'],
      complete: () => traces.running.map(({ number }) => String(number)),
      run: async (argv) => {
        traces.stop(numberOf(argv))
        return 0
      },
    },
  ]
}

/** `1`, `[1]` and `%1` are the same. Throws `XpvError` `session.usage`. */
function numberOf([word, ...more]: readonly string[]): number | undefined {
  if (word === undefined) return undefined
  const digits = /^(?:%?(\d+)|\[(\d+)\])$/.exec(word)
  if (digits !== null && more.length === 0) return Number(digits[1] ?? digits[2])
  throw new XpvError('session.usage', `stop takes one number: ${[word, ...more].join(' ')}`, 'stop')
}
