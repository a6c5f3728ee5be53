// Account: what a source of telemetry could not know, counted and said: fault management shows it
// beside every diagnosis that rests on that source.
//
//   { what: 'time', count: 14, reason: '/dev/mcelog of a Xen dom0 keeps no time' }
//
// Holds: nothing here is an error; what cannot be read at all is refused by whoever reads.

/** One kind of thing that was not to be known. */
export interface Unknown {
  /** Of what: `time`, `pcpu`, `bank`, `source-id`, `header`, `count`, `record`, `class`. */
  readonly what: string
  /** How often; undefined where even that is not known. */
  readonly count: number | undefined
  /** One sentence without a stop. */
  readonly reason: string
}

/** What one source could not know. */
export interface TelemetryAccount {
  readonly source: string
  /** Ereports that were made. */
  readonly ereports: number
  readonly unknown: readonly Unknown[]
}
