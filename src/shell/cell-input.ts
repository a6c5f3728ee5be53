// Where a shell's cells come from: whoever reads them from a terminal, key by key or line by line.

/** What came of reading one cell. */
export type Answer =
  | { readonly kind: 'cell'; readonly text: string }
  /** Ctrl-C. What was written, if anything was, is dropped. */
  | { readonly kind: 'cancelled'; readonly wasEmpty: boolean }
  | { readonly kind: 'left' }

/** How a cell begins. */
export interface Beginning {
  /** Text that is there already. */
  readonly text?: string
  /** The cell read last was not whole: it goes on where it ended. */
  readonly goesOn?: boolean
}

/** Reads cells from a terminal. Reads nothing between two calls of `read`. */
export interface CellInput {
  read(beginning?: Beginning): Promise<Answer>
  /** Keys that were pressed while nobody read. */
  feed(keys: string): void
  /** The cell read last is over; without this it may go on. */
  done(): void
  /** Shows a text above what is being written; false, and nothing shown, while nothing is. */
  interject(text: string): boolean
  /** Shows what is being written anew: what stands above it is another. */
  refresh(): void
  /** Gives the terminal back as it was found. */
  close(): void
}
