// Balloon: before xend makes a guest it waits for free memory, and takes some of dom0's when there
// is not enough.
//
//   makeRoom(world, 524288)  ->  physinfo, memory/target of dom0, waiting ...  or a refusal
//
// Source: tools/python/xen/xend/balloon.py of 3.1; dom0-min-mem as in xend-config.sxp.
import { KIB_PER_FRAME } from '../../frames.js'
import type { ToolWorld } from '../../tool-world.js'
import { write } from './managed.js'
import { fault } from './refusal.js'
import { xc } from './xc.js'
import type { Steps } from './xend.js'

const DOM0_MIN_KIB = 196 * 1024
const RETRIES = 20
const RETRIES_PER_GIB = 5
/** The first pause, and by how much each further one is longer. */
const PAUSE_NS = 100_000_000

/** Waits until so many KiB are free. */
export function* makeRoom(world: ToolWorld, neededKiB: number): Steps<void> {
  let limit = RETRIES
  let asked: number | undefined
  let freeKiB = 0
  for (let tries = 0; tries < limit; tries++) {
    freeKiB = Number((yield* xc('sysctl', 'physinfo', {})).out['free_pages']) * KIB_PER_FRAME
    if (freeKiB >= neededKiB) return
    if (tries === 0) limit += Math.floor((neededKiB - freeKiB) / 2 ** 20) * RETRIES_PER_GIB
    const target = dom0KiB(world) - (neededKiB - freeKiB)
    if (target >= DOM0_MIN_KIB && target !== asked) {
      yield* setDom0Target(Math.floor(target / 1024))
      asked = target
    }
    yield { kind: 'sleep', ns: PAUSE_NS * (1 + Math.min(tries, 2 * RETRIES)) }
  }
  throw fault(tooLittle(world, neededKiB, freeKiB))
}

function tooLittle(world: ToolWorld, neededKiB: number, freeKiB: number): string {
  const dom0 = dom0KiB(world)
  if (dom0 - (neededKiB - freeKiB) >= DOM0_MIN_KIB) return 'The privileged domain did not balloon!'
  const left = freeKiB + dom0 - DOM0_MIN_KIB
  return (
    `I need ${neededKiB} KiB, but dom0_min_mem is ${DOM0_MIN_KIB} and shrinking to ` +
    `${DOM0_MIN_KIB} KiB would leave only ${left} KiB free.`
  )
}

function dom0KiB(world: ToolWorld): number {
  return (world.domains()[0]?.pages ?? 0) * KIB_PER_FRAME
}

function* setDom0Target(mib: number): Steps<void> {
  yield* write('/local/domain/0/memory', { target: mib * 1024 })
}
