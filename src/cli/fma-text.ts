// FmaText: a part of what `fma` tells: lines that show themselves in any width, and are a text
// wherever one is needed.
//
//   fma.explain(CODE).why   ->  shown, wrapped      `${fma.explain(CODE).why}`  .lines  ->  as text
//
// Holds: what all lines begin with alike is left out; `none` is shown where there is no line.
import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { isTable } from '../base/table.js'
import { textTable } from '../chart/table.js'

/** Some lines. */
export class FmaText implements ShownAsPage, Described {
  readonly lines: readonly string[]

  constructor(paragraphs: readonly string[]) {
    const lines = paragraphs.flatMap((each) => each.split('\n'))
    const depths = lines.map((line) => line.length - line.trimStart().length)
    const depth = depths.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    this.lines = lines.map((line) => line.slice(depth))
  }

  toString(): string {
    return this.lines.join('\n')
  }

  toJSON(): readonly string[] {
    return this.lines
  }

  [DESCRIBE](): Description {
    return { name: 'fma.explain(CODE).why', summary: 'some lines of an account', members: MEMBERS }
  }

  [DISPLAY](): Page {
    return page([this.lines.length === 0 ? 'none' : this.toString()], this.lines)
  }
}

const MEMBERS: MembersOf<FmaText> = {
  lines: 'each line',
  toString: 'all of them as one text',
}

/** A page as one text: lines as long as they are. */
export function pageText({ parts }: Page): string {
  return parts.map((part) => (isTable(part) ? textTable(part).replace(/\n$/, '') : part)).join('\n')
}
