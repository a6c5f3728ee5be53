// Subroutines that print addresses of a network, and swap their bytes.
//
// Source: illumos dtrace.c (dtrace_dif_subr); linux bpf/inet_ntoa6.S, bpf/link_ntop.S.
import { Fault, ILLEGAL_OPERATION } from './engine.js'
import { type Subroutine, type SubroutineState, type Value, whole } from './subroutine.js'

const AF_INET = 2n
/** AF_INET6 on Linux and on illumos. */
const AF_INET6: readonly bigint[] = [10n, 26n]
/** ARPHRD_ETHER and ARPHRD_INFINIBAND: bytes of such an address. */
const LINK_BYTES: ReadonlyMap<bigint, number> = new Map([
  [1n, 6],
  [32n, 20],
])

/** By name. */
export const ADDRESS_SUBROUTINES: Readonly<Record<string, Subroutine>> = {
  htons: ([v]) => swapBytes(whole(v), 2),
  htonl: ([v]) => swapBytes(whole(v), 4),
  htonll: ([v]) => swapBytes(whole(v), 8),
  ntohs: ([v]) => swapBytes(whole(v), 2),
  ntohl: ([v]) => swapBytes(whole(v), 4),
  ntohll: ([v]) => swapBytes(whole(v), 8),
  inet_ntoa: ([address], state) => dotted(bytesAt(address, 4, state)),
  inet_ntoa6: ([address, strict], state) => inet6(address, whole(strict) !== 0n, state),
  inet_ntop: ([family, address], state) => {
    if (AF_INET6.includes(whole(family))) return inet6(address, true, state)
    // Linux takes all that is not IPv6 for IPv4.
    if (whole(family) === AF_INET || !isIllumos(state)) return dotted(bytesAt(address, 4, state))
    throw ILLEGAL_OPERATION
  },
  link_ntop: ([type, address], state) => {
    const size = LINK_BYTES.get(whole(type))
    if (size === undefined) throw new Fault(3, 'illegal operation', whole(type))
    const bytes = [...bytesAt(address, size, state)]
    return bytes.map((b) => b.toString(16).padStart(2, '0')).join(':')
  },
}

const isIllumos = ({ limits }: SubroutineState): boolean => limits.dialect === 'illumos'

function bytesAt(v: Value | undefined, size: number, { memory }: SubroutineState): Uint8Array {
  return memory.bytes(whole(v), size)
}

const dotted = (bytes: Uint8Array): string => bytes.join('.')

/** An IPv6 address as text. One that stands for an IPv4 address prints as that one; `whole` says
 *  whether with what comes before it. */
function inet6(v: Value | undefined, whole: boolean, state: SubroutineState): string {
  const bytes = bytesAt(v, 16, state)
  const words = Array.from(
    { length: 8 },
    (_, i) => 256 * (bytes[2 * i] ?? 0) + (bytes[2 * i + 1] ?? 0),
  )
  const run = isIllumos(state) ? zeroBytes(bytes) : zeroWords(words)
  if (!standsForIpv4(words)) return collapsed(words, run)
  const ipv4 = dotted(bytes.subarray(12))
  if (!whole) return ipv4
  return isIllumos(state)
    ? `${collapsed(words.slice(0, 6), run)}${run.end === 6 ? '' : ':'}${ipv4}`
    : `${words[5] === 0xffff ? '::ffff:' : '::'}${ipv4}`
}

/** ::ffff:a.b.c.d, and ::a.b.c.d but for :: and ::1. */
function standsForIpv4(words: readonly number[]): boolean {
  if (words.slice(0, 5).some((word) => word !== 0)) return false
  if (words[5] === 0xffff) return true
  return words[5] === 0 && (words[6] !== 0 || (words[7] ?? 0) > 1)
}

/** Words from `start` to `end` - 1 that `::` stands for; none when the two are equal. */
interface Run {
  readonly start: number
  readonly end: number
}

/** The first of the longest runs of two or more words that are 0. */
function zeroWords(words: readonly number[]): Run {
  let longest: Run = { start: 0, end: 0 }
  for (let start = 0; start < words.length; start++) {
    let end = start
    while (words[end] === 0) end++
    if (end - start > Math.max(1, longest.end - longest.start)) longest = { start, end }
  }
  return longest
}

/** The run that illumos picks. It counts bytes: a run is longer than the one before even where only
 *  the high byte of the word after it is 0, one word is enough, but not the last one alone. */
function zeroBytes(bytes: Uint8Array): Run {
  const last = bytes.length - 1
  let run: Run = { start: 0, end: 0 }
  let size = 1
  let begun = -1
  for (const [i, byte] of bytes.entries()) {
    if (byte === 0 && begun < 0 && i % 2 === 0) {
      begun = i
      continue
    }
    if (begun < 0 || (byte === 0 && i < last)) continue
    if (i - begun > size) {
      const end = i - (i % 2) + (byte === 0 ? 2 : 0)
      size = end - begun
      run = { start: begun / 2, end: end / 2 }
    }
    begun = -1
  }
  return run
}

function collapsed(words: readonly number[], { start, end }: Run): string {
  const hex = (part: readonly number[]): string => part.map((w) => w.toString(16)).join(':')
  if (start === end || end > words.length) return hex(words)
  return `${hex(words.slice(0, start))}::${hex(words.slice(end))}`
}

function swapBytes(v: bigint, bytes: 2 | 4 | 8): bigint {
  let swapped = 0n
  for (let i = 0; i < bytes; i++) swapped = (swapped << 8n) | ((v >> BigInt(8 * i)) & 0xffn)
  return swapped
}
