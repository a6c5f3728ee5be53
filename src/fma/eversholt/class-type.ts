// What a class is, by its first word.
//
//   ereport.cpu.generic-x86.l2cache  ->  ereport

/** First words of classes that are declared with `event`. */
const EVENT_TYPES = ['fault', 'upset', 'defect', 'error', 'ereport'] as const

/** First words of classes that are declared with `engine`. */
export const ENGINE_TYPES = ['serd', 'stat'] as const

/** A type of class. */
export type ClassType = (typeof EVENT_TYPES)[number] | (typeof ENGINE_TYPES)[number]

/** All types. */
export const CLASS_TYPES: ReadonlySet<string> = new Set([...EVENT_TYPES, ...ENGINE_TYPES])

/** The type of a class; undefined when its first word is none. */
export function classType(name: string): ClassType | undefined {
  const [first = ''] = name.split('.', 1)
  return [...EVENT_TYPES, ...ENGINE_TYPES].find((type) => type === first)
}
