// Options: command lines as getopt_long reads them: `-p`, `-f FILE`, `-fFILE`, `--wait`, `--`.
//
//   ['-p', 'web1'] with 'pf:'  ->  { flags: { p: '' }, words: ['web1'] }, or the letter that
//                                  is not known
//
// Source: tools/xl/xl_utils.c (def_getopt), getopt_long(3).

/** What a command knows: letters, with `:` where one takes a value; long names for some of them. */
export interface KnownOptions {
  readonly letters: string
  readonly long?: Readonly<Record<string, string>>
}

/** A command line that was read, or where it was not. */
export type Options =
  | {
      readonly kind: 'read'
      readonly flags: ReadonlyMap<string, string>
      readonly words: readonly string[]
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'unknown'; readonly letter: string }

/** Reads the words after the command. */
export function readOptions(args: readonly string[], known: KnownOptions): Options {
  const flags = new Map<string, string>()
  const words: string[] = []
  const left = [...args]
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '--') {
      words.push(...left)
      break
    }
    if (!word.startsWith('-') || word === '-') words.push(word)
    else {
      const wrong = readWord(word, left, { known, flags })
      if (wrong === 'h') return { kind: 'help' }
      if (wrong !== undefined) return { kind: 'unknown', letter: wrong }
    }
  }
  return { kind: 'read', flags, words }
}

/** One word of options; the letter that is not known, if any. */
function readWord(
  word: string,
  left: string[],
  into: { readonly known: KnownOptions; readonly flags: Map<string, string> },
): string | undefined {
  const { known, flags } = into
  const [, longName, longValue] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? []
  if (longName !== undefined) {
    const letter = longName === 'help' ? 'h' : known.long?.[longName]
    if (letter === undefined || letter === 'h') return letter ?? ''
    flags.set(letter, longValue ?? (takesValue(known, letter) ? (left.shift() ?? '') : ''))
    return undefined
  }
  for (let n = 1; n < word.length; n++) {
    const letter = word[n] as string
    if (!known.letters.includes(letter) || letter === ':') return letter
    if (!takesValue(known, letter)) flags.set(letter, '')
    else {
      flags.set(letter, word.slice(n + 1) || (left.shift() ?? ''))
      break
    }
  }
  return undefined
}

const takesValue = (known: KnownOptions, letter: string): boolean =>
  known.letters.includes(`${letter}:`)
