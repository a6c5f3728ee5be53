// Subcommand: one row of the table that help pages, the man page and completion are made of.
//
//   { name: 'check', operands: [NOTEBOOK...], options: [--update], examples, statuses }
//     ->  xpv check --help,  man xpv,  xpv completion bash|zsh|fish,  the parser
//
// Holds: what is not in the table is not understood, and what is in it is.

/** What stands for a value: files of a kind, names, or the words there are. */
export type Completes =
  | 'code'
  | 'file'
  | 'folder'
  | 'notebook'
  | 'machine'
  | 'number'
  | 'page'
  | readonly string[]

/** A value of an option, or an operand. */
export interface Value {
  /** As help shows it: `FILE`. */
  readonly name: string
  readonly of: Completes
}

/** A word that stands for itself, by its place. */
export interface Operand extends Value {
  readonly isOptional?: boolean
  /** Whether more of them may follow. */
  readonly isMany?: boolean
  /** The words there are behind the word before it: `editor` -> emacs, vi. */
  readonly after?: Readonly<Record<string, readonly string[]>>
}

/** One option. */
export interface OptionRow {
  /** As it is typed: `-o`, `--output`. */
  readonly flags: readonly string[]
  readonly value?: Value
  readonly summary: string
  /** Whether it may be said again, for one more. */
  readonly isRepeated?: boolean
}

/** Something to type, and what it is for. */
export interface Example {
  readonly line: string
  readonly says: string
}

/** One subcommand of xpv. */
export interface Subcommand {
  readonly name: string
  readonly summary: string
  /** What may follow the name, a line each way to say it. */
  readonly usage: readonly string[]
  readonly operands: readonly Operand[]
  readonly options: readonly OptionRow[]
  /** What else one should know, a paragraph each. */
  readonly notes: readonly string[]
  readonly examples: readonly Example[]
  /** What exit statuses mean here, besides those of all. */
  readonly statuses?: Readonly<Record<string, string>>
  /** Whether it is a command of dom0, a machine of its own under it. */
  readonly isOfDom0?: boolean
}

/** What exit statuses mean. */
export const STATUSES: Readonly<Record<string, string>> = {
  0: 'done',
  1: 'a cell threw, a check found drift, a command failed',
  2: 'wrong usage or a wrong setting',
  3: 'the types of a cell are wrong',
  4: 'the machine is not to be had',
  5: 'a file that cannot be read or makes no sense',
  130: 'interrupted',
}
