// Uuid: the name of a case, made from a seed and two numbers: no chance is asked.
//
//   seed 1, input 4711, the 2nd case of it  ->  3f0c19d2-77ab-4c1e-9d52-0e6a41b7c803
//
// Holds: the same three give the same uuid; it is of version 4 in form. An input's number is never
// used twice, not even after a crash, so no two cases have one.

/** Words of 16 bits in hex, each made when it is first asked for. */
const QUADS: (string | undefined)[] = new Array(65_536)

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
  const tail = quad(c & 0xffff)
  return `${octet(a)}-${quad(b >>> 16)}-${quad(version)}-${quad(variant)}-${tail}${octet(d)}`
}

const octet = (word: number): string => `${quad(word >>> 16)}${quad(word & 0xffff)}`

function quad(word: number): string {
  const known = QUADS[word]
  if (known !== undefined) return known
  const made = word.toString(16).padStart(4, '0')
  QUADS[word] = made
  return made
}

/** Spreads 32 bits over 32 bits, one to one (MurmurHash3's finalizer, in the public domain). */
function mix(word: number): number {
  let h = word | 0
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35)
  return (h ^ (h >>> 16)) >>> 0
}
