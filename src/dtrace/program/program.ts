// The program tree: where D text and the typed builder meet. Frozen, typed, free of sugar: what it
// says is what runs, in the generated code and in the interpreter alike.
//
//   D text -> d/ (lexer, parser, checker) --\
//                                            Program -> run/ (generated JavaScript | BigInt
//                                            interpreter)
//   on('xpv:::').by(...) -> query/ ---------/         -> toD() (D text again)
//
// Holds: names are resolved to indices; every expression carries its type. An integer is a 64-bit
// register: every operator computes in 64 bits, whatever its type. The type of an expression says
// the sign in which / % >> and comparisons take the register, and how wide a record of it is. A
// register is cut to a type, its low bytes extended by their sign, in these places only: where it
// is loaded (args[n], a built-in, memory), stored (a key, memory; on Linux also a variable),
// recorded (trace, printf, exit), and by some casts (`cutsOfCast`).
// Memory: an expression whose type is a record or an array has its address as value: that of the
// variable's own storage, of scratch memory, or one computed. Addresses are unsigned 64-bit
// registers; reading or writing a bad one is the fault "invalid address". A string is no address:
// it becomes one by `address-of-string`, an address becomes a string by `load` with type string.
// Source: libdtrace dt_cg.c (dt_cg_arithmetic_op, dt_cg_store_var, dt_cg_typecast).
import type { Span } from '../../base/span.js'
import type { AggregationDecl } from '../aggregate/aggregation.js'
import type { ProbeDescription } from '../probe/description.js'
import type { PrintfFormat } from './format.js'
import type { BitField, DType, IntegerDType, RecordDType } from './types.js'

/** Variables every probe has. `cpu` is what dtrace(8) prints under CPU: see `FiringBatch.cpu`. */
export type BuiltinName =
  | 'timestamp'
  | 'vtimestamp'
  | 'walltimestamp'
  | 'cpu'
  | 'pcpu'
  | 'vcpuid'
  | 'domid'
  | 'tid'
  | 'pid'
  | 'execname'
  | 'probeprov'
  | 'probemod'
  | 'probefunc'
  | 'probename'
  | 'epid'
  | 'id'
  | 'xdt_timestamp'
  | 'ppid'
  | 'uid'
  | 'gid'
  | 'ipl'
  | 'errno'
  | 'stackdepth'
  | 'ustackdepth'
  | 'caller'
  | 'ucaller'
  | 'zonename'
  | 'root'
  | 'cwd'
  | 'uregs'

export type UnaryOp = '-' | '~' | '!'
export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>'
export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>='
export type LogicalOp = '&&' | '||' | '^^'

/** A declared or implied variable. Globals and `this->` have one cell (a scalar) unless `keys` is
 *  given: then it is an associative array keyed by those types. `self` ones have that once a
 *  thread. */
export interface Variable {
  readonly id: number
  readonly scope: 'global' | 'self' | 'this'
  readonly name: string
  readonly type: DType
  readonly keys?: readonly DType[]
}

export interface VariableExpr {
  readonly kind: 'variable'
  readonly variable: number
  readonly keys: readonly Expr[]
  readonly type: DType
}

/** The value at an address. An integer: its bytes, little-endian, cut to `bits` when given,
 *  extended by its sign. A string: the bytes up to a 0, at most `most` of them (that of the array
 *  read; strsize when absent). A record or array: the address itself, nothing is read. */
export interface LoadExpr {
  readonly kind: 'load'
  readonly address: Expr
  readonly bits?: BitField
  readonly most?: number
  readonly type: DType
}

export type Expr =
  | LoadExpr
  /** The address of a copy of a string: of a constant always the same one; of any other, in scratch
   *  memory that lasts as long as the clause. */
  | { readonly kind: 'address-of-string'; readonly operand: Expr; readonly type: DType }
  /** Copies as many bytes as the type has from the address `value` to the address `target` (an
   *  expression of a record or array type). Yields the target's address. */
  | {
      readonly kind: 'copy'
      readonly target: Expr
      readonly value: Expr
      readonly type: DType
    }
  /** `index` itself; outside of 0 to `length` - 1 the fault "index out of bounds". */
  | {
      readonly kind: 'bound'
      readonly index: Expr
      readonly length: number
      readonly type: DType
    }
  /** `value` is a 64-bit register in the sign of `type`; folding may leave one that is too wide for
   *  the type's bytes. */
  | { readonly kind: 'int'; readonly value: bigint; readonly type: DType }
  | { readonly kind: 'string'; readonly value: string; readonly type: DType }
  /** argN: 64 bits signed, or `args[N]` cut to its type. */
  | { readonly kind: 'arg'; readonly index: number; readonly type: DType }
  | { readonly kind: 'builtin'; readonly name: BuiltinName; readonly type: DType }
  | VariableExpr
  /** `-` and `~` keep the operand's type, `!` yields int. */
  | { readonly kind: 'unary'; readonly op: UnaryOp; readonly operand: Expr; readonly type: DType }
  /** `type` is the operand's type of higher rank (`promote`); of a shift, that of the left one. */
  | {
      readonly kind: 'arithmetic'
      readonly op: ArithmeticOp
      readonly left: Expr
      readonly right: Expr
      readonly type: DType
    }
  /** Two integers or two strings; yields int 0 or 1. `signed` says how registers compare: as the
   *  operand's type of higher rank is. */
  | {
      readonly kind: 'compare'
      readonly op: CompareOp
      readonly signed: boolean
      readonly left: Expr
      readonly right: Expr
      readonly type: DType
    }
  | {
      readonly kind: 'logical'
      readonly op: LogicalOp
      readonly left: Expr
      readonly right: Expr
      readonly type: DType
    }
  | {
      readonly kind: 'conditional'
      readonly test: Expr
      readonly then: Expr
      readonly else: Expr
      readonly type: DType
    }
  | { readonly kind: 'cast'; readonly operand: Expr; readonly type: DType }
  /** Yields the value, not yet cut to what the target holds. A string stored at an address is its
   *  bytes and a 0, no more than the target's type holds. Storing 0 (or "") into an element
   *  of an associative array or a `self->` variable frees it. */
  | {
      readonly kind: 'assign'
      readonly target: Target
      readonly value: Expr
      readonly type: DType
    }
  /** `target op= value` in the sign of the target: keys are evaluated once. 'new' is the result
   *  before it is cut to the variable. */
  | {
      readonly kind: 'update'
      readonly op: ArithmeticOp
      readonly target: Target
      readonly value: Expr
      readonly type: DType
      /** 'old' for x++ and x--, 'new' for the rest. */ readonly yields: 'old' | 'new'
    }
  | { readonly kind: 'comma'; readonly left: Expr; readonly right: Expr; readonly type: DType }
  /** A subroutine: strlen, strjoin, substr, index, ... Integer arguments were converted (`cast`) to
   *  its prototype. */
  | {
      readonly kind: 'call'
      readonly name: string
      readonly args: readonly Expr[]
      readonly type: DType
    }

