// D types as far as values in registers go: integers of a size and sign, and strings.
//
// Source: the D language guide, "Types, Operators and Expressions"; LP64 data model.

/** The type of an expression. `name` is how the source spelled it, for messages. */
export type DType =
  | {
      readonly kind: 'int'
      readonly name: string
      readonly bytes: 1 | 2 | 4 | 8
      readonly signed: boolean
    }
  | { readonly kind: 'string'; readonly name: 'string' }
  | { readonly kind: 'void'; readonly name: 'void' }

const int = (name: string, bytes: 1 | 2 | 4 | 8, signed: boolean): DType & { kind: 'int' } => ({
  kind: 'int',
  name,
  bytes,
  signed,
})

export const INT = int('int', 4, true)
export const UINT = int('unsigned int', 4, false)
export const INT64 = int('int64_t', 8, true)
export const UINT64 = int('uint64_t', 8, false)
export const STRING: DType & { kind: 'string' } = { kind: 'string', name: 'string' }
export const VOID: DType & { kind: 'void' } = { kind: 'void', name: 'void' }

/** Makes an integer type under a name of its own (`domid_t`, `uint_t`). */
export const integerType = int
