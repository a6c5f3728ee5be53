// Migration: a guest on its way to another host: what the xend there is told, part by part.
//
//   open  ->  dom-create, evtchn x 2 there;  send  ->  populate-physmap, mmapbatch there;  close
//
// Holds: pages that come a second time are there already.
// Source: tools/python/xen/xend/server/relocate.py, XendCheckpoint.py of 3.1.
import { FRAME_BYTES } from '../../frames.js'
import type { Step } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import { beginArrival, type Destination, finishArrival } from './checkpoint.js'
import { discard, type Made } from './domain-life.js'
import type { GuestRecord } from './guest-record.js'
import { begin, complete, take } from './xc-restore.js'
import { elsewhere, inXend, type Steps } from './xend.js'

/** Bytes of a configuration on its way. */
const HEAD = 2048

/** One guest's way. */
export class Migration implements Destination {
  readonly live: boolean
  readonly #world: ToolWorld
  readonly #host: string
  readonly #domid: number
  /** What was made there so far. */
  #arrival: { readonly made: Made; readonly record: GuestRecord } | undefined
  #sent = 0

  /** `world` is the other host's, `domid` the guest's here: it tells connections apart. */
  constructor(of: {
    readonly world: ToolWorld
    readonly host: string
    readonly domid: number
    readonly live: boolean
  }) {
    this.#world = of.world
    this.#host = of.host
    this.#domid = of.domid
    this.live = of.live
  }

  *open(record: GuestRecord): Steps<void> {
    const world = this.#world
    const made = yield* this.#there(HEAD, function* () {
      const made = yield* inXend(beginArrival(world, record))
      yield* begin({ domid: made.domid, record })
      return made
    })
    this.#arrival = { made, record }
  }

  *send(pages: number): Steps<void> {
    if (this.#arrival === undefined) return
    const { made, record } = this.#arrival
    const { domid } = made
    const more = Math.max(0, Math.min(pages, record.pages - this.#sent))
    const pfn = this.#sent
    this.#sent += more
    yield* this.#there(pages * FRAME_BYTES, function* () {
      yield* take({ domid, record }, { pages: more, pfn })
      yield* take({ domid, record }, { pages: pages - more, pfn: undefined })
    })
  }

  *close(): Steps<void> {
    if (this.#arrival === undefined) return
    const { made, record } = this.#arrival
    const world = this.#world
    yield* this.#there(
      HEAD,
      function* () {
        const rings = yield* complete(world, { domid: made.domid, record })
        yield* inXend(finishArrival(world, record, { made, rings, paused: false }))
      },
      true,
    )
  }

  *abort(): Steps<void> {
    if (this.#arrival === undefined) return
    const { made } = this.#arrival
    const world = this.#world
    this.#arrival = undefined
    yield* this.#there(HEAD, () => inXend(discard(world, made)), true)
  }

  /** The program on the other host does its next part. */
  #there<T>(bytes: number, body: () => Steps<T>, last = false): Steps<T> {
    return elsewhere(
      body(),
      (script): Step => ({
        ...{ kind: 'there', host: this.#host, execname: 'xc_restore', of: this.#domid },
        ...{ bytes, script, last },
      }),
    )
  }
}
