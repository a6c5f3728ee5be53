// Weight: a domain's scheduling parameters, asked for and set.
//
// Source: tools/libs/light/libxl_sched.c.

import { ERRNO } from '../../../../machine/errno.js'
import { SCHEDULER_IDS } from '../../era.js'
import { SCHEDULE, type ScheduleMore } from '../../hypercalls/more.js'
import { LIBXL_FAIL, LIBXL_INVAL } from './errors.js'
import { halves, type Steps } from './libxc.js'
import type { Libxl } from './libxl.js'
import { CPUMAP_BYTES, POOL_INFO } from './structures.js'

const MAX_WEIGHT = 65535

/** What libxl calls scheduler_op with. */
function schedulerArgs(xl: Libxl, command: number): { readonly u0: bigint } {
  return { u0: halves(SCHEDULER_IDS[xl.world.era.scheduler], command) }
}

/** Which scheduler a domain's pool has; false where there is no such domain. */
function* poolOf(xl: Libxl, domid: number): Steps<boolean> {
  const found = yield* xl.look(domid)
  yield* xl.xc.sysctl('cpupool_op', POOL_INFO, { lists: [CPUMAP_BYTES] })
  return found !== undefined
}

/** Asks for a domain's weight and cap: 0, or libxl's error. */
export function* getWeight(xl: Libxl, domid: number): Steps<number> {
  yield* poolOf(xl, domid)
  const { result } = yield* xl.xc.domctl('scheduler_op', domid, schedulerArgs(xl, SCHEDULE.getInfo))
  if (result >= 0) return 0
  const isCredit = xl.world.era.scheduler === 'credit'
  const text = `Getting domain sched ${xl.world.era.scheduler}`
  xl.error(isCredit ? 'creditOf' : 'credit2Of', text, { domid, errno: result })
  return LIBXL_FAIL
}

/** Sets what is given of a domain's weight and cap: 0, or libxl's error. */
export function* setWeight(xl: Libxl, domid: number, to: ScheduleMore): Steps<number> {
  yield* poolOf(xl, domid)
  const found = yield* xl.look(domid)
  if (found === undefined) {
    xl.error('credit2Info', 'Getting domain info', { domid, errno: ERRNO.ESRCH })
    return xl.minor >= 18 ? LIBXL_INVAL : LIBXL_FAIL
  }
  yield* xl.xc.domctl('scheduler_op', domid, schedulerArgs(xl, SCHEDULE.getInfo))
  const refusal = outOfRange(to, found.maxVcpus)
  if (refusal !== undefined) {
    xl.error(refusal.site, refusal.text, { domid })
    return LIBXL_INVAL
  }
  const { weight, cap } = to
  const more = {
    ...(weight === undefined ? {} : { weight }),
    ...(cap === undefined ? {} : { cap }),
  }
  const put = { ...schedulerArgs(xl, SCHEDULE.putInfo), u1: (weight ?? 0) + (cap ?? 0) * 2 ** 16 }
  const { result } = yield* xl.xc.domctl('scheduler_op', domid, put, { more })
  if (result >= 0) return 0
  const text = `Setting domain sched ${xl.world.era.scheduler}`
  xl.error('credit2Setting', text, { domid, errno: result })
  return LIBXL_FAIL
}

function outOfRange(
  to: ScheduleMore,
  vcpus: number,
): { readonly site: 'credit2Weight' | 'credit2Cap'; readonly text: string } | undefined {
  const { weight = 1, cap = 0 } = to
  if (!(weight >= 1 && weight <= MAX_WEIGHT)) {
    const text = 'Cpu weight out of range, valid values are within range from 1 to 65535'
    return { site: 'credit2Weight', text }
  }
  if (cap >= 0 && cap <= vcpus * 100) return undefined
  const range = `valid range is from 0 to ${vcpus * 100} for specified number of vcpus`
  return { site: 'credit2Cap', text: `Cpu cap out of range, ${range}` }
}
