// Dom0KernelFirer: names what dom0's kernel did that is no call as a whole: an entry of an mmap
// ioctl, a xenbus watch.
//
//   DOM0_MMAP_ENTRY    ->  6324 mmap-entry (va, mfn, npages)
//   DOM0_XENBUS_WATCH  ->  6326 .. 6329 (node, callback, watch, path)
//
// Holds: one firing a row at most. Node and path are addresses, as they were: the same text has
// the same one. See `textAddress`.
// Source: illumos-gate, the privcmd driver and xenbus_xs.c.
import {
  DOM0_MMAP_ENTRY,
  DOM0_XENBUS_WATCH,
  type ObservationBatch,
  WATCH_ENQUEUE,
  WATCH_FIRE,
  WATCH_REGISTER,
  WATCH_UNREGISTER,
} from '../../machine/observation.js'
import { appendDom0, putArg } from './dom0-row.js'
import type { FiringBatch, FiringNeeds } from './firing.js'
import type { RowFirer } from './row-firer.js'
import { textAddress } from './text-address.js'

const MMAP_ENTRY_ID = 6324
const WATCH_IDS: ReadonlyMap<number, number> = new Map([
  [WATCH_REGISTER, 6326],
  [WATCH_UNREGISTER, 6327],
  [WATCH_ENQUEUE, 6328],
  [WATCH_FIRE, 6329],
])

/** Where an argument stands: a pair of words, or the code of a text. */
interface Word {
  readonly kind: 'pair' | 'text'
  readonly at: number
}

const pair = (at: number): Word => ({ kind: 'pair', at })
const text = (at: number): Word => ({ kind: 'text', at })

const MMAP_ENTRY_WORDS = [pair(2), pair(4), pair(6)]
const WATCH_WORDS = [text(3), pair(4), pair(6)]
const TOLD_WORDS = [...WATCH_WORDS, text(8)]
/** What the watch did is word 2 of its observation. */
const WATCH_WHAT = 2

/** A firer of mmap-entry and of the xenbus watches, as far as they are enabled. */
export function createDom0KernelFirer(enabled: ReadonlySet<number>, needs: FiringNeeds): RowFirer {
  const wantsWatches = [...WATCH_IDS.values()].some((id) => enabled.has(id))
  const wantsEntries = enabled.has(MMAP_ENTRY_ID)
  return {
    wants: (code) =>
      (code === DOM0_MMAP_ENTRY && wantsEntries) || (code === DOM0_XENBUS_WATCH && wantsWatches),
    fireRow(batch, i, strings, out) {
      const probe = probeOf(batch, i)
      if (probe === undefined || !enabled.has(probe)) return
      const n = appendDom0(batch, i, probe, out)
      fillArgs({ batch, i, n }, wordsOf(probe), needs.args, out)
      out.strings = strings
    },
  }
}

function probeOf(batch: ObservationBatch, i: number): number | undefined {
  if (batch.code[i] === DOM0_MMAP_ENTRY) return MMAP_ENTRY_ID
  if (batch.code[i] !== DOM0_XENBUS_WATCH) return undefined
  return WATCH_IDS.get(batch.words[(batch.at[i] as number) + WATCH_WHAT] as number)
}

function wordsOf(probe: number): readonly Word[] {
  if (probe === MMAP_ENTRY_ID) return MMAP_ENTRY_WORDS
  const isTold = probe === WATCH_IDS.get(WATCH_ENQUEUE) || probe === WATCH_IDS.get(WATCH_FIRE)
  return isTold ? TOLD_WORDS : WATCH_WORDS
}

/** Arguments beyond those that the probe has are 0, as sdt leaves them. */
function fillArgs(
  from: { readonly batch: ObservationBatch; readonly i: number; readonly n: number },
  words: readonly Word[],
  needed: number,
  out: FiringBatch,
): void {
  const at = from.batch.at[from.i] as number
  for (let arg = 0; arg < out.argWords.length; arg++) {
    if (((needed >> arg) & 1) === 0) continue
    const word = words[arg]
    const place = { row: from.n, arg }
    if (word === undefined) putArg(out, place, 0, 0)
    else {
      const low = from.batch.words[at + word.at] as number
      const high = from.batch.words[at + word.at + 1] as number
      if (word.kind === 'pair') putArg(out, place, low, high)
      else {
        const address = textAddress(low)
        putArg(out, place, address.low, address.high)
      }
    }
  }
}
