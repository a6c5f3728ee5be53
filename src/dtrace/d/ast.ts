// The syntax tree of a D source: what was written, not yet what it means.
//
//   text  ->  SourceFile { declarations, inlines, clauses }  ->  checker  ->  Program
import type { Span } from '../../base/span.js'
import type { BinaryOp } from '../program/precedence.js'

export type AssignOp = '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '^=' | '|=' | '<<=' | '>>='
export type PrefixOp = '-' | '+' | '!' | '~' | '*' | '&' | '++' | '--' | 'sizeof' | 'stringof'

export type StorageClass = 'auto' | 'register' | 'static' | 'extern' | 'typedef' | 'self' | 'this'

/** What stands before a declared name: the words of a type, qualifiers left out; a body where
 *  struct, union or enum have one. */
export interface Specifiers {
  readonly words: readonly string[]
  readonly tagged?: TaggedNode
  readonly span: Span
}

/** `struct tag`, `union { ... }`, `enum tag { ... }`. */
export interface TaggedNode {
  readonly what: 'struct' | 'union' | 'enum'
  readonly tag: string | undefined
  readonly members?: readonly MemberDeclarationNode[]
  readonly enumerators?: readonly EnumeratorNode[]
  readonly span: Span
}

/** `type name;` or `type name : width;` of a structure; a bit-field may do without a name. */
export interface MemberDeclarationNode {
  readonly name: string | undefined
  readonly type: TypeName
  readonly width: Node | undefined
  readonly span: Span
}

export interface EnumeratorNode {
  readonly name: string
  readonly value: Node | undefined
  readonly span: Span
}

/** One step from a type to another. `keys` makes an associative array. */
export type Derivation =
  | { readonly kind: 'pointer'; readonly span: Span }
  | { readonly kind: 'array'; readonly dimension: Node | undefined; readonly span: Span }
  | {
      readonly kind: 'keys' | 'function'
      readonly parameters: readonly ParameterNode[]
      readonly variadic: boolean
      readonly span: Span
    }

/** A type as written: specifiers, and what a declarator makes of them, step by step. */
export interface TypeName {
  readonly specifiers: Specifiers
  readonly derivations: readonly Derivation[]
  readonly span: Span
}

/** A parameter of a function, an inline or a probe, or a key: the name may be missing. */
export interface ParameterNode {
  readonly type: TypeName
  readonly name: string | undefined
  readonly span: Span
}

export interface IntNode {
  readonly kind: 'int'
  readonly value: bigint
  readonly decimal: boolean
  readonly suffix: string
  readonly span: Span
}

export interface NameNode {
  readonly kind: 'name'
  readonly name: string
  readonly span: Span
}

export interface AggregationNode {
  readonly kind: 'aggregation'
  readonly name: string
  readonly span: Span
}

export interface MemberNode {
  readonly kind: 'member'
  readonly op: '.' | '->'
  readonly base: Node
  readonly member: string
  readonly span: Span
}

export interface IndexNode {
  readonly kind: 'index'
  readonly base: Node
  readonly keys: readonly Node[]
  readonly span: Span
}

export interface CallNode {
  readonly kind: 'call'
  readonly callee: Node
  readonly args: readonly Node[]
  readonly span: Span
}

export interface BinaryNode {
  readonly kind: 'binary'
  readonly op: BinaryOp
  readonly left: Node
  readonly right: Node
  readonly span: Span
}

export interface AssignNode {
  readonly kind: 'assign'
  readonly op: AssignOp
  readonly target: Node
  readonly value: Node
  readonly span: Span
}

export interface ConditionalNode {
  readonly kind: 'conditional'
  readonly test: Node
  readonly then: Node
  readonly else: Node
  readonly span: Span
}

/** An expression. */
export type Node =
  | IntNode
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | NameNode
  | AggregationNode
  | MemberNode
  | IndexNode
  | CallNode
  /** Parentheses: kept, since `(a) = 1` assigns and `(a + b) = 1` does not parse without them. */
  | { readonly kind: 'group'; readonly inner: Node; readonly span: Span }
  | {
      readonly kind: 'prefix'
      readonly op: PrefixOp
      readonly operand: Node
      readonly span: Span
    }
  | {
      readonly kind: 'postfix'
      readonly op: '++' | '--'
      readonly operand: Node
      readonly span: Span
    }
  | { readonly kind: 'sizeof-type'; readonly type: TypeName; readonly span: Span }
  | {
      readonly kind: 'cast'
      readonly type: TypeName
      readonly operand: Node
      readonly span: Span
    }
  | BinaryNode
  | ConditionalNode
  | AssignNode
  | { readonly kind: 'comma'; readonly left: Node; readonly right: Node; readonly span: Span }
  /** `xlate <T> (e)` */
  | {
      readonly kind: 'xlate'
      readonly type: TypeName
      readonly operand: Node
      readonly span: Span
    }
  /** `offsetof(TYPE, member)` */
  | {
      readonly kind: 'offsetof'
      readonly type: TypeName
      readonly member: string
      readonly span: Span
    }

/** A statement of a clause. */
export type StatementNode =
  | { readonly kind: 'expr'; readonly expr: Node; readonly span: Span }
  | {
      readonly kind: 'if'
      readonly test: Node
      readonly then: readonly StatementNode[]
      readonly else: readonly StatementNode[]
      readonly span: Span
    }

/** One probe specification of a clause, as written. */
export interface SpecNode {
  readonly text: string
  readonly span: Span
}

/** One clause. `statements` is undefined when there are no braces at all. */
export interface ClauseNode {
  readonly specs: readonly SpecNode[]
  readonly predicate: Node | undefined
  readonly statements: readonly StatementNode[] | undefined
  readonly span: Span
}

/** One declared name; none where a structure, union or enumeration is all that is declared. Without
 *  a storage class it is a global variable. */
export interface DeclarationNode {
  readonly storage: StorageClass | undefined
  readonly type: TypeName
  readonly name: string | undefined
  readonly span: Span
}

/** `inline TYPE name = value;` or, with parameters, `inline TYPE name[int a] = value;` */
export interface InlineNode {
  readonly type: TypeName
  readonly name: string
  readonly parameters: readonly ParameterNode[] | undefined
  readonly value: Node
  readonly span: Span
}

/** `member = value;` of a translator. */
export interface TranslatorMemberNode {
  readonly name: string
  readonly value: Node
  readonly span: Span
}

/** `translator OUTPUT < INPUT name > { member = value; };` */
export interface TranslatorNode {
  readonly output: TypeName
  readonly input: TypeName
  readonly name: string
  readonly members: readonly TranslatorMemberNode[]
  readonly span: Span
}

/** `probe name(native) : (translated);` of a provider. */
export interface ProviderProbeNode {
  readonly name: string
  readonly native: readonly ParameterNode[]
  /** Those of the native ones when nothing is translated. */
  readonly translated: readonly ParameterNode[]
  readonly span: Span
}

/** `provider NAME { probe ...; };` */
export interface ProviderNode {
  readonly name: string
  readonly probes: readonly ProviderProbeNode[]
  readonly span: Span
}

/** A whole source text, in order. */
export interface SourceFile {
  readonly items: readonly (
    | { readonly kind: 'declaration'; readonly declaration: DeclarationNode }
    | { readonly kind: 'inline'; readonly inline: InlineNode }
    | { readonly kind: 'translator'; readonly translator: TranslatorNode }
    | { readonly kind: 'provider'; readonly provider: ProviderNode }
    | { readonly kind: 'clause'; readonly clause: ClauseNode }
  )[]
}
