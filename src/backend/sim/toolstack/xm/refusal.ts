// What xm refuses, and in which words.
//
//   throw fault("Cannot destroy privileged domain 0")  ->  Error: ... and the command's usage

/** A refusal: what is printed, and whether the usage of the command follows. */
export class XmRefusal extends Error {
  readonly withUsage: boolean
  /** The words are another program's: xm puts nothing before them. */
  readonly isOthers: boolean

  constructor(text: string, how: { withUsage?: boolean; isOthers?: boolean } = {}) {
    super(text)
    this.withUsage = how.withUsage ?? false
    this.isOthers = how.isOthers ?? false
  }
}

/** What xend refused. */
export function fault(text: string): XmRefusal {
  return new XmRefusal(text, { withUsage: true })
}

/** The domain of a name or a number that does not exist. */
export function noDomain(word: string): XmRefusal {
  return new XmRefusal(`Domain '${word}' does not exist.`)
}

/** What Python could not make a number of. */
export function badValue(): XmRefusal {
  return fault('Invalid argument.')
}

/** A word as Python's int() reads it. */
export function wholeNumber(word: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(word)) throw badValue()
  return Number(word)
}
