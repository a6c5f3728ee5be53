// A terminal's screen, as far as our programs use one: it takes what they write and holds what
// somebody would see.
//
// Holds: a character written in the last column leaves the cursor behind it until more comes (the
// deferred wrap of DEC's terminals); the screen scrolls at its foot.
import stringWidth from 'string-width'

const ESC = '\u001b'
/** What follows an Escape. */
const SEQUENCE = /^(?:\[([?>]?[\d;]*)[ ]?([@-~])|[=>78D])/

/** A screen of a size. */
export class Screen {
  readonly columns: number
  readonly height: number
  /** Rows from the very first: those that scrolled away too. */
  readonly rows: string[][] = [[]]
  #top = 0
  #row = 0
  #column = 0
  #saved = { row: 0, column: 0 }

  constructor(columns: number, height: number) {
    this.columns = columns
    this.height = height
  }

  /** What is seen, without blanks at the ends. */
  get lines(): string[] {
    return this.rows.map((row) => row.join('').trimEnd())
  }

  /** Where the cursor is, in rows from the very first. */
  get cursor(): { readonly row: number; readonly column: number } {
    return { row: this.#row, column: Math.min(this.#column, this.columns - 1) }
  }

  write(text: string): void {
    let rest = text
    while (rest !== '') {
      const sequence = rest.startsWith(ESC) ? SEQUENCE.exec(rest.slice(1)) : null
      if (sequence !== null) {
        if (sequence[2] === undefined) this.#obeyShort(sequence[0])
        else this.#obey(sequence[1] ?? '', sequence[2])
        rest = rest.slice(1 + sequence[0].length)
        continue
      }
      const [{ segment } = { segment: '' }] = new Intl.Segmenter().segment(rest.slice(0, 64))
      this.#put(segment)
      rest = rest.slice(segment.length)
    }
  }

  #put(segment: string): void {
    if (segment === '\r\n') this.#newLine(0)
    else if (segment === '\n') this.#newLine(this.#column)
    else if (segment === '\r') this.#column = 0
    else if (segment === '\b') this.#column = Math.max(0, this.#within() - 1)
    else if (segment !== '\u0007') this.#draw(segment)
  }

  #draw(segment: string): void {
    const width = stringWidth(segment)
    if (this.#column + width > this.columns) this.#newLine(0)
    const row = this.#current()
    while (row.length < this.#column) row.push(' ')
    row[this.#column] = segment
    if (width === 2) row[this.#column + 1] = ''
    this.#column += width
  }

  #newLine(column: number): void {
    this.#row += 1
    this.#column = column
    this.#current()
    this.#top = Math.max(this.#top, this.#row - this.height + 1)
  }

  #current(): string[] {
    while (this.rows.length <= this.#row) this.rows.push([])
    return this.rows[this.#row] ?? []
  }

  #within(): number {
    return Math.min(this.#column, this.columns - 1)
  }

  #obey(parameters: string, final: string): void {
    if (/^[?>]/.test(parameters)) return
    const [first = 0] = parameters.split(';').map(Number)
    const count = Math.max(1, first)
    const bottom = this.#top + this.height - 1
    if (final === 'A') this.#row = Math.max(this.#top, this.#row - count)
    else if (final === 'B') this.#row = Math.min(bottom, this.#row + count)
    else if (final === 'C') this.#column = Math.min(this.columns - 1, this.#within() + count)
    else if (final === 'D') this.#column = Math.max(0, this.#within() - count)
    else if (final === 'G') this.#column = Math.min(this.columns, count) - 1
    else if (final === 'H') this.#home()
    else if (final === 'J') this.#erase(first)
    else if (final === 'K')
      this.#current().length = Math.min(this.#current().length, this.#within())
    this.#current()
  }

  /** Index, save and restore the cursor. */
  #obeyShort(letter: string): void {
    if (letter === 'D') this.#newLine(this.#column)
    else if (letter === '7') this.#saved = { row: this.#row - this.#top, column: this.#column }
    else if (letter === '8') {
      this.#row = this.#top + this.#saved.row
      this.#column = this.#saved.column
    }
  }

  #home(): void {
    this.#row = this.#top
    this.#column = 0
  }

  #erase(which: number): void {
    if (which === 2) for (const row of this.rows.slice(this.#top)) row.length = 0
    else {
      this.#current().length = Math.min(this.#current().length, this.#within())
      this.rows.length = this.#row + 1
    }
  }
}
