// Colour of Eversholt: what each word of rules is.
//
//   event fault.cpu.bad@chip/core, FITrate=100;   prop ... { payloadprop("bank") == 4 };
//   keyword  class      @name/name option  number                function      string
//
// Holds: stretches are in order and do not overlap. Source: eversholt's esclex.c for the words.
import { RESERVED } from '../../fma/eversholt/words.js'
import type { Stretch } from '../assist.js'

const PIECES: readonly (readonly [Stretch['role'] | undefined, RegExp])[] = [
  ['comment', /\/\*[\s\S]*?(?:\*\/|$)/y],
  ['string', /"(?:\\.|[^"\\\n])*"?/y],
  ['option', /(?<=^[ \t]*)#[^\n]*/my],
  ['probe', /(?:ereport|fault|upset|defect|error|serd|stat)\.[\w.-]*/y],
  ['name', /@[\w-]*|(?<=[\w\]])[/>][A-Za-z_][\w-]*/y],
  ['number', /0[xX][\da-fA-F]+|\d+(?:[a-z]+\b)?/y],
  ['aggregation', /\$\w*/y],
  ['option', /[A-Za-z_]\w*(?=\s*=(?!=))/y],
  ['name', /[A-Za-z_]\w*(?=\s*\()/y],
  [undefined, /[A-Za-z_]\w*(?:-[A-Za-z_]\w*)*|[\s\S]/y],
]

/** The stretches of a text of Eversholt that starts at `from`. */
export function escStretches(text: string, from = 0): readonly Stretch[] {
  const found: Stretch[] = []
  for (let start = 0; start < text.length; ) {
    const [role, length] = pieceAt(text, start)
    const end = start + length
    if (role !== undefined) found.push({ start: from + start, end: from + end, role })
    start = end
  }
  return found
}

function pieceAt(text: string, at: number): readonly [Stretch['role'] | undefined, number] {
  for (const [role, pattern] of PIECES) {
    pattern.lastIndex = at
    const word = pattern.exec(text)?.[0] ?? ''
    if (word !== '') return [RESERVED.has(word) ? 'keyword' : role, word.length]
  }
  return [undefined, 1]
}
