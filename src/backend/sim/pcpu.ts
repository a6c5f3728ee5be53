// Pcpu: what the scheduler keeps of a physical CPU: who is on it and when to look again.
import type { Due } from './kernel.js'

/** One physical CPU. */
export interface Pcpu {
  online: boolean
  /** Key of the vcpu on it; none is idle. */
  current: number | undefined
  /** When that came on, and up to when its time is booked. */
  since: number
  booked: number
  sliceEnd: number
  due: Due | undefined
}

/** One that is idle. */
export function newPcpu(): Pcpu {
  return { online: true, current: undefined, since: 0, booked: 0, sliceEnd: 0, due: undefined }
}
