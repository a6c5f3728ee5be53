// The syntax tree of a D source: what was written, not yet what it means.
//
//   text  ->  SourceFile { declarations, inlines, clauses }  ->  checker  ->  Program
import type { Span } from '../../base/span.js'
import type { BinaryOp } from '../program/precedence.js'
import type { DType } from '../program/types.js'

export type AssignOp = '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '^=' | '|=' | '<<=' | '>>='
export type PrefixOp = '-' | '+' | '!' | '~' | '*' | '&' | '++' | '--' | 'sizeof' | 'stringof'

/** A type as written in a cast, sizeof or declaration. `base` is undefined for a type that is no
 *  integer, string or void, which was reported or is refused where it is used: `written` names it.
 *  */
export interface TypeName {
  readonly written: string
  readonly base: DType | undefined
  readonly pointers: number
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
  /** Parsed, and refused by the checker: offsetof() and xlate. */
  | { readonly kind: 'refused'; readonly what: string; readonly span: Span }

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

/** One declared name. `keys` are those of an associative array; `dimension` is that of a plain one.
 *  */
export interface DeclarationNode {
  readonly storage: 'global' | 'self' | 'this'
  readonly type: TypeName
  readonly name: string
  readonly keys: readonly TypeName[] | undefined
  readonly dimension: Node | 'missing' | undefined
  readonly span: Span
}

/** `inline TYPE name = value;` */
export interface InlineNode {
  readonly type: TypeName
  readonly name: string
  readonly value: Node
  readonly span: Span
}

/** A whole source text, in order. */
export interface SourceFile {
  readonly items: readonly (
    | { readonly kind: 'declaration'; readonly declaration: DeclarationNode }
    | { readonly kind: 'inline'; readonly inline: InlineNode }
    | { readonly kind: 'clause'; readonly clause: ClauseNode }
  )[]
}
