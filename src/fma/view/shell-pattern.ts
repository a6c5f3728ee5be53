// Patterns that fmdump takes: of the shell for a class (-c), and a basic regular expression for a
// member (-n).
//
//   ereport.cpu.*.l[12]dcache      .*\(a\|b\)\{2\}  ->  /.*(a|b){2}/
//
// Holds: a pattern of the shell costs its length times that of the text, however many stars it has.
// Source: sh(1), gmatch(3GEN), regex(5).
import { XpvError } from '../../base/error.js'

/** What a text is tried with, as with a regular expression. */
export interface ShellPattern {
  test(text: string): boolean
}

/** A pattern of the shell, for the whole text: `*`, `?`, `[a-z]`, `[!a-z]`, `\` before a character
 *  that is meant itself. A bracket that is never closed is matched by nothing. */
export function shellPattern(pattern: string): ShellPattern {
  const pieces = /\\(.)|\[(!?)(\]?(?:\\.|[^\]\\])*)\]|(.)/gs
  const steps = [...pattern.matchAll(pieces)].map(([, escaped, not, set, plain]): Step => {
    if (set !== undefined) return oneOf(setSource(set), not === '!')
    if (plain === '*') return STAR
    if (plain === '?') return () => true
    return plain === '[' ? () => false : (letter) => letter === (escaped ?? plain)
  })
  return { test: (text) => follows(text, steps) }
}

type Step = ((letter: string) => boolean) | typeof STAR
const STAR = 'star'

const setSource = (set: string): string => set.replace(/\\(.)/gs, '$1').replace(/[\\^\][]/g, '\\$&')

function oneOf(set: string, isNot: boolean): Step {
  const letters = new RegExp(`^[${set}]$`, 's')
  return (letter) => letters.test(letter) !== isNot
}

/** Whether a text is what steps say: what fails after a star is tried one letter on. */
function follows(text: string, steps: readonly Step[]): boolean {
  let [at, step, star, retry] = [0, 0, -1, 0]
  while (at < text.length) {
    const here = steps[step]
    if (here === STAR) {
      star = step++
      retry = at
    } else if (here?.(text[at] ?? '') === true) {
      step++
      at++
    } else if (star >= 0) {
      step = star + 1
      at = ++retry
    } else {
      return false
    }
  }
  return steps.slice(step).every((each) => each === STAR)
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** A basic regular expression, found anywhere in the text. Throws XpvError `fma.expression` for one
 *  that is none, with what is wrong. */
export function basicExpression(text: string): RegExp {
  const pieces = /\\(.?)|\[(\^?\]?(?:\[:[a-z]+:\]|[^\]])*)\]|(.)/gs
  const source = [...text.matchAll(pieces)].map(([, escaped, set, plain], i) => {
    if (escaped !== undefined) return /^[(){}|]$/.test(escaped) ? escaped : escapedSource(escaped)
    if (set !== undefined) return `[${bracketSource(set)}]`
    if (plain === '*' && i === 0) return '\\*'
    return /^[(){}|+?[\]/]$/.test(plain ?? '') ? `\\${plain}` : (plain ?? '')
  })
  try {
    return new RegExp(source.join(''), 'm')
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new XpvError('fma.expression', `unexpected regular expression in ${text}`)
  }
}

function escapedSource(letter: string): string {
  return /^[1-9]$/.test(letter) ? `\\${letter}` : literal(letter === '' ? '\\' : letter)
}

const NAMED_SETS: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
}

function bracketSource(set: string): string {
  return set
    .replace(/\\/g, '\\\\')
    .replace(/\[:([a-z]+):\]/g, (whole, name: string) => NAMED_SETS[name] ?? whole)
    .replace(/^(\^?)\]/, '$1\\]')
}
