// Getopt: the words of a command line as getopt(3C) takes them apart.
//
//   -es -c ereport.* FILE  with "ec:s"  ->  e, s, c = ereport.*, then FILE
//
// Holds: options may be clustered and may take their word glued on; they end at the first word that
// is none, and at `--`. A mistake is told in getopt's words. Source: getopt(3C).

/** One option as given. */
export interface GivenOption {
  readonly letter: string
  /** Of one that takes a word; '' of one that takes none. */
  readonly word: string
}

/** A command line, taken apart. `mistake` is what getopt says of the first option that is wrong. */
export interface GivenWords {
  readonly options: readonly GivenOption[]
  readonly operands: readonly string[]
  readonly mistake: string | undefined
}

/** Takes words apart; `letters` are those that there are, with a colon behind one that takes a
 *  word. */
export function getopt(argv: readonly string[], letters: string): GivenWords {
  const options: GivenOption[] = []
  let at = 0
  for (; at < argv.length; at++) {
    const cluster = argv[at] ?? ''
    if (cluster === '--') return { options, operands: argv.slice(at + 1), mistake: undefined }
    if (!/^-./.test(cluster)) break
    for (let i = 1; i < cluster.length; i++) {
      const letter = cluster[i] ?? ''
      const place = letter === ':' ? -1 : letters.indexOf(letter)
      if (place < 0) return wrong(options, `illegal option -- ${letter}`)
      if (letters[place + 1] !== ':') {
        options.push({ letter, word: '' })
        continue
      }
      const word = cluster.slice(i + 1) || argv[++at]
      if (word === undefined) return wrong(options, `option requires an argument -- ${letter}`)
      options.push({ letter, word })
      break
    }
  }
  return { options, operands: argv.slice(at), mistake: undefined }
}

const wrong = (options: readonly GivenOption[], mistake: string): GivenWords => ({
  options,
  operands: [],
  mistake,
})

/** Whether an option was given. */
export function isGiven({ options }: GivenWords, letter: string): boolean {
  return options.some((option) => option.letter === letter)
}

/** The words of an option, in the order in which they were given. */
export function wordsOf({ options }: GivenWords, letter: string): readonly string[] {
  return options.flatMap((option) => (option.letter === letter ? option.word : []))
}
