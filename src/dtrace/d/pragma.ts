// Control lines and what they do: #pragma D option, #pragma D error, # line.
//
// Source: libdtrace dt_pragma.c.
import type { Span } from '../../base/span.js'
import { nearest } from '../probe/suggest.js'
import type { ControlWord } from './control-line.js'
import type { Diagnostics } from './diagnostics.js'
import { OPTION_NAMES, optionMistake } from './options.js'

/** What control lines change. */
export interface PragmaTarget {
  readonly diagnostics: Diagnostics
  readonly options: Map<string, string>
}

type Kind = 'directive' | 'pragma' | 'D pragma'

/** Carries out one control line. A mistake in it is reported. */
export function applyControlLine(
  target: PragmaTarget,
  words: readonly ControlWord[],
  span: Span,
): void {
  target.diagnostics.attempt(() => applyWords(target, words, span))
}

function applyWords(target: PragmaTarget, words: readonly ControlWord[], span: Span): void {
  const diagnostics: Diagnostics = target.diagnostics
  let kind: Kind = 'directive'
  for (const [i, word] of words.entries()) {
    const rest = words.slice(i + 1)
    if (word.kind === 'int') {
      applyLine(target, words.slice(i), span)
      return
    }
    if (word.kind === 'string')
      diagnostics.fail(word.span, 'D_PRAGCTL_INVAL', 'invalid control directive')
    if (kind === 'directive' && word.value === 'pragma') kind = 'pragma'
    else if (kind === 'pragma' && word.value === 'D') kind = 'D pragma'
    else {
      applyNamed(target, { kind, name: word.value, rest, span })
      return
    }
  }
}

interface Named {
  readonly kind: Kind
  readonly name: string
  readonly rest: readonly ControlWord[]
  readonly span: Span
}

function applyNamed(target: PragmaTarget, { kind, name, rest, span }: Named): void {
  const diagnostics: Diagnostics = target.diagnostics
  if (name === 'ident') return
  if (name === 'line') applyLine(target, rest, span)
  else if (name === 'error') {
    const text = rest.map((w) => (w.kind === 'int' ? '' : `${w.value} `)).join('')
    diagnostics.fail(span, 'D_PRAGERR', `#error: ${text}`)
  } else if (kind === 'directive')
    diagnostics.fail(span, 'D_PRAGCTL_INVAL', `invalid control directive: #${name}`)
  else if (kind === 'D pragma') applyDPragma(target, name, rest, span)
}

function applyDPragma(
  target: PragmaTarget,
  name: string,
  rest: readonly ControlWord[],
  span: Span,
): void {
  if (name === 'option') applyOption(target, rest, span)
  else if (name === 'depends_on') applyDependsOn(target, rest, span)
  else if (name !== 'attributes' && name !== 'binding') {
    const hint = 'D has option, attributes, binding, depends_on, error'
    target.diagnostics.fail(span, 'D_PRAGMA_INVAL', `invalid D pragma: ${name}`, hint)
  }
}

function applyOption(target: PragmaTarget, rest: readonly ControlWord[], span: Span): void {
  const diagnostics: Diagnostics = target.diagnostics
  const { options } = target
  const [word, more] = rest
  if (word?.kind !== 'word') {
    const message = 'malformed #pragma option <option>=<val>'
    diagnostics.fail(span, 'D_PRAGMA_MALFORM', message)
  }
  if (more !== undefined) {
    const message = 'superfluous arguments specified for #pragma option'
    diagnostics.fail(more.span, 'D_PRAGMA_MALFORM', message, 'write option=value')
  }
  const [name = '', ...values] = word.value.split('=')
  const value = values.join('=')
  const mistake = optionMistake(name, value)
  if (mistake !== undefined) {
    const to = values.length === 0 ? '' : ` to '${value}'`
    const near = nearest(name, [...OPTION_NAMES])
    const hint = OPTION_NAMES.has(name) || near === undefined ? undefined : `did you mean ${near}?`
    const message = `failed to set option '${name}'${to}: ${mistake}`
    diagnostics.fail(word.span, 'D_PRAGMA_OPTSET', message, hint)
  }
  options.set(name.toLowerCase(), value)
}

function applyDependsOn(target: PragmaTarget, rest: readonly ControlWord[], span: Span): void {
  const diagnostics: Diagnostics = target.diagnostics
  const [what, name] = rest
  if (what?.kind !== 'word' || name?.kind !== 'word') {
    const message = 'malformed #pragma depends_on <class> <name>'
    diagnostics.fail(span, 'D_PRAGMA_MALFORM', message)
  }
  if (what.value === 'library') {
    const message = 'main program may not explicitly depend on a library'
    diagnostics.fail(span, 'D_PRAGMA_DEPEND', message)
  }
  if (what.value !== 'provider' && what.value !== 'module') {
    const message = `invalid class ${what.value} specified by #pragma depends_on`
    diagnostics.fail(what.span, 'D_PRAGMA_INVAL', message)
  }
}

/** # N ["file"]: the next line counts as N. */
function applyLine(target: PragmaTarget, rest: readonly ControlWord[], span: Span): void {
  const [line, file, ...states] = rest
  const wellFormed = states.every((s) => s.kind === 'int')
  if (line?.kind !== 'int' || (file && file.kind !== 'string') || !wellFormed) {
    const message = 'malformed #line <line> [ ["file"] state ]'
    target.diagnostics.fail(span, 'D_PRAGMA_MALFORM', message)
  }
  target.diagnostics.renumber({ offset: span.end + 1, line: line.value, file: file?.value })
}
