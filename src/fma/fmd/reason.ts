// Reason: why a diagnosis came out as it did: a tree of what was considered, each part with its
// verdict, so that people can read the walk.
//
//   fault.cpu.generic-x86.l1dcache@…/strand0   credible
//     serd cpu.generic-x86.l1dcache  4 in 30 s, more than 3 in 72 h: fired
//     error …  ->  ereport …l1dcache   seen
//
// Holds: it is data alone, and whoever diagnoses makes it; views draw it.

/** What one part of the walk is about. */
export type ReasonKind =
  | 'fault'
  | 'defect'
  | 'upset'
  | 'error'
  | 'ereport'
  | 'constraint'
  | 'arrow'
  | 'serd'
  | 'note'

/** What became of it. */
export type Verdict =
  | 'credible'
  | 'disproved'
  | 'waiting'
  | 'deferred'
  /** Credible, and yet no suspect: its SERD engine has not fired, it is an upset ... */
  | 'dropped'
  | 'suspect'
  /** An ereport. */
  | 'seen'
  | 'not-seen'
  /** A constraint. */
  | 'holds'
  | 'fails'
  /** A SERD engine. */
  | 'fired'
  | 'pending'
  | 'told'

/** One part of the walk. */
export interface Reason {
  readonly kind: ReasonKind
  /** A class and its place, a constraint as written, a SERD engine. */
  readonly what: string
  readonly verdict: Verdict
  /** One sentence without a stop. */
  readonly because?: string
  /** Values that decided: `payloadprop("bank")` -> `6`. */
  readonly values?: readonly (readonly [name: string, value: string])[]
  readonly children: readonly Reason[]
}
