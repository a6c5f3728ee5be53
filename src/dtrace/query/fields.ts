// Fields: what a query may ask of the probes it selects, as literal types.
//
//   'xpv:::populate-physmap-start'  ->  { domid: number, nr_extents: bigint, execname: string ... }
//   'xpv:::*-start'                 ->  what all of them have in common, and the built-in variables
//
// Holds: the same rules run as code in scope.ts; a name the compiler refuses is refused there too.

/** A row of a probe table, as far as types need it: `as const` tables keep every name a literal. */
export interface ProbeRow {
  readonly provider: string
  readonly module: string
  readonly function: string
  readonly name: string
  readonly args: readonly { readonly name: string; readonly type: string }[]
}

/** A field's value in a row: 64-bit integers are `bigint`, smaller ones `number`. */
export type FieldValue = number | bigint | string

/** Fields by name, each with the type of its value. */
export type FieldMap = Readonly<Record<string, FieldValue>>

/** The built-in variables every probe has. `cpu` is D's own: the pcpu for `xdt`, dom0's vcpu for
 *  `xpv` and `privcmd`. `timestamp` counts nanoseconds since the recording's start. */
export type BuiltinFields = {
  readonly probeprov: string
  readonly probemod: string
  readonly probefunc: string
  readonly probename: string
  readonly execname: string
  readonly pid: number
  readonly tid: number
  readonly cpu: number
  readonly pcpu: number
  readonly vcpuid: number
  readonly domid: number
  readonly id: number
  readonly epid: number
  readonly timestamp: bigint
  readonly vtimestamp: bigint
  readonly walltimestamp: bigint
  readonly xdt_timestamp: bigint
  readonly ppid: number
  readonly uid: number
  readonly gid: number
  readonly ipl: number
  readonly errno: number
  readonly stackdepth: number
  readonly ustackdepth: number
  readonly caller: bigint
  readonly ucaller: bigint
  readonly zonename: string
  readonly root: string
  readonly cwd: string
}

/** arg0 to arg9: an argument by its place, 64 bits signed, whatever the probe calls it. */
export type NumberedArgs = {
  readonly [N in 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 as `arg${N}`]: bigint
}

/** Fields of a spec that is not known before it runs: the compiler passes every name, and `on`
 *  checks it then. */
export type AnyFields = Readonly<Record<string, FieldValue>>

/** The fields of all probes of table `P` that `S` selects. An argument hides a built-in of its
 *  name. */
export type FieldsOf<P extends ProbeRow, S extends string> = string extends S
  ? AnyFields
  : ProbeFields<MatchOf<P, S>>

/** The fields that all these probes have. */
export type ProbeFields<M extends ProbeRow> = AsFields<
  Merge<Omit<BuiltinFields, ArgNames<M>> & NumberedArgs, CommonArgs<M>>
>

/** Every argument name of any of them: as a built-in it would be ambiguous. */
type ArgNames<M extends ProbeRow> = M extends unknown ? M['args'][number]['name'] : never

type AsFields<T> = T extends FieldMap ? T : never

/** All that types know of the probes a query selected. */
export interface Shape {
  readonly fields: FieldMap
  /** The arguments among them. */
  readonly args: FieldMap
  /** Fields of the probes that end what the selected ones begin. */
  readonly endFields: FieldMap
  /** Fields of both, the end's arguments first, then the start's. */
  readonly callFields: FieldMap
}

/** The shape of a spec that is not known before it runs. */
export interface AnyShape {
  readonly fields: AnyFields
  readonly args: AnyFields
  readonly endFields: AnyFields
  readonly callFields: AnyFields
}

/** The shape of probes `M` that the probes `Ends` end. */
export interface ShapeOf<M extends ProbeRow, Ends extends ProbeRow> {
  readonly fields: ProbeFields<M>
  readonly args: AsFields<Merge<unknown, CommonArgs<M>>>
  readonly endFields: ProbeFields<Ends>
  readonly callFields: AsFields<Merge<ProbeFields<M>, CommonArgs<Ends>>>
}

/** The rows of table `P` that spec `S` selects; `never` when it selects none of them. */
export type MatchOf<P extends ProbeRow, S extends string> =
  Parts<S> extends readonly [
    infer Provider extends string,
    infer Module extends string,
    infer Function extends string,
    infer Name extends string,
  ]
    ? MatchParts<P, Template<Provider>, Template<Module>, Template<Function>, Template<Name>>
    : never

/** Every way to name one probe exactly that is worth completing: all four parts, and without the
 *  function, which nobody remembers. */
export type SpecOf<P extends ProbeRow> = P extends unknown
  ?
      | `${P['provider']}:${P['module']}:${P['function']}:${P['name']}`
      | `${P['provider']}:${P['module']}::${P['name']}`
      | `${P['provider']}:::${P['name']}`
  : never

/** The value type of a D type name; either integer where a table does not give the name as a
 *  literal. */
export type ValueOf<T extends string> = string extends T
  ? number | bigint
  : T extends 'string'
    ? string
    : T extends WideType | `${string}*`
      ? bigint
      : number

/** D's names of 64-bit integers, as program/type-names.ts has them; pointers are 64 bits too. */
export type WideType =
  | 'long'
  | 'long long'
  | 'signed long'
  | 'signed long long'
  | 'unsigned long'
  | 'unsigned long long'
  | 'int64_t'
  | 'intptr_t'
  | 'ssize_t'
  | 'ptrdiff_t'
  | 'time_t'
  | 'clock_t'
  | 'off_t'
  | 'daddr_t'
  | 'uint64_t'
  | 'ulong_t'
  | 'uintptr_t'
  | 'size_t'
  | 'dev_t'
  | 'ino_t'
  | 'cpumask_t'
  | 'pfn_t'
  | 'mfn_t'
  | 'xen_pfn_t'
  | 'xen_ulong_t'
  | 'caddr_t'
  | 'longlong_t'
  | 'hrtime_t'
  | 'offset_t'
  | 'u_longlong_t'

type MatchParts<
  P extends ProbeRow,
  Provider extends string,
  Module extends string,
  Function extends string,
  Name extends string,
> = P extends {
  readonly provider: Provider
  readonly module: Module
  readonly function: Function
  readonly name: Name
}
  ? P
  : never

/** Right-aligned, as DTrace reads a description: a lone part is the name. */
type Parts<S extends string> = S extends `${infer A}:${infer B}:${infer C}:${infer D}`
  ? [A, B, C, D]
  : S extends `${infer B}:${infer C}:${infer D}`
    ? ['', B, C, D]
    : S extends `${infer C}:${infer D}`
      ? ['', '', C, D]
      : ['', '', '', S]

/** A part as a template type; `?`, `[` and `\` are left to run time. */
type Template<S extends string> = S extends ''
  ? string
  : S extends `${string}${'?' | '[' | '\\'}${string}`
    ? string
    : Stars<S>

type Stars<S extends string> = S extends `${infer Head}*${infer Tail}`
  ? `${Head}${string}${Stars<Tail>}`
  : S

type ArgsOf<P extends ProbeRow> = P extends unknown
  ? { readonly [A in P['args'][number] as A['name']]: ValueOf<A['type']> }
  : never

/** The arguments that all rows of a table have in common, by name; none for no rows. */
export type CommonArgs<P extends ProbeRow> = [P] extends [never] ? unknown : Shared<ArgsOf<P>>

type Shared<U> = Pick<U, keyof U>

/** `B` over `A`, written out so that an editor shows the fields. */
export type Merge<A, B> = {
  readonly [N in keyof A | keyof B]: N extends keyof B ? B[N] : N extends keyof A ? A[N] : never
}
