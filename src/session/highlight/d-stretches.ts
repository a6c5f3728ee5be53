// Colour of D: what each word of a program is.
//
//   xpv:::*-start /pid == 1/ { @[probename] = count(); }
//   probe                      aggregation    name
import { BUILTINS } from '../../dtrace/program/builtins.js'
import { callableNamed } from '../../dtrace/program/subroutines.js'
import type { Stretch } from '../assist.js'
import { type DToken, dTokens } from './d-tokens.js'

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'char const counter double else enum extern float if import inline int long offsetof self ' +
    'short signed sizeof static string struct this translator typedef union unsigned void volatile'
  ).split(' '),
)

/** The stretches of a text of D that starts at `from`. */
export function dStretches(text: string, from = 0): readonly Stretch[] {
  return dTokens(text).flatMap((token): Stretch[] => {
    const role = roleOf(token, text.slice(token.start, token.end))
    return role === undefined ? [] : [{ start: from + token.start, end: from + token.end, role }]
  })
}

function roleOf({ kind }: DToken, text: string): Stretch['role'] | undefined {
  switch (kind) {
    case 'comment':
    case 'string':
    case 'number':
    case 'probe':
    case 'aggregation':
      return kind
    case 'pragma':
      return 'option'
    case 'macro':
      return 'name'
    case 'word':
      return wordRole(text)
    case 'punct':
      return undefined
  }
}

function wordRole(word: string): Stretch['role'] | undefined {
  if (KEYWORDS.has(word)) return 'keyword'
  const isKnown = BUILTINS.has(word) || /^args?\d?$/.test(word) || word.startsWith('`')
  return isKnown || callableNamed(word) !== undefined ? 'name' : undefined
}
