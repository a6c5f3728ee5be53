// Program page: a D program in plain words, or the mistakes in it.
//
//   explain('xdt:sched::{ @ = count(); }')   explain(on('xdt:sched::').count())
//
// Holds: nothing runs.
import { DiagnosticError } from '../../base/diagnostic.js'
import { compile } from '../../dtrace/d/compile.js'
import { explainProgram } from '../../dtrace/explain/explain.js'
import { standardCatalog } from '../../dtrace/probe/standard-catalog.js'
import type { Program } from '../../dtrace/program/program.js'
import { Explanation } from './explanation.js'

/** Whether a text is a D program: a probe, or several, with a body or a predicate. */
export function isProgramText(text: string): boolean {
  return (
    /^\s*(\/\*[\s\S]*?\*\/|#[^\n]*\n|\s)*[\w$*?:,.[\]!-]+[\s\S]*[{/]/.test(text) &&
    /:|BEGIN|END/.test(text)
  )
}

/** The page of a program in D. Throws `DiagnosticError` with all mistakes in it. */
export function programTextPage(text: string): Explanation {
  const compiled = compile([{ part: 'script', text }], { catalog: standardCatalog() })
  if (compiled.kind === 'errors') throw new DiagnosticError(text, compiled.diagnostics)
  return programPage(compiled.program)
}

/** The page of a program that was compiled, or put together by a query. */
export function programPage(program: Program): Explanation {
  return new Explanation({
    subject: 'a D program',
    parts: [explainProgram(program).trimEnd()],
    source: 'the D language guide',
  })
}
