// The D compiler: source texts in, one program out, or all mistakes of the first source that has
// some.
//
//   DSource[]  ->  lexer, parser  ->  SourceFile  ->  checker  ->  Program
//
// Holds: all sources share variables and aggregations, in order; nothing is thrown for a user's
// mistake.
// Source: the D language guide; libdtrace dt_cc.c (dt_compile), cmd/dtrace (compile_str,
// compile_file).
import { isOn } from '../../base/switch-value.js'
import type { ProbeCatalog } from '../probe/catalog.js'
import type { Clause, Program } from '../program/program.js'
import type { SourceFile } from './ast.js'
import { type ClauseContext, checkClause } from './check-clause.js'
import { checkDeclaration, checkInline } from './check-declaration.js'
import type { CheckContext } from './checked.js'
import { type DDiagnostic, Diagnostics } from './diagnostics.js'
import { Lexer } from './lexer.js'
import { Macros } from './macros.js'
import { parseSource } from './parser.js'
import { applyControlLine } from './pragma.js'
import { Scope } from './scope.js'
import { TokenStream } from './token-stream.js'

/** One -n, -P, -m, -f, -i or -s. Each but a script may have predicate and body after the
 *  specification. */
export interface DSource {
  readonly part: 'name' | 'provider' | 'module' | 'function' | 'id' | 'script'
  readonly text: string
  /** A script's file name. */
  readonly file?: string
}

/** What a compilation needs beside the texts. */
export interface CompileOptions {
  readonly catalog: ProbeCatalog
  /** $1, $2, ... */
  readonly macros?: readonly string[]
  /** $0. */
  readonly scriptName?: string
  /** $pid, $target and so on. */
  readonly ids?: ReadonlyMap<string, number>
  /** -x: of these, argref, defaultargs, empty, errtags and zdefs concern the compiler. */
  readonly options?: ReadonlyMap<string, string>
}

/** One source with the number of probes it enables, as dtrace(8) reports it. */
export interface Enabling {
  readonly source: DSource
  /** The description, or the name of the script. */
  readonly text: string
  readonly matched: number
  /** The descriptions that matched nothing, in all four parts: some only with -Z. */
  readonly missed: readonly string[]
}

export interface CompileErrors {
  readonly kind: 'errors'
  readonly source: DSource
  /** In the order DTrace would find them: syntax first. */
  readonly diagnostics: readonly DDiagnostic[]
}

export type Compilation =
  | { readonly kind: 'ok'; readonly program: Program; readonly enablings: readonly Enabling[] }
  | CompileErrors

/** Compiles all sources into one program. */
export function compile(sources: readonly DSource[], options: CompileOptions): Compilation {
  const unit = new Unit(options)
  for (const [i, source] of sources.entries()) {
    const diagnostics = unit.add(source, i === sources.length - 1)
    if (diagnostics.length > 0) return { kind: 'errors', source, diagnostics }
  }
  return { kind: 'ok', program: unit.program(), enablings: unit.enablings }
}

/** What the sources of one program have in common. */
class Unit {
  readonly enablings: Enabling[] = []
  readonly #given: CompileOptions
  readonly #scope = new Scope()
  readonly #options = new Map<string, string>()
  readonly #clauses: Clause[] = []
  readonly #macros: Macros

  constructor(given: CompileOptions) {
    this.#given = given
    this.#macros = new Macros({
      args: [given.scriptName ?? '', ...(given.macros ?? [])],
      ids: given.ids ?? new Map(),
      defaults: isOn(given.options?.get('defaultargs')),
    })
  }

  program(): Program {
    return {
      clauses: this.#clauses,
      variables: this.#scope.variables,
      aggregations: this.#scope.aggregations,
      options: this.#options,
    }
  }

  /** Compiles one source into the program; its mistakes. */
  add(source: DSource, isLast: boolean): readonly DDiagnostic[] {
    const diagnostics = new Diagnostics(source.text)
    const file = this.#parse(source, diagnostics)
    const checked = this.#check(source, file, diagnostics)
    if (isLast) this.#reportUnused(source, diagnostics)
    this.enablings.push({ source, text: enablingText(source), ...checked })
    return diagnostics.found
  }

  #isOn(option: string): boolean {
    return isOn(this.#options.get(option)) || isOn(this.#given.options?.get(option))
  }

  #parse(source: DSource, diagnostics: Diagnostics): SourceFile {
    const bare = source.part !== 'script'
    const pragmas = { diagnostics, options: this.#options }
    const lexer = new Lexer(source.text, {
      diagnostics,
      macros: this.#macros,
      specsOnly: () => bare || this.#isOn('pspec'),
      onControl: (words, span) => {
        applyControlLine(pragmas, words, span)
        this.#macros.defaults ||= this.#isOn('defaultargs')
      },
    })
    return parseSource(new TokenStream(lexer, diagnostics), bare)
  }

  #check(
    source: DSource,
    file: SourceFile,
    diagnostics: Diagnostics,
  ): Pick<Enabling, 'matched' | 'missed'> {
    const scope = this.#scope
    const outside: CheckContext = { diagnostics, scope, probes: undefined, specs: '' }
    for (const item of file.items)
      diagnostics.attempt(() => {
        if (item.kind === 'declaration') checkDeclaration(outside, item.declaration)
        else if (item.kind === 'inline') checkInline(outside, item.inline)
      })
    const clauses = file.items.flatMap((item) => (item.kind === 'clause' ? [item.clause] : []))
    if (file.items.length === 0 && diagnostics.found.length === 0 && !this.#isOn('empty'))
      diagnostics.report(
        { start: source.text.length, end: source.text.length },
        'D_EMPTY',
        'empty D program translation unit',
        'such as BEGIN { trace("hello"); exit(0); }',
      )
    const cx: ClauseContext = {
      diagnostics,
      scope,
      catalog: this.#given.catalog,
      macros: this.#macros,
      last: source.part === 'script' || source.part === 'id' ? 'name' : source.part,
      allowNone: this.#isOn('zdefs'),
    }
    const checked = clauses.map((clause) => checkClause(cx, clause))
    this.#clauses.push(...checked.flatMap((c) => c.clauses))
    return {
      matched: checked.reduce((sum, c) => sum + c.matched, 0),
      missed: checked.flatMap((c) => c.missed),
    }
  }

  /** The last argument of the command line must be used somewhere. */
  #reportUnused(source: DSource, diagnostics: Diagnostics): void {
    const given = this.#given.macros ?? []
    const last = given.length
    if (last === 0 || this.#isOn('argref') || this.#macros.used.has(last)) return
    const message = `extraneous argument '${given[last - 1]}' ($${last} is not referenced)`
    const span = { start: 0, end: source.text.length }
    diagnostics.report(span, 'D_MACRO_UNUSED', message, '-x argref allows it')
  }
}

/** What dtrace(8) calls a source when it says how many probes matched. */
function enablingText(source: DSource): string {
  if (source.part === 'script') return source.file ?? ''
  return source.text.split(/[{/;]/)[0] ?? ''
}
