// The types that a program declares: tags, typedefs, external symbols. One scope for all sources of
// a program.
//
// Holds: a tag's type is one object from its first mention on; it gets its members later, once.
import type { TypeDeclaration } from '../program/program.js'
import type { DType, IntegerDType, RecordDType } from '../program/types.js'
import type { Specifiers } from './ast.js'

/** Declares and finds types. */
export class TypeScope {
  /** Typedefs by name, as the parser has met them: it may be ahead of the checker. */
  readonly typedefs = new Set<string>()
  readonly #named = new Map<string, DType>()
  readonly #externs = new Map<string, DType>()
  readonly #resolved = new WeakMap<Specifiers, DType>()
  readonly #declared: TypeDeclaration[] = []
  readonly #tagless: TypeDeclaration[] = []

  /** What the program itself declares, in order, enumerations without a tag last: no other type
   *  needs them. */
  get declared(): readonly TypeDeclaration[] {
    return [...this.#declared, ...this.#tagless]
  }

  /** What a typedef, or a tag with its word before it (`struct x`), stands for. */
  named(name: string): DType | undefined {
    return this.#named.get(name)
  }

  /** Gives a tag its type. */
  declareTag(name: string, type: DType): void {
    this.#named.set(name, type)
  }

  /** Notes that a structure, union or enumeration has been defined. */
  define(type: RecordDType | IntegerDType, tag: string | undefined): void {
    const declaration = { kind: 'definition', type } as const
    if (tag !== undefined) this.#declared.push(declaration)
    else if (type.kind === 'int') this.#tagless.push(declaration)
  }

  /** Leaves out of `declared` what there is by now: types of libraries, which every program
   *  finds. */
  hideDeclared(): void {
    this.#declared.length = 0
    this.#tagless.length = 0
  }

  /** Adds a typedef: `type` has its name already, `of` is what it stands for. */
  declareTypedef(name: string, type: DType, of: DType): void {
    this.#named.set(name, type)
    this.#declared.push({ kind: 'typedef', name, type: of })
  }

  /** The type of a symbol that `extern` declared. */
  extern(name: string): DType | undefined {
    return this.#externs.get(name)
  }

  declareExtern(name: string, type: DType): void {
    this.#externs.set(name, type)
  }

  /** What specifiers stand for, made once: several declared names may share them. */
  resolved(specifiers: Specifiers, make: () => DType): DType {
    const known = this.#resolved.get(specifiers)
    if (known !== undefined) return known
    const type = make()
    this.#resolved.set(specifiers, type)
    return type
  }
}