/** What can be assigned to: a variable's cell, or bytes at an address. */
export type Target = VariableExpr | LoadExpr

/** One statement of a clause. Actions that record data make the firing print a row. */
export type Statement =
  | { readonly kind: 'expr'; readonly expr: Expr }
  | {
      readonly kind: 'aggregate'
      readonly aggregation: number
      readonly keys: readonly Expr[]
      /** Absent for count(). */ readonly value?: Expr
      /** quantize(x, incr), lquantize(x, ..., incr): 1 when absent. */ readonly increment?: Expr
    }
  | { readonly kind: 'trace'; readonly value: Expr }
  | { readonly kind: 'printf'; readonly format: PrintfFormat; readonly args: readonly Expr[] }
  /** print(x): a value with its type. With `pointer` what the value, an address, points to. */
  | { readonly kind: 'print'; readonly value: Expr; readonly pointer?: true }
  /** `size` bytes at an address; only the first `shown` of them where that is given. */
  | {
      readonly kind: 'tracemem'
      readonly address: Expr
      readonly size: number
      readonly shown?: Expr
    }
  /** stack(), ustack(), jstack(): `frames` at most. */
  | {
      readonly kind: 'stack'
      readonly which: 'stack' | 'ustack' | 'jstack'
      readonly frames?: Expr
    }
  /** The rest of the clause's records go to the speculative buffer. */
  | { readonly kind: 'speculate'; readonly id: Expr }
  | { readonly kind: 'commit'; readonly id: Expr }
  | { readonly kind: 'discard'; readonly id: Expr }
  /** system() runs what the format makes; freopen() sends what follows to the file it names, ""
   *  for back to the standard output. */
  | {
      readonly kind: 'system' | 'freopen'
      readonly format: PrintfFormat
      readonly args: readonly Expr[]
    }
  | { readonly kind: 'ftruncate' }
  | { readonly kind: 'setopt'; readonly option: Expr; readonly value?: Expr }
  /** Acts on the machine that is traced. A recording is none: its arguments are evaluated, then it
   *  is a fault. */
  | { readonly kind: 'live'; readonly action: LiveAction; readonly args: readonly Expr[] }
  /** Without a format each aggregation prints as at the end of a run; with several, bundled by
   *  key. */
  | {
      readonly kind: 'printa'
      readonly format?: PrintfFormat
      readonly aggregations: readonly number[]
    }
  | { readonly kind: 'exit'; readonly status: Expr }
  | { readonly kind: 'clear'; readonly aggregation: number }
  | { readonly kind: 'trunc'; readonly aggregation: number; readonly count?: Expr }
  | { readonly kind: 'normalize'; readonly aggregation: number; readonly factor: Expr }
  | { readonly kind: 'denormalize'; readonly aggregation: number }

/** Actions on the traced machine and its processes. */
export type LiveAction =
  | 'breakpoint'
  | 'chill'
  | 'copyout'
  | 'copyoutstr'
  | 'panic'
  | 'raise'
  | 'stop'

/** One clause: probes, predicate, statements. An empty statement list is D's default action: a
 *  row. */
export interface Clause {
  readonly probes: readonly ProbeDescription[]
  /** How the source named them, in full form (`xpv:::*-start`); toD() prints these. Absent: by
   *  their names. */
  readonly specs?: readonly string[]
  readonly predicate?: Expr
  readonly statements: readonly Statement[]
  readonly span?: Span
}

/** A type that a program defines: `typedef type name;`, a structure or union with a tag, or an
 *  enumeration. */
export type TypeDeclaration =
  | { readonly kind: 'typedef'; readonly name: string; readonly type: DType }
  | { readonly kind: 'definition'; readonly type: RecordDType | IntegerDType }

/** A compiled program. Variables and aggregations are referred to by their place in the lists. */
export interface Program {
  readonly clauses: readonly Clause[]
  /** In the order they were declared; absent when there are none. */
  readonly types?: readonly TypeDeclaration[]
  readonly variables: readonly Variable[]
  readonly aggregations: readonly AggregationDecl[]
  /** Options set by pragma: name (lower case) to value text, "" for a bare one. */
  readonly options: ReadonlyMap<string, string>
}
