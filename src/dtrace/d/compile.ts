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
import type { PatternPart } from '../probe/pattern.js'
import { STRING_BYTES } from '../program/layout.js'
import { parseSize } from '../program/option-value.js'
import type { OptionDialect } from '../program/options.js'
import type { Clause, Program } from '../program/program.js'
import { parseStability } from '../program/stability.js'
import type { SourceFile } from './ast.js'
import { type ClauseContext, checkClause } from './check-clause.js'
import { checkDefinition, isDefined } from './check-definition.js'
import type { CheckContext } from './checked.js'
import { type DDiagnostic, Diagnostics } from './diagnostics.js'
import { isTaken } from './given-name.js'
import { Lexer } from './lexer.js'
import { Macros } from './macros.js'
import { idMistake } from './match-probes.js'
import { parseSource } from './parser.js'
import {
  applyControlLine,
  type PendingPragma,
  type PragmaTarget,
  reportUnusedPragmas,
} from './pragma.js'
import { Scope } from './scope.js'
import { constantsNamed } from './standard-constants.js'
import { asksForLibrary, STANDARD_LIBRARY } from './standard-library.js'
import { typesNamed } from './standard-types.js'
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
  /** D libraries, in order: what they define is there, their clauses are not enabled. */
  readonly libraries?: readonly DSource[]
}

/** One source with the number of probes it enables, as dtrace(8) reports it. */
export interface Enabling {
  readonly source: DSource
  /** The description, or the name of the script. */
  readonly text: string
  readonly matched: number
  readonly clauses: readonly Clause[]
  /** The descriptions that matched nothing, in all four parts: some only with -Z. */
  readonly missed: readonly string[]
}

export interface CompileErrors {
  readonly kind: 'errors'
  readonly source: DSource
  /** The library the mistakes are in, when they are not in the source itself. */
  readonly library?: DSource
  /** In the order DTrace would find them: syntax first. */
  readonly diagnostics: readonly DDiagnostic[]
}

export type Compilation =
  | { readonly kind: 'ok'; readonly program: Program; readonly enablings: readonly Enabling[] }
  | CompileErrors

/** Compiles all sources into one program. */
export function compile(sources: readonly DSource[], options: CompileOptions): Compilation {
  const unit = new Unit(options)
  const [first] = sources
  for (const library of first === undefined ? [] : librariesOf(sources, options)) {
    const diagnostics = unit.addLibrary(library)
    if (diagnostics.length > 0 && first !== undefined)
      return { kind: 'errors', source: first, library, diagnostics }
  }
  for (const source of sources) {
    const diagnostics = unit.add(source)
    if (diagnostics.length > 0) return { kind: 'errors', source, diagnostics }
  }
  return { kind: 'ok', program: unit.program(), enablings: unit.enablings }
}

/** The libraries that were given, and before them D's own where a source asks for it. */
function librariesOf(sources: readonly DSource[], given: CompileOptions): readonly DSource[] {
  const libraries = given.libraries ?? []
  if (isOn(given.options?.get('nolibs'))) return libraries
  const texts = [...sources, ...libraries].map((source) => source.text)
  const library = texts.some(asksForLibrary) ? STANDARD_LIBRARY : ''
  const text = constantsNamed(texts) + typesNamed(texts) + library
  if (text === '') return libraries
  return [{ part: 'script', text, file: 'standard library' }, ...libraries]
}

/** What the sources of one program have in common. */
class Unit {
  readonly enablings: Enabling[] = []
  readonly #given: CompileOptions
  readonly #scope = new Scope()
  readonly #options = new Map<string, string>()
  readonly #clauses: Clause[] = []
  readonly #macros: Macros
  /** Pragmas of the source at hand whose names are still to come. */
  readonly #pending: PendingPragma[] = []

