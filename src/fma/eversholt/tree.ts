// The tree of a file of rules: what its statements say, each part with its place.
//
//   event fault.cpu.l2@chip/core, FITrate=100;       a declaration with properties
//   prop fault.cpu.l2@chip/core (0)-> error.cpu.l2@chip/core { within(5s) };
//
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/escparse.y (what may stand where).
import type { Place } from './source.js'

/** A whole file. */
export interface RuleFile {
  readonly statements: readonly Statement[]
}

/** One statement. */
export type Statement = ClassDeclaration | PathDeclaration | ConfigStatement | Propagation | Guarded

/** Declares a class of ereports, errors, faults …, or of engines that count. */
export interface ClassDeclaration {
  readonly kind: 'event' | 'engine'
  readonly subject: ClassAt
  readonly properties: readonly Property[]
  readonly at: Place
}

/** Declares what can be disabled (`asru`) or replaced (`fru`). */
export interface PathDeclaration {
  readonly kind: 'asru' | 'fru'
  readonly path: Path
  readonly properties: readonly Property[]
  readonly at: Place
}

/** States properties of one part of the configuration: `config chip0/core1 "a"="b"`. */
export interface ConfigStatement {
  readonly kind: 'config'
  readonly parts: readonly ConfigPart[]
  readonly properties: readonly Property[]
  readonly at: Place
}

/** `core1`. */
export interface ConfigPart {
  readonly name: string
  readonly instance: bigint
}

/** What causes what. `mask` says instead which effects do not come through. */
export interface Propagation {
  readonly kind: 'prop' | 'mask'
  readonly causes: readonly ClassAt[]
  /** At least one; a second one goes on from the effects of the first. */
  readonly arrows: readonly Arrow[]
  readonly at: Place
}

/** `(N)->(K)` and the effects. Of the effects of each cause N must appear, else it did not hold; of
 *  the causes of each effect K must hold to explain it. Either is 1 when it is not said. */
export interface Arrow {
  readonly n: Expression | undefined
  readonly k: Expression | undefined
  readonly effects: readonly ClassAt[]
  readonly at: Place
}

/** Statements behind an `if`. esc takes them whatever the condition. */
interface Guarded {
  readonly kind: 'if'
  readonly condition: Expression
  readonly statements: readonly Statement[]
  readonly at: Place
}

/** A class, where it happens, and on which conditions. */
export interface ClassAt {
  /** Dotted: `ereport.cpu.generic-x86.l2cache`. */
  readonly name: string
  readonly path: Path | undefined
  readonly constraints: readonly Expression[]
  readonly at: Place
}

/** `chip[0]/core<c>`: a place in the topology, or many. */
export interface Path {
  readonly steps: readonly Step[]
  readonly at: Place
}

/** One step: an `instance` that is not said stands for any, each by itself or (`<>`) all. */
export interface Step {
  readonly name: string
  readonly expands: 'vertical' | 'horizontal'
  readonly instance: Expression | undefined
  readonly at: Place
}

/** `FITrate=100`. */
export interface Property {
  readonly name: string
  readonly value: Expression
  readonly at: Place
}

/** Operators of two operands, loosest first; `=` assigns to a global. */
export const OPERATORS = [
  ['='],
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%', 'div'],
] as const

/** An operator of two operands. */
export type Operator = (typeof OPERATORS)[number][number]

/** What constraints, properties and instances are made of. Paths and classes stand only as
 *  properties and as arguments. */
export type Expression =
  | { readonly kind: 'number'; readonly value: bigint; readonly at: Place }
  | { readonly kind: 'time'; readonly count: bigint; readonly unit: string; readonly at: Place }
  /** As between its quotes, escapes and all. */
  | { readonly kind: 'string'; readonly text: string; readonly at: Place }
  /** An iterator, or a word such as `infinity`. */
  | { readonly kind: 'name'; readonly name: string; readonly at: Place }
  /** `$name`. */
  | { readonly kind: 'global'; readonly name: string; readonly at: Place }
  | { readonly kind: 'path'; readonly path: Path; readonly at: Place }
  | { readonly kind: 'class'; readonly of: ClassAt; readonly at: Place }
  | CallExpression
  | {
      readonly kind: 'unary'
      readonly operator: '!' | '~'
      readonly operand: Expression
      readonly at: Place
    }
  | BinaryExpression
  | {
      readonly kind: 'conditional'
      readonly condition: Expression
      readonly then: Expression
      readonly otherwise: Expression | undefined
      readonly at: Place
    }

/** `payloadprop("bank")`. */
export interface CallExpression {
  readonly kind: 'call'
  readonly name: string
  readonly args: readonly Expression[]
  readonly at: Place
}

/** `left operator right`. */
interface BinaryExpression {
  readonly kind: 'binary'
  readonly operator: Operator
  readonly left: Expression
  readonly right: Expression
  readonly at: Place
}
