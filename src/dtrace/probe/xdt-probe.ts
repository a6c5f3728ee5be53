// One probe of provider xdt, made from a table row: id, name, the records that fire it, its
// arguments.
//
//   [7007, 'wake', [0x28004], ['domid', 'vcpu'], '...']  ->  xdt:sched::wake, args[0] a domid_t
//
// Holds: an argument is the record's field of that name, whichever record fires; where a record
// has no such field the argument was not recorded. The names are literal types, for the typed
// builder.
import { FIELD_MEANINGS, type FieldName } from '../../machine/trace-field-meaning.js'
import type { ProbeArg, ProbeDescription, ProbeId } from './description.js'

/** A table row. `records` are ids of machine/trace-event-table.ts. */
type XdtRow = readonly [
  id: number,
  name: string,
  records: readonly number[],
  args: readonly FieldName[],
  doc: string,
]

/** An argument with its name and D type as literal types. */
export interface XdtArg<Name extends FieldName = FieldName> extends ProbeArg {
  readonly name: Name
  readonly type: TypeOf<Name>
  readonly doc: string
}

/** One D type for a name, wide enough for every record that carries it: `typeOf` as a type. */
type TypeOf<Name extends FieldName> = Name extends 'domid' | `${string}_domid`
  ? 'domid_t'
  : Name extends (typeof SIGNED)[number]
    ? 'int64_t'
    : Name extends (typeof WIDE)[number]
      ? 'uint64_t'
      : 'uint32_t'

/** A probe of provider xdt, its names as literal types. `records` are the trace event ids that
 *  fire it. */
export interface XdtProbe<
  Module extends string = string,
  Name extends string = string,
  Args extends readonly FieldName[] = readonly FieldName[],
> extends ProbeDescription {
  readonly provider: 'xdt'
  readonly module: Module
  readonly function: ''
  readonly name: Name
  readonly args: { readonly [K in keyof Args]: XdtArg<Args[K]> }
  readonly doc: string
  readonly records: readonly number[]
}

/** The probes of one module, in the order of its rows. */
export function xdtProbes<const Module extends string, const Rows extends readonly XdtRow[]>(
  module: Module,
  rows: Rows,
): { readonly [K in keyof Rows]: XdtProbe<Module, Rows[K][1], Rows[K][3]> } {
  const probes = rows.map(([id, name, records, args, doc]): XdtProbe => {
    return {
      id: id as ProbeId,
      provider: 'xdt',
      module,
      function: '',
      name,
      args: args.map(argument),
      doc,
      records,
    }
  })
  // A mapped tuple cannot be built element by element: the shape above is what the type says.
  return probes as never
}

const WIDE = [
  'a0',
  'a1',
  'a2',
  'a3',
  'a4',
  'a5',
  'address',
  'b_load',
  'data',
  'deadline',
  'first_tsc',
  'gfn',
  'gpa',
  'load',
  'mfn',
  'offset',
  'period',
  'pte',
  'rip',
  'tsc',
  'value',
] as const satisfies readonly FieldName[]

const SIGNED = [
  'budget',
  'credit',
  'credit_end',
  'credit_start',
  'delta',
  'info',
  'score',
  'tickled_pcpu',
] as const satisfies readonly FieldName[]

function argument(name: FieldName): XdtArg {
  return { name, type: typeOf(name), doc: FIELD_MEANINGS[name] }
}

function typeOf(name: FieldName): XdtArg['type'] {
  if (name === 'domid' || name.endsWith('_domid')) return 'domid_t'
  if (SIGNED.some((signed) => signed === name)) return 'int64_t'
  return WIDE.some((wide) => wide === name) ? 'uint64_t' : 'uint32_t'
}
