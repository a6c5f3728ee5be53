// What hypercalls carry beyond the words of their arguments: lists and structures that tools pass
// by address. A step gives them as `more`.

/** createdomain. */
export interface CreateDomainMore {
  readonly hvm?: boolean
  /** 32 hexadecimal digits. */
  readonly handle?: string
}

/** populate_physmap, decrease_reservation: the first pseudo-physical frame of the list; behind
 *  the last one (before it, for a decrease) when absent. */
export interface FrameListMore {
  readonly pfn?: number
}

/** scheduler_op with command putinfo. */
export interface ScheduleMore {
  readonly weight?: number
  readonly cap?: number
}

/** setvcpuaffinity: the pcpus. */
export type AffinityMore = readonly number[]

/** page_offline_op, resource_op: the frames, the registers. */
export interface ResourceMore {
  readonly pcpu: number
  readonly msr: number
}

/** `more` as an object with optional fields; empty when there is none. */
export function fieldsOf<T extends object>(more: unknown): Partial<T> {
  return typeof more === 'object' && more !== null && !Array.isArray(more) ? (more as T) : {}
}

/** `more` as a list of numbers; undefined when it is none. */
export function listOf(more: unknown): readonly number[] | undefined {
  return Array.isArray(more) && more.every((n) => typeof n === 'number') ? more : undefined
}
