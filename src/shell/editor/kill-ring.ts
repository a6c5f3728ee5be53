// The kill ring: what was cut, newest first, to be put back or exchanged for what was cut before.
//
// Holds: cuts that follow each other are one entry; at most MOST entries stay.

const MOST = 60

/** What was cut, newest first. */
export type KillRing = readonly string[]

/** Which side of the entry a further cut is put to. */
export type KillSide = 'before' | 'after'

/** A ring with one more cut. `onto` says that it belongs to the newest entry, and at which side. */
export function killed(ring: KillRing, text: string, onto?: KillSide): KillRing {
  if (text === '') return ring
  const [newest = '', ...rest] = ring
  if (onto === 'after') return [newest + text, ...rest]
  if (onto === 'before') return [text + newest, ...rest]
  return [text, ...ring].slice(0, MOST)
}

/** The ring with its newest entry at its end. */
export function rotated([newest, ...rest]: KillRing): KillRing {
  return newest === undefined ? [] : [...rest, newest]
}
