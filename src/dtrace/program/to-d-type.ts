// Types as D text: what a cast names, what a declaration says, what a program defines.
//
//   array of 3 of pointer to int, x   ->  int *x[3]
//   enum color { RED = 0, BLUE = 5 }  ->  enum color { RED, BLUE = 5 };
//
// A structure, union or enumeration without a tag is written out where it is used first.
import type { Program, TypeDeclaration, Variable } from './program.js'
import { typeNamed } from './type-names.js'
import { type DType, type IntegerDType, type Member, type RecordDType, splitName } from './types.js'

/** The name of a type, as a cast has it. */
export function printTypeName(type: DType): string {
  return declare(type, '')
}

/** `name` declared as one of the type: `int *x[3]`. A `body` stands for the name of the type that
 *  the declarator is put around. */
function declare(type: DType, name: string, body?: string): string {
  const [before, after] = splitName(type.name)
  const gap = name === '' || /[*(]$/.test(before) ? '' : ' '
  const space = name === '' && after.startsWith('[') && !before.endsWith('*') ? ' ' : ''
  const start = body === undefined ? before : before.replace(/^\w+/, () => body)
  return `${start}${gap}${name}${space}${after}`
}

/** The definitions and variables of a program, a line or block each. */
export function printDeclarations(program: Program): readonly [types: string, variables: string] {
  const printer = new TypePrinter(program)
  const types = (program.types ?? []).map((t) => printer.declaration(t)).filter((t) => t !== '')
  return [types.join('\n'), printer.variables(program.variables).join('\n')]
}

/** Whether D has words for a type. It has none for a pointer to what has no tag: a variable of that
 *  type is made by its first assignment alone. */
function isSpelled(type: DType): boolean {
  if (type.kind === 'array') return isSpelled(type.element)
  if (type.kind !== 'int' || type.pointee === undefined) return true
  return !isTagless(elementType(type.pointee)) && isSpelled(type.pointee)
}

/** Prints declarations in order; remembers which types without a tag were written out. */
class TypePrinter {
  readonly #inline: ReadonlySet<unknown>
  readonly #written = new Set<unknown>()

  constructor({ types = [], variables }: Program) {
    const used = [...types.flatMap(usedTypes), ...variables.map((v) => v.type)]
    this.#inline = new Set(used.map(elementType).filter(isTagless).map(bodyOf))
  }

  declaration(t: TypeDeclaration): string {
    if (t.kind === 'typedef') return `typedef ${this.#declare(t.type, t.name)};`
    if (this.#inline.has(bodyOf(t.type))) return ''
    return `${this.#body(t.type)};`
  }

  /** Variables of one type without a tag are declared together. */
  variables(all: readonly Variable[]): readonly string[] {
    return all.filter((v) => isSpelled(v.type)).flatMap((v) => this.#variable(v, all))
  }

  #variable(v: Variable, all: readonly Variable[]): readonly string[] {
    const scope = v.scope === 'global' ? '' : `${v.scope} `
    const element = elementType(v.type)
    if (!isTagless(element)) return [`${scope}${declare(v.type, nameOf(v))};`]
    if (this.#written.has(bodyOf(element))) return []
    const alike = all.filter((other) => {
      const its = elementType(other.type)
      return (
        other !== v && other.scope === v.scope && isTagless(its) && bodyOf(its) === bodyOf(element)
      )
    })
    const rest = alike.map((other) => `, ${declare(other.type, nameOf(other), '').trim()}`)
    return [`${scope}${this.#declare(v.type, nameOf(v))}${rest.join('')};`]
  }

  #declare(type: DType, name: string): string {
    const element = elementType(type)
    if (!isTagless(element) || this.#written.has(bodyOf(element))) return declare(type, name)
    this.#written.add(bodyOf(element))
    return declare(type, name, this.#body(element))
  }

  #body(type: RecordDType | IntegerDType): string {
    if (type.kind === 'int') return `${type.name} { ${printEnumerators(type)} }`
    const members = (type.layout?.members ?? []).map((m) => this.#member(m))
    return `${type.name} {\n${members.map((m) => m.replace(/^/gm, '\t')).join('\n')}\n}`
  }

  #member({ name, type, bits }: Member): string {
    const width = bits?.width ?? cutTo(type)
    if (width !== undefined) return `${type.name} ${name}${name === '' ? '' : ' '}: ${width};`
    return `${this.#declare(type, name)};`
  }
}

/** A variable's name with the types of its keys. */
function nameOf({ name, keys }: Variable): string {
  return keys === undefined ? name : `${name}[${keys.map(printTypeName).join(', ')}]`
}

/** The bits of an integer that is narrower than its name says: a bit-field of whole bytes. */
function cutTo(type: DType): number | undefined {
  if (type.kind !== 'int' || type.pointee !== undefined) return undefined
  const whole = typeNamed(type.base ?? type.name)
  return whole?.kind === 'int' && whole.bytes !== type.bytes ? 8 * type.bytes : undefined
}

function usedTypes(t: TypeDeclaration): readonly DType[] {
  if (t.kind === 'typedef') return [t.type]
  return t.type.kind === 'record' ? (t.type.layout?.members ?? []).map((m) => m.type) : []
}

/** What an array is made of in the end. */
function elementType(type: DType): DType {
  return type.kind === 'array' && type.name.endsWith(']') ? elementType(type.element) : type
}

/** Whether a structure, union or enumeration has neither a tag nor a typedef's name. */
function isTagless(type: DType): type is RecordDType | IntegerDType {
  if (type.kind === 'record') return type.name === type.what
  return type.kind === 'int' && type.name === 'enum'
}

const bodyOf = (type: RecordDType | IntegerDType): unknown =>
  type.kind === 'record' ? type.layout : type.enumerators

/** Values are written where they are not one more than that before. */
function printEnumerators({ enumerators = new Map() }: IntegerDType): string {
  let next = 0n
  const texts = [...enumerators].map(([name, value]) => {
    const text = value === next ? name : `${name} = ${value}`
    next = value + 1n
    return text
  })
  return texts.join(', ')
}
