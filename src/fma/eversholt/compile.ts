// From a source text to its tree and all mistakes in it: preprocess, parse, check.
import { checkRules } from './check.js'
import { Diagnostics, type EscDiagnostic } from './diagnostics.js'
import { parseRules } from './parser.js'
import { applyPragmas, type Pragmas } from './pragma.js'
import { type FindInclude, preprocess } from './preprocess.js'
import type { SourceText } from './source.js'
import { TokenStream } from './token-stream.js'
import type { RuleFile } from './tree.js'

/** What became of a source. The tree holds what could be read. */
export interface CompiledRules {
  readonly rules: RuleFile
  readonly pragmas: Pragmas
  /** Tokens after the preprocessor. */
  readonly tokens: number
  readonly diagnostics: readonly EscDiagnostic[]
  /** Whether there is no error: warnings do not count. */
  readonly isRight: boolean
}

/** Compiles one source, on its own, as esc does. Never throws. */
export function compileRules(source: SourceText, find: FindInclude): CompiledRules {
  const diagnostics = new Diagnostics()
  const { tokens, pragmas: lines } = preprocess(source, diagnostics, find)
  const pragmas = applyPragmas(lines, diagnostics)
  const rules = parseRules(new TokenStream(tokens, diagnostics))
  checkRules(rules, pragmas, diagnostics)
  const { found } = diagnostics
  const isRight = found.every(({ severity }) => severity === 'warning')
  return { rules, pragmas, tokens: tokens.length - 1, diagnostics: found, isRight }
}
