// The lines of a cell of commands, as to what they touch.
import { XpvError } from '../../base/error.js'
import { type Split, splitWords } from '../../session/words.js'
import { changesBy, commandReach, KIND, MACHINE, PAST, type Reach } from './machine-names.js'

/** What command lines touch. */
export interface CommandLines {
  /** How the machine is asked: as somebody who acts on it, or who looks; undefined: not at all. */
  readonly reach: Reach | undefined
  readonly changes: boolean
  readonly readsFiles: boolean
  /** All their words but the commands. */
  readonly words: readonly string[]
}

/** Options that are followed by a file, and signs of one. */
const FILE_WORD = /^-[so]$|^[<>]|[/.]/

/** How the machine is asked, what asks most first. */
const REACHES = [MACHINE, PAST, KIND] as const

/** Reads the lines of a cell. */
export function commandLines(source: string): CommandLines {
  const lines = splitLines(source)
  const commands = lines.map(([name = '']) => name)
  const reaches = lines.filter(({ length }) => length > 0).map(commandReach)
  const words = lines.flatMap((line) => line.slice(1))
  return {
    reach: REACHES.find((each) => reaches.includes(each)),
    changes: commands.some(changesBy),
    readsFiles: words.some((word) => FILE_WORD.test(word)),
    words,
  }
}

/** The words of each line; of a line that no shell would take, what blanks part. */
function splitLines(source: string): readonly (readonly string[])[] {
  const split = attempt(source)
  if (split.kind === 'lines') return split.lines
  return source.split('\n').map((line) => line.split(/\s+/).filter(Boolean))
}

function attempt(source: string): Split {
  try {
    return splitWords(source)
  } catch (thrown) {
    if (thrown instanceof XpvError) return { kind: 'incomplete' }
    throw thrown
  }
}
