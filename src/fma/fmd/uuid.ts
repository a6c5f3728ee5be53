// Uuid: the name of a case, made from a seed and two numbers: no chance is asked.
//
//   seed 1, input 4711, the 2nd case of it  ->  3f0c19d2-77ab-4c1e-9d52-0e6a41b7c803
//
// Holds: the same three give the same uuid; it is of version 4 in form. An input's number is never
// used twice, not even after a crash, so no two cases have one.

const PAIRS: readonly string[] = Array.from({ length: 65_536 }, (_, i) =>
  i.toString(16).padStart(4, '0'),
)

/** The uuid of the `ordinal`-th thing of an input. */
export function uuidOf(of: {
  readonly seed: number
  readonly input: number
  readonly ordinal: number
}): string {
  const high = Math.floor(of.input / 2 ** 32)
  const a = mix(mix(mix(of.seed ^ 0x9e37_79b9) ^ of.input) ^ of.ordinal ^ (high << 16))
  const b = mix(a ^ of.input ^ 0x85eb_ca6b)
  const c = mix(b ^ of.ordinal ^ 0xc2b2_ae35)
  const d = mix(c ^ of.seed ^ 0x27d4_eb2f)
  const version = (b & 0x0fff) | 0x4000
  const variant = ((c >>> 16) & 0x3fff) | 0x8000
  const tail = PAIRS[c & 0xffff] as string
  return `${quad(a)}-${PAIRS[b >>> 16]}-${PAIRS[version]}-${PAIRS[variant]}-${tail}${quad(d)}`
}

const quad = (word: number): string => `${PAIRS[word >>> 16]}${PAIRS[word & 0xffff]}`

/** Spreads 32 bits over 32 bits, one to one (MurmurHash3's finalizer, in the public domain). */
function mix(word: number): number {
  let h = word | 0
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35)
  return (h ^ (h >>> 16)) >>> 0
}
