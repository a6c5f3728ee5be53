// Control lines and what they do: #pragma D option, attributes, binding, depends_on; #error,
// #ident, # line.
//
// attributes and binding speak of a name that is defined already, or will be: those are kept until
// the declarations are known, and one that found no name is a mistake.
// Source: libdtrace dt_pragma.c.
import type { Span } from '../../base/span.js'
import { type OptionDialect, optionHint, optionMistake } from '../program/options.js'
import { parseStability, type Stability } from '../program/stability.js'
import { isVersionText } from '../program/version.js'
import type { ControlWord } from './control-line.js'
import type { Diagnostics } from './diagnostics.js'

/** attributes or binding of a name that the program must define. */
export interface PendingPragma {
  readonly pragma: 'attributes' | 'binding'
  readonly name: string
  readonly stability?: Stability
  readonly span: Span
}

/** What control lines change, and what they ask. */
export interface PragmaTarget {
  readonly diagnostics: Diagnostics
  readonly options: Map<string, string>
  /** Whose bounds options keep to; those of illumos when absent. */
  readonly dialect?: OptionDialect
  /** In a D library, which may depend on another. */
  readonly isLibrary?: boolean
  readonly pending: PendingPragma[]
  /** Whether D itself has the name. */
  readonly isGiven: (name: string) => boolean
  readonly hasProvider: (name: string) => boolean
  readonly hasModule: (name: string) => boolean
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
      applyLine(target, words.slice(i), { start: span.end + 1, end: span.end + 1 }, span)
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

function applyNamed(target: PragmaTarget, named: Named): void {
  const { kind, name, rest, span } = named
  const diagnostics: Diagnostics = target.diagnostics
  if (name === 'ident') return
  if (name === 'line') applyLine(target, rest, span, span)
  else if (name === 'error') {
    const text = rest.map((w) => (w.kind === 'int' ? '' : `${w.value} `)).join('')
    diagnostics.fail(span, 'D_PRAGERR', `#error: ${text}`)
  } else if (kind === 'directive')
    diagnostics.fail(span, 'D_PRAGCTL_INVAL', `invalid control directive: #${name}`)
  else if (kind === 'D pragma') applyDPragma(target, named)
}

function applyDPragma(target: PragmaTarget, { name, rest, span }: Named): void {
  if (name === 'option') applyOption(target, rest, span)
  else if (name === 'depends_on') applyDependsOn(target, rest, span)
  else if (name === 'attributes') applyAttributes(target, rest, span)
  else if (name === 'binding') applyBinding(target, rest, span)
  else {
    const hint = 'D has option, attributes, binding, depends_on, error'
    target.diagnostics.fail(span, 'D_PRAGMA_INVAL', `invalid D pragma: ${name}`, hint)
  }
}

/** attributes Name/Data/Class IDENTIFIER, or provider NAME PART. */
function applyAttributes(target: PragmaTarget, rest: readonly ControlWord[], span: Span): void {
  const diagnostics: Diagnostics = target.diagnostics
  const [text, name, provider, part] = rest
  if (text?.kind !== 'word' || name?.kind !== 'word') {
    const message = 'malformed #pragma attributes <attributes> <ident>'
    diagnostics.fail(span, 'D_PRAGMA_MALFORM', message, 'such as Stable/Stable/Common x')
  }
  const stability = parseStability(text.value)
  if (stability === undefined) {
    const message = 'invalid attributes specified by #pragma attributes'
    diagnostics.fail(span, 'D_PRAGMA_INVAL', message, 'such as Stable/Stable/Common')
  }
  if (name.value !== 'provider') {
    keep(target, { pragma: 'attributes', name: name.value, stability, span })
    return
  }
  if (provider?.kind !== 'word' || part?.kind !== 'word') {
    const message = 'malformed #pragma attributes <attributes> provider <name> <part>'
    diagnostics.fail(span, 'D_PRAGMA_MALFORM', message)
  }
  if (!target.hasProvider(provider.value))
    target.pending.push({ pragma: 'attributes', name: provider.value, stability, span })
  else if (!/^(provider|module|function|name|args)$/.test(part.value)) {
    const what = `invalid component "${part.value}" in attribute #pragma`
    const message = `${what} for provider ${provider.value}`
    diagnostics.fail(part.span, 'D_PRAGMA_INVAL', message)
  }
}

/** binding "1.2" IDENTIFIER. */
function applyBinding(target: PragmaTarget, rest: readonly ControlWord[], span: Span): void {
  const diagnostics: Diagnostics = target.diagnostics
  const [version, name] = rest
  if (version?.kind !== 'string' || name?.kind !== 'word') {
    const message = 'malformed #pragma binding "version" <ident>'
    diagnostics.fail(span, 'D_PRAGMA_MALFORM', message)
  }
  if (!isVersionText(version.value)) {
    const message = 'invalid version string specified by #pragma binding'
    diagnostics.fail(span, 'D_PRAGMA_INVAL', message)
  }
  keep(target, { pragma: 'binding', name: name.value, span })
}

/** What D itself has cannot be changed; anything else may still be defined. */
function keep(target: PragmaTarget, pending: PendingPragma): void {
  if (target.isGiven(pending.name)) {
    const what = `#pragma ${pending.pragma} cannot modify`
    const message = `${what} entity defined outside program scope`
    target.diagnostics.fail(pending.span, 'D_PRAGMA_SCOPE', message)
  }
  target.pending.push(pending)
}

/** Reports the pragmas whose name the program does not define. */
export function reportUnusedPragmas(
  diagnostics: Diagnostics,
  pending: readonly PendingPragma[],
  isDefined: (name: string) => boolean,
): void {
  for (const { name, pragma, span } of pending)
    if (!isDefined(name))
      diagnostics.report(
        span,
        'D_PRAGMA_UNUSED',
        `unused #pragma ${pragma}`,
        `${name} is not declared`,
      )
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
  const isBare = values.length === 0
  const place = { dialect: target.dialect ?? 'illumos', from: 'pragma' } as const
  const mistake = optionMistake(name, isBare ? undefined : value, place)
  if (mistake !== undefined) {
    const message = `failed to set option '${name}'${isBare ? '' : ` to '${value}'`}: ${mistake}`
    diagnostics.fail(word.span, 'D_PRAGMA_OPTSET', message, optionHint(name))
  }
  options.set(name, !isBare && value === '' ? 'unset' : value)
}

function applyDependsOn(target: PragmaTarget, rest: readonly ControlWord[], span: Span): void {
  const diagnostics: Diagnostics = target.diagnostics
  const [what, name] = rest
  if (what?.kind !== 'word' || name?.kind !== 'word') {
    const message = 'malformed #pragma depends_on <class> <name>'
    diagnostics.fail(span, 'D_PRAGMA_MALFORM', message)
  }
  if (what.value === 'library' && target.isLibrary) return
  if (what.value === 'library') {
    const message = 'main program may not explicitly depend on a library'
    diagnostics.fail(span, 'D_PRAGMA_DEPEND', message)
  }
  if (what.value !== 'provider' && what.value !== 'module') {
    const message = `invalid class ${what.value} specified by #pragma depends_on`
    diagnostics.fail(what.span, 'D_PRAGMA_INVAL', message)
  }
  const { hasProvider, hasModule } = target
  const found = what.value === 'provider' ? hasProvider(name.value) : hasModule(name.value)
  if (found) return
  const message = `program requires ${what.value} ${name.value}`
  diagnostics.fail(span, 'D_PRAGMA_DEPEND', message, 'dtrace -l lists what there is')
}

/** # N ["file" [state ...]]: the next line counts as N. The preprocessor's "/dev/stdin" is the
 *  source itself. A mistake is told at `place`. */
function applyLine(
  target: PragmaTarget,
  rest: readonly ControlWord[],
  place: Span,
  line: Span,
): void {
  const [number, file, ...states] = rest
  const wellFormed = states.every((s) => s.kind === 'int')
  if (number?.kind !== 'int' || (file && file.kind !== 'string') || !wellFormed) {
    const message = 'malformed #line <line> [ ["file"] state ]'
    target.diagnostics.fail(place, 'D_PRAGMA_MALFORM', message)
  }
  target.diagnostics.renumber({
    offset: line.end + 1,
    line: number.value,
    file: file === undefined ? target.diagnostics.fileAt(line.end) : fileName(file.value),
  })
}

const fileName = (text: string): string | undefined => (text === '/dev/stdin' ? undefined : text)
