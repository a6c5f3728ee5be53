// Globs: one part of a probe description, as the kernel matches it.
//
//   *  any characters    ?  one    [a-z]  one of these    [!a-z]  one that is not    \x  x itself
//
// Holds: a glob that ends too early (`[a`, a lone `\`) matches nothing; a `]` right after `[` or
// `[!` is one of the set.
// Source: illumos uts/common/dtrace/dtrace.c (dtrace_match_glob).

/** Whether a part contains a glob character. */
export function isGlob(part: string): boolean {
  return /[*?[\\]/.test(part)
}

/** A predicate for one part; "" matches everything. */
export function globMatcher(glob: string): (text: string) => boolean {
  if (glob === '' || glob === '*') return () => true
  if (!isGlob(glob)) return (text) => text === glob
  const steps = parseGlob(glob)
  return steps === undefined ? () => false : (text) => matches(steps, text)
}

type Step = { readonly kind: 'any' } | { readonly kind: 'one'; fits(c: string): boolean }

function parseGlob(glob: string): readonly Step[] | undefined {
  const steps: Step[] = []
  const chars = [...glob]
  for (let c = chars.shift(); c !== undefined; c = chars.shift()) {
    if (c === '*') steps.push({ kind: 'any' })
    else if (c === '?') steps.push({ kind: 'one', fits: () => true })
    else if (c === '[') {
      const fits = parseSet(chars)
      if (fits === undefined) return undefined
      steps.push({ kind: 'one', fits })
    } else {
      const itself = c === '\\' ? chars.shift() : c
      if (itself === undefined) return undefined
      steps.push({ kind: 'one', fits: (other) => other === itself })
    }
  }
  return steps
}

/** Takes what follows a `[` up to its `]`; undefined when there is none. */
function parseSet(chars: string[]): ((c: string) => boolean) | undefined {
  const negated = chars[0] === '!'
  if (negated) chars.shift()
  const ranges: (readonly [low: string, high: string])[] = []
  let low: string | undefined
  for (let c = chars.shift(); c !== ']' || ranges.length === 0; c = chars.shift()) {
    const isRange: boolean = c === '-' && low !== undefined && chars[0] !== ']'
    if (isRange) c = chars.shift()
    if (c === '\\') c = chars.shift()
    if (c === undefined) return undefined
    ranges.push([isRange ? (low ?? c) : c, c])
    low = c
  }
  return (c) => ranges.some(([from, to]) => from <= c && c <= to) !== negated
}

/** Where a `*` was tried and could not go on, it takes one character more: only the last one needs
 *  to be remembered. */
function matches(steps: readonly Step[], text: string): boolean {
  let star = -1
  let resume = 0
  let at = 0
  for (let i = 0; i < text.length || at < steps.length; ) {
    const step = steps[at]
    if (step?.kind === 'any') {
      star = at++
      resume = i
    } else if (step !== undefined && i < text.length && step.fits(text[i] ?? '')) {
      at++
      i++
    } else if (star >= 0 && resume < text.length) {
      at = star + 1
      i = ++resume
    } else return false
  }
  return true
}
