// Programs as plain trees for comparing: without places in the source, probes by their ids.
import { type Compilation, compile, type DSource } from '../../src/dtrace/d/compile.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import type { Expr, Program } from '../../src/dtrace/program/program.js'

/** Compiles one text, on the command line unless `part` says otherwise. */
export function compileText(text: string, part: DSource['part'] = 'name'): Compilation {
  return compile([{ part, text, file: 'test.d' }], { catalog: standardCatalog() })
}

/** The program of a text that has no mistakes. */
export function programOf(text: string, part: DSource['part'] = 'name'): Program {
  const result = compileText(text, part)
  if (result.kind === 'ok') return result.program
  throw new Error(`${text}\n${result.diagnostics.map((d) => d.message).join('\n')}`)
}

/** The codes of all mistakes of a text. */
export function codesOf(text: string, part: DSource['part'] = 'name'): readonly string[] {
  const result = compileText(text, part)
  return result.kind === 'ok' ? [] : result.diagnostics.map((d) => d.code)
}

/** The tags of all mistakes of a text. */
export function tagsOf(text: string): readonly (string | undefined)[] {
  const result = compileText(text)
  return result.kind === 'ok' ? [] : result.diagnostics.map((d) => d.tag)
}

/** The expression of `trace(...)`, the last statement of the last clause. */
export function traced(text: string): Expr {
  const statement = programOf(text).clauses.at(-1)?.statements.at(-1)
  if (statement?.kind !== 'trace') throw new Error(`no trace() at the end of ${text}`)
  return statement.value
}

/** A tree without spans; probes as ids. */
export function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare)
  if (value instanceof Map) return [...value]
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => key !== 'span')
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === 'probes' ? ids(inner) : bare(inner)]),
  )
}

function ids(probes: readonly { readonly id: number }[]): readonly number[] {
  return probes.map((p) => p.id)
}
