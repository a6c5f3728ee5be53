// The commands `jobs` and `stop`: the traces that watch in the background.
import { XpvError } from '../../base/error.js'
import type { Command } from '../command.js'
import { endingOf, type Traces } from '../traces.js'

/** Makes both. Where somebody sits (`hints`), it is said what ended. */
export function jobCommands(traces: Traces, hints = false): readonly Command[] {
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
      run: async (argv, io) => {
        const ended = traces.stop(numberOf(argv))
        if (hints) io.warn(ended.length === 0 ? NOBODY : ended.map(endingOf).join(''))
        return 0
      },
    },
  ]
}

const NOBODY = 'nothing watches in the background\n'

/** `1`, `[1]` and `%1` are the same. Throws `XpvError` `session.usage`. */
function numberOf([word, ...more]: readonly string[]): number | undefined {
  if (word === undefined) return undefined
  const digits = /^(?:%?(\d+)|\[(\d+)\])$/.exec(word)
  if (digits !== null && more.length === 0) return Number(digits[1] ?? digits[2])
  throw new XpvError('session.usage', `stop takes one number: ${[word, ...more].join(' ')}`, 'stop')
}
