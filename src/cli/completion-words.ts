// CompletionWords: what may follow in each place of a command line, the same for all shells.
//
//   row of the table  ->  its flags, what its options' values and its operands may be
import type { Completes, Operand, OptionRow, Subcommand } from './subcommand.js'
import { MACHINE_WORDS } from './subcommand-rows.js'
import { GLOBAL_OPTIONS, OWN_OPTIONS } from './subcommands.js'

/** How a shell finds candidates: files, folders, and words. */
export interface Candidates {
  readonly files: 'all' | 'notebooks' | 'folders' | 'none'
  readonly words: readonly string[]
  /** Words behind the word before. */
  readonly after?: Operand['after']
}

/** What a value of a kind may be. */
export function candidatesOf(of: Completes, rows: readonly Subcommand[]): Candidates {
  if (typeof of !== 'string') return { files: 'none', words: of.filter(isPlain) }
  if (of === 'page') return { files: 'none', words: [...PAGE_NAMES, ...rows.map(nameOf)] }
  if (of === 'machine') return { files: 'all', words: ['sim', ...MACHINE_WORDS] }
  return { files: FILES[of], words: [] }
}

/** The words behind each word before; none has no words. */
export function wordsAfter({
  after = {},
}: Candidates): readonly (readonly [word: string, words: readonly string[]])[] {
  return Object.entries(after).filter(([, words]) => words.length > 0)
}

const PAGE_NAMES: readonly string[] = ['machines', 'settings', 'statuses']

const FILES = {
  ...{ file: 'all', folder: 'folders', notebook: 'notebooks', code: 'none', number: 'none' },
} as const satisfies Readonly<Record<string, Candidates['files']>>

const nameOf = ({ name }: Subcommand): string => name

/** Words that no shell has to quote. */
const isPlain = (word: string): boolean => /^[\w.,:=/+@-]+$/.test(word)

/** What may follow the name of a row: its words by place, the last for all further places. */
export function operandsOf(row: Subcommand, rows: readonly Subcommand[]): readonly Candidates[] {
  const places = row.operands.map(({ of, after }): Candidates => {
    const found = candidatesOf(of, rows)
    return after === undefined ? found : { ...found, after }
  })
  const last = row.operands.at(-1)
  const isOpen = last?.isMany === true
  if (row.isOfDom0 === true && places.length > 0) {
    return [...places, { files: 'all', words: [] }]
  }
  return isOpen ? places : [...places, { files: 'none', words: [] }]
}

/** All options that a row understands, those of all included. */
export function optionsOf(row: Subcommand | undefined): readonly OptionRow[] {
  const help: OptionRow = { flags: ['--help'], summary: 'how it is used' }
  if (row === undefined) return [...OWN_OPTIONS, ...GLOBAL_OPTIONS]
  return [...row.options, ...GLOBAL_OPTIONS, help]
}
