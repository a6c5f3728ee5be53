// Rules: Eversholt that was written in a cell, compiled.
//
//   esc`event fault.x@chip; event ereport.y@chip; prop fault.x@chip -> ereport.y@chip;`  ->  Rules
//   fma.coverage(rules)   fma.whatIf({ rules })   fma.diagnose(path, { rules })
//
// Holds: there are no rules with an error in them: all mistakes are thrown, each with its place in
// the cell. What is put in by ${...} is a constant, or other rules as they were written.
import { type Diagnostic, DiagnosticError, printDiagnostic } from '../../base/diagnostic.js'
import { DISPLAY } from '../../base/display.js'
import { type Page, page, type ShownAsPage } from '../../base/page.js'
import { type CompiledRules, compileRules } from '../../fma/eversholt/compile.js'
import type { RuleCounts } from '../../fma/eversholt/count.js'
import type { EscDiagnostic } from '../../fma/eversholt/diagnostics.js'
import { knownHeader } from '../../fma/eversholt/known-headers.js'
import type { FindInclude } from '../../fma/eversholt/preprocess.js'
import { type RuleSet, ruleSet } from '../../fma/eversholt/rule-set.js'
import { countsLines, countsOf, countsTable } from './rule-counts.js'

/** How rules are called that have no name of their own. */
const CELL = 'rules'

/** Rules of a cell. */
export class Rules implements ShownAsPage {
  /** The text as it was written. */
  readonly source: string
  /** What the table of their counts calls them. */
  readonly name: string
  readonly #compiled: CompiledRules

  /** Compiles. Throws `DiagnosticError` with all mistakes in the text. */
  constructor(source: string, find: FindInclude = knownHeader, name: string = CELL) {
    this.source = source
    this.name = name
    this.#compiled = compileRules({ name: CELL, text: source }, find)
    const mistakes = escMistakes(this.#compiled, source, 'error')
    if (mistakes.length > 0) throw new DiagnosticError(source, mistakes)
  }

  /** What is allowed and hardly meant. */
  get warnings(): readonly Diagnostic[] {
    return escMistakes(this.#compiled, this.source, 'warning')
  }

  /** Statements, classes by type, calls by function, counts at arrows. */
  get counts(): RuleCounts {
    return countsOf(this.#files())
  }

  /** As a compiler leaves them, to be put together with others. */
  static compiled(rules: Rules): CompiledRules {
    return rules.#compiled
  }

  /** Laid out for an engine: declarations, statements. */
  get ruleSet(): RuleSet {
    return ruleSet([this.#compiled])
  }

  toJSON(): unknown {
    return { ...this.counts, warnings: this.warnings }
  }

  [DISPLAY](): Page {
    const told = this.warnings.map((each) => warningText(this.source, each))
    const files = this.#files()
    return page(
      [told.join('\n'), countsTable(files), countsLines(countsOf(files)).join('\n')],
      this.toJSON(),
    )
  }

  #files() {
    return [{ file: this.name, result: this.#compiled }]
  }
}

function warningText(source: string, warning: Diagnostic): string {
  return printDiagnostic(source, { ...warning, message: `warning: ${warning.message}` })
}

/** The mistakes of one severity, with places in the text that was compiled; one in a file that it
 *  includes says where there. */
export function escMistakes(
  { diagnostics }: CompiledRules,
  source: string,
  severity: Diagnostic['severity'],
): readonly Diagnostic[] {
  return diagnostics.filter((each) => each.severity === severity).map((each) => told(each, source))
}

function told(found: EscDiagnostic, source: string): Diagnostic {
  const { code, severity, message, span, hint } = found
  const hinted = hint === undefined ? {} : { hint }
  const isHere = found.source.text === source && found.source.name === CELL
  if (isHere) return { code, severity, message, ...(span === undefined ? {} : { span }), ...hinted }
  const place = `${found.file} line ${found.line}:${found.column}`
  return { code, severity, message: `${place}: ${message}`, ...hinted }
}

/** What may stand in ${...}. */
export type InsertedInRules = number | bigint | string | Rules

/** The tagged template for Eversholt. */
export type EscTag = (strings: TemplateStringsArray, ...values: readonly InsertedInRules[]) => Rules

/** Makes the tag; `find` finds what is included. It throws `DiagnosticError` with all mistakes. */
export function escTag(find: FindInclude): EscTag {
  return (strings, ...values) => {
    const parts = strings.raw.map((part, i) => {
      const value = values[i]
      return value === undefined ? part : part + inserted(value)
    })
    return new Rules(parts.join(''), find)
  }
}

function inserted(value: InsertedInRules): string {
  if (value instanceof Rules) return value.source
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
