// Embedded texts: D, Eversholt and probe descriptions in the middle of TypeScript, checked before
// the cell runs as they would be when it does.
//
//   d`xpv:::dom-creat-start { }`   ->  d.unknown-probe at its place in the cell
//   esc`event falt.x@chip;`        ->  esc.class-type at its place in the cell
//   on('xpv:::dom-creat-start')    ->  query.no-probe, and what was meant
//
// Holds: only what stands there whole is checked: no template with ${...}, no string with an
// escape, no call of something else that is called `on`, no rules that include a file.
import { type Diagnostic, DiagnosticError } from '../../base/diagnostic.js'
import { compile } from '../../dtrace/d/compile.js'
import type { ProbeCatalog } from '../../dtrace/probe/catalog.js'
import { parsePattern } from '../../dtrace/probe/pattern.js'
import { standardCatalog } from '../../dtrace/probe/standard-catalog.js'
import { suggestProbe } from '../../dtrace/probe/suggest.js'
import type { Mistake } from '../assist.js'
import { Rules } from '../esc/rules.js'
import { type CodeToken, codeTokens } from '../highlight/code-tokens.js'

/** A text in another language, with its place in the cell. */
export interface EmbeddedText {
  readonly language: 'd' | 'esc' | 'probe'
  readonly start: number
  readonly text: string
}

/** Names of functions whose texts are checked, by what the text is. */
const CALLED = { d: 'd', esc: 'esc', probe: 'on' } as const

/** Whole texts in a cell that are not TypeScript. */
function embeddedTexts(source: string): readonly EmbeddedText[] {
  const tokens = codeTokens(source).filter(({ kind }) => kind !== 'comment')
  const textOf = (token: CodeToken | undefined): string =>
    token === undefined ? '' : source.slice(token.start, token.end)
  const hidden = new Set(tokens.flatMap((token, i) => (isOwn(i) ? [textOf(token)] : [])))
  return tokens.flatMap((token, i): EmbeddedText[] => {
    if (hidden.has(textOf(token))) return []
    const before = textOf(tokens[i - 1])
    if (token.kind !== 'word' || before === '.' || before === '?.') return []
    const next = tokens[i + 1]
    const tag = textOf(token)
    if ((tag === 'd' || tag === 'esc') && isWholeTemplate(source, next)) {
      const start = next.start + 1
      return [{ language: tag, start, text: source.slice(start, next.end - 1) }]
    }
    const given = tokens[i + 2]
    const isCall = textOf(next) === '(' && /^[,)]$/.test(textOf(tokens[i + 3]))
    if (textOf(token) !== 'on' || !isCall || given?.kind !== 'string' || given.open) return []
    const text = textOf(given).slice(1, -1)
    return text.includes('\\') ? [] : [{ language: 'probe', start: given.start + 1, text }]
  })

  /** Whether a name may be a parameter or a variable of the cell's own. */
  function isOwn(i: number): boolean {
    const text = textOf(tokens[i])
    if (text !== 'on' && text !== 'd' && text !== 'esc') return false
    return !/^[(`]/.test(textOf(tokens[i + 1])) && !/^\??\.$/.test(textOf(tokens[i - 1]))
  }
}

function isWholeTemplate(source: string, token: CodeToken | undefined): token is CodeToken {
  if (token?.kind !== 'template' || token.open) return false
  const text = source.slice(token.start, token.end)
  return text.startsWith('`') && text.endsWith('`') && text.length >= 2
}

/** The mistakes in such texts of a cell. `declared` are names that its user has taken. */
export function embeddedMistakes(
  source: string,
  isTaken: (name: string) => boolean,
): readonly Diagnostic[] {
  const texts = embeddedTexts(source).filter(({ language }) => !isTaken(CALLED[language]))
  if (texts.length === 0) return []
  const catalog = standardCatalog()
  return texts.flatMap((text) => mistakesOf(text, catalog))
}

/** The mistakes in a cell that is wholly in another language. */
export function languageMistakes(language: 'd' | 'esc', text: string): readonly Mistake[] {
  const found = mistakesOf({ language, start: 0, text }, standardCatalog())
  return found.map(({ code, message, span = { start: 0, end: text.length } }) => {
    return { code, message, ...span }
  })
}

function mistakesOf(text: EmbeddedText, catalog: ProbeCatalog): readonly Diagnostic[] {
  switch (text.language) {
    case 'd':
      return mistakesInD(text, catalog)
    case 'esc':
      return mistakesInEsc(text)
    case 'probe':
      return mistakesInProbe(text, catalog)
  }
}

function mistakesInD({ start, text }: EmbeddedText, catalog: ProbeCatalog): readonly Diagnostic[] {
  const compilation = compile([{ part: 'script', text }], { catalog })
  if (compilation.kind === 'ok') return []
  return compilation.diagnostics.map((diagnostic) => moved(diagnostic, start))
}

function mistakesInEsc({ start, text }: EmbeddedText): readonly Diagnostic[] {
  try {
    void new Rules(text)
    return []
  } catch (thrown) {
    if (!(thrown instanceof DiagnosticError)) throw thrown
    const { diagnostics } = thrown
    if (diagnostics.some(({ code }) => code === 'esc.include-missing')) return []
    return diagnostics.map((diagnostic) => moved(diagnostic, start))
  }
}

/** The same mistake, in a text that begins at `by` of the cell. */
function moved(diagnostic: Diagnostic, by: number): Diagnostic {
  const { span } = diagnostic
  if (span === undefined) return diagnostic
  return { ...diagnostic, span: { start: span.start + by, end: span.end + by } }
}

function mistakesInProbe(
  { start, text }: EmbeddedText,
  catalog: ProbeCatalog,
): readonly Diagnostic[] {
  const pattern = parsePattern(text)
  if (pattern !== 'overspecified' && catalog.match(pattern).length > 0) return []
  const near = suggestProbe(catalog, text)
  return [
    {
      code: 'd.unknown-probe',
      severity: 'error',
      message: `no probe matches ${text}`,
      span: { start, end: start + Math.max(1, text.length) },
      ...(near === undefined ? {} : { hint: `try: on('${near}')` }),
    },
  ]
}
