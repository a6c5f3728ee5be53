// What hypercalls carry beyond the words of their arguments: lists and structures that tools pass
// by address. A step gives them as `more`; setvcpuaffinity gives a plain list of pcpus,
// setdomainhandle a string.

/** createdomain. */
export interface CreateDomainMore {
  readonly hvm?: boolean
  /** Vcpus it may have at most, where the call says so (4.x). */
  readonly vcpus?: number
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

/** XEN_DOMCTL_SCHEDOP_*: commands of scheduler_op. */
export const SCHEDULE = { putInfo: 0, getInfo: 1 } as const

/** resource_op: which register of which pcpu. */
export interface ResourceMore {
  readonly pcpu: number
  readonly msr: number
}

/** A grant operation: whose grant, which entry, or which mapping. */
export interface GrantMore {
  readonly domid?: number
  readonly reference?: number
  readonly handle?: number
  readonly frames?: number
}

/** A parameter of a guest with its own hardware. */
export interface HvmParamMore {
  readonly domid?: number
  readonly index?: number
  readonly value?: number
}

/** getdomaininfolist: how many the buffer holds. */
export interface DomainListMore {
  readonly max?: number
}

/** page_offline_op. */
export interface PageOfflineMore {
  /** 1 offline, 2 online, 3 query. */
  readonly command?: number
  readonly start?: number
  readonly end?: number
}

/** sched_op poll: the ports that end it, and how long it may last; for ever where absent. */
export interface PollMore {
  readonly ports?: readonly number[]
  readonly timeoutNs?: number
}

/** sched_op remote_shutdown. */
export interface RemoteShutdownMore {
  readonly domid?: number
  readonly reason?: number
}

/** `more` as an object with optional fields; empty when there is none. */
export function fieldsOf<T extends object>(more: unknown): Partial<T> {
  return typeof more === 'object' && more !== null && !Array.isArray(more) ? (more as T) : {}
}

/** `more` as a list of numbers; undefined when it is none. */
export function listOf(more: unknown): readonly number[] | undefined {
  return Array.isArray(more) && more.every((n) => typeof n === 'number') ? more : undefined
}
