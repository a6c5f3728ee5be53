// Which errors of the compiler stop a cell: those that are certain to be mistakes.
//
//   'toFixd' does not exist on type 'number'  ->  stops
//   'x' is possibly 'undefined'               ->  runs
//
// Holds: what the types cannot know is left to the run: modules that have none, names that are
// there all the same, values that may be missing.
import type { TypeMistake } from './type-service.js'

/** Errors that say "perhaps". */
const PERHAPS: ReadonlySet<number> = new Set([
  // A module, or its types, was not found.
  2306, 2307, 2591, 2882, 2691, 2792, 2834, 2835, 7016, 1192, 1259, 2497, 2613, 2732, 5097, 1479,
  1542, 1543,
  // Something may be null or undefined, or is of type unknown.
  2531, 2532, 2533, 2571, 2721, 2722, 2723, 18046, 18047, 18048, 18049,
  // Used before it has a value, not every path returns, code that is never reached.
  2454, 2564, 7027, 7028, 7029, 7030,
  // Await where nothing is waited for, labels, comparisons that cannot be true.
  2367, 2872, 2873, 2845,
])

/** Errors about a name that nobody knows. */
const UNKNOWN_NAME: ReadonlySet<number> = new Set([2304, 2552, 2503, 2580, 2581, 2582, 2583, 2584])

/** Errors about what a value is, which hold for some of what it may be: `string | number`. */
const OF_A_TYPE: ReadonlySet<number> = new Set([2322, 2339, 2345, 2365, 2551, 2769])

/** Errors of arithmetic, which do not say what the operand is. */
const OF_AN_OPERAND: ReadonlySet<number> = new Set([2362, 2363])

/** Whether a mistake is certain. `typeAt` is what is known of the name at an offset, `isThere`
 *  whether a name is there all the same. */
export async function isCertain(
  mistake: TypeMistake,
  typeAt: (offset: number) => Promise<string | undefined>,
  isThere: (name: string) => boolean = (name) => name in globalThis,
): Promise<boolean> {
  const { code, message, end } = mistake
  if (PERHAPS.has(code)) return false
  if (OF_A_TYPE.has(code)) return !isOneOfSeveral(message)
  if (OF_AN_OPERAND.has(code)) return !((await typeAt(end - 1)) ?? '').includes(' | ')
  const name = unknownName(mistake)
  return name === undefined || !isThere(name)
}

/** Whether the first type that a message names is one of several: one of them may do. */
function isOneOfSeveral(message: string): boolean {
  const [, type = ''] =
    /\btypes? '([^\n]*?)'(?: |\.|$)/m.exec(message.replace(/^Property '[^']*'/, '')) ?? []
  return type.includes(' | ') && !/^[({[]/.test(type)
}

/** The name that nobody knows, if that is the mistake. */
export function unknownName({
  code,
  message,
}: Pick<TypeMistake, 'code' | 'message'>): string | undefined {
  return UNKNOWN_NAME.has(code) ? /'([^']+)'/.exec(message)?.[1] : undefined
}
