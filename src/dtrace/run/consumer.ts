// Who runs the program: the process `dtrace` itself, in which BEGIN and END fire. What a recording
// does not know of the processes in it (a user, a zone) is known of this one.
//
// Holds: a value that the caller does not hand in is not made up: reading it is a fault.

/** Built-in variables that no recording holds, and that the consumer may have. */
export interface Consumer {
  readonly pid?: number
  readonly ppid?: number
  readonly uid?: number
  readonly gid?: number
  readonly zonename?: string
  readonly root?: string
  readonly cwd?: string
}

/** A built-in that no recording holds. */
export type UnrecordedName = keyof Omit<Consumer, 'pid'> | 'uregs'

/** Built-ins that no recording holds: defined where BEGIN and END fire, at most. */
export const UNRECORDED: ReadonlySet<string> = new Set<UnrecordedName>([
  'ppid',
  'uid',
  'gid',
  'zonename',
  'root',
  'cwd',
  'uregs',
])

/** The consumer's own value, where it has one. */
export function ownValue(
  consumer: Consumer | undefined,
  name: string,
): number | string | undefined {
  if (!UNRECORDED.has(name) || name === 'uregs') return undefined
  return consumer?.[name as keyof Consumer]
}

/** The consumer that some process ids, as macros have them ($pid, $uid ...), describe. */
export function consumerOf(ids: ReadonlyMap<string, number> | undefined): Consumer {
  const known = (['pid', 'ppid', 'uid', 'gid'] as const).flatMap((name) => {
    const value = ids?.get(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(known)
}