  constructor(given: CompileOptions) {
    this.#given = given
    this.#macros = new Macros({
      args: [given.scriptName ?? '', ...(given.macros ?? [])],
      ids: given.ids ?? new Map(),
      defaults: isOn(given.options?.get('defaultargs')),
    })
  }

  program(): Program {
    const types = this.#scope.types.declared
    return {
      clauses: this.#clauses,
      ...(types.length > 0 && { types }),
      variables: this.#scope.variables,
      aggregations: this.#scope.aggregations,
      options: this.#options,
    }
  }

  /** Compiles one source into the program; its mistakes. */
  add(source: DSource): readonly DDiagnostic[] {
    const diagnostics = new Diagnostics(source.text)
    this.#macros.forgetUsed()
    const file = this.#parse(source, diagnostics)
    this.#define(file, diagnostics)
    this.#reportUnknownIds(file, diagnostics, lastPart(source))
    this.#reportUnused(source, file, diagnostics)
    const checked = this.#check(source, file, diagnostics)
    this.#reportEmpty(file, diagnostics, source)
    this.enablings.push({ source, text: enablingText(source), ...checked })
    return diagnostics.found
  }

  /** Compiles a library: it may be empty, what it enables is forgotten, and it is left out when it
   *  depends on what is not there. */
  addLibrary(library: DSource): readonly DDiagnostic[] {
    const diagnostics = new Diagnostics(library.text)
    const file = this.#parse(library, diagnostics, true)
    const dependsOnNothing = diagnostics.found.every((d) => d.tag !== 'D_PRAGMA_DEPEND')
    if (!dependsOnNothing) return []
    const clauses = this.#clauses.length
    this.#define(file, diagnostics)
    if (file.items.length > 0) this.#check(library, file, diagnostics)
    this.#clauses.length = clauses
    this.#scope.types.hideDeclared()
    return diagnostics.found
  }

  #dialect(): OptionDialect {
    return this.#option('dialect') === 'linux' ? 'linux' : 'illumos'
  }

  /** Types and variables alone are no program. */
  #reportEmpty(file: SourceFile, diagnostics: Diagnostics, { text }: DSource): void {
    const isEmpty = file.items.every((item) => item.kind === 'declaration')
    if (!isEmpty || diagnostics.found.length > 0 || this.#isOn('empty')) return
    const span = { start: text.length, end: text.length }
    const example = 'such as BEGIN { trace("hello"); exit(0); }'
    diagnostics.report(span, 'D_EMPTY', 'empty D program translation unit', example)
  }

  #isOn(option: string): boolean {
    return isOn(this.#options.get(option)) || isOn(this.#given.options?.get(option))
  }

  #option(option: string): string | undefined {
    return this.#options.get(option) ?? this.#given.options?.get(option)
  }

  #parse(source: DSource, diagnostics: Diagnostics, isLibrary = false): SourceFile {
    const bare = source.part !== 'script'
    const dialect = this.#given.options?.get('dialect') === 'linux' ? 'linux' : 'illumos'
    const { probes } = this.#given.catalog
    const pragmas: PragmaTarget = {
      diagnostics,
      options: this.#options,
      dialect,
      isLibrary,
      pending: this.#pending,
      isGiven: (name) => name === 'self' || name === 'this' || isTaken(name),
      hasProvider: (name) => probes.some((p) => p.provider === name),
      hasModule: (name) => probes.some((p) => p.module === name),
    }
    const { typedefs } = this.#scope.types
    const lexer = new Lexer(source.text, {
      diagnostics,
      macros: this.#macros,
      specsOnly: () => bare || this.#isOn('pspec'),
      typedefs,
      onControl: (words, span) => {
        applyControlLine(pragmas, words, span)
        this.#macros.defaults ||= this.#isOn('defaultargs')
      },
    })
    return parseSource(new TokenStream(lexer, diagnostics, typedefs), bare)
  }

  /** Checks all but clauses. DTrace does while it reads them: the first mistake is the first in the
   *  text, be it one of syntax or of a declaration. */
  #define(file: SourceFile, diagnostics: Diagnostics): void {
    const scope = this.#scope
    const least = this.#option('amin')
    scope.leastStability = least === undefined ? undefined : parseStability(least)
    scope.dialect = this.#dialect()
    scope.version = this.#option('version')
    scope.tupleRegisters = Number(this.#option('tregs') ?? 8)
    scope.scratchBytes = parseSize(this.#option('scratchsize') ?? '256') ?? 256n
    scope.strsize = Number(parseSize(this.#option('strsize') ?? '') ?? STRING_BYTES)
    const outside: CheckContext = { diagnostics, scope, probes: undefined, specs: '' }
    for (const item of file.items)
      diagnostics.attempt(() => checkDefinition(outside, item, this.#given.catalog))
    diagnostics.sort()
  }

  #check(
    source: DSource,
    file: SourceFile,
    diagnostics: Diagnostics,
  ): Pick<Enabling, 'matched' | 'missed' | 'clauses'> {
    const scope = this.#scope
    reportUnusedPragmas(diagnostics, this.#pending, (name) => isDefined(scope, name))
    for (const { name, stability } of this.#pending)
      if (stability !== undefined) scope.stabilities.set(name, stability)
    this.#pending.length = 0
    const clauses = file.items.flatMap((item) => (item.kind === 'clause' ? [item.clause] : []))
    const cx: ClauseContext = {
      diagnostics,
      scope,
      catalog: this.#given.catalog,
      macros: this.#macros,
      last: lastPart(source),
      allowNone: this.#isOn('zdefs'),
    }
    const checked = clauses.map((clause) => checkClause(cx, clause))
    const enabled = checked.flatMap((c) => c.clauses)
    for (const clause of enabled) this.#clauses.push(clause)
    return {
      clauses: enabled,
      matched: checked.reduce((sum, c) => sum + c.matched, 0),
      missed: checked.flatMap((c) => c.missed),
    }
  }

  /** A number that is no probe's is a mistake of the text, found before any other but syntax. */
  #reportUnknownIds(file: SourceFile, diagnostics: Diagnostics, last: PatternPart): void {
    const specs = file.items.flatMap((item) => (item.kind === 'clause' ? item.clause.specs : []))
    for (const { text, span } of specs) {
      const message = idMistake(text, this.#given.catalog, last)
      if (message !== undefined)
        diagnostics.report(span, 'D_PDESC_INVAL', message, 'dtrace -l lists the probes')
    }
  }

  /** The last argument of the command line must be used in every source, be it in a probe. */
  #reportUnused(source: DSource, file: SourceFile, diagnostics: Diagnostics): void {
    const given = this.#given.macros ?? []
    const last = given.length
    if (last === 0 || this.#isOn('argref') || this.#macros.used.has(last)) return
    const specs = file.items.flatMap((item) => (item.kind === 'clause' ? item.clause.specs : []))
    if (specs.some(({ text }) => new RegExp(`\\$${last}(?![0-9])`).test(text))) return
    const message = `extraneous argument '${given[last - 1]}' ($${last} is not referenced)`
    const span = { start: 0, end: source.text.length }
    diagnostics.report(span, 'D_MACRO_UNUSED', message, '-x argref allows it')
  }
}

/** What the last part of a source's descriptions names. */
function lastPart({ part }: DSource): PatternPart {
  return part === 'script' || part === 'id' ? 'name' : part
}

/** What dtrace(8) calls a source when it says how many probes matched. */
function enablingText(source: DSource): string {
  if (source.part === 'script') return source.file ?? ''
  return source.text.split(/[{/;]/)[0] ?? ''
}
