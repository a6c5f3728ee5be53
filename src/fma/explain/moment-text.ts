// MomentText: times as explanations say them, in UTC.
//
//   1197273610000000000  ->  2007-12-10 08:00:10.000

/** A time, nanoseconds since 1970, to the millisecond. */
export function momentText(timeNs: bigint): string {
  return new Date(Number(timeNs / 1_000_000n)).toISOString().replace('T', ' ').replace('Z', '')
}
