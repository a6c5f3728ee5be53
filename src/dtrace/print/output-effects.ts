// Actions that do something with the output besides adding to it: system(), freopen(), ftruncate().
//
// A printer meets them in the order of its records, so that what was printed before them is out
// before they happen. Who may run commands and open files hands them in.
import { XpvError } from '../../base/error.js'
import type { OutputRecord, RecordItem } from '../program/record.js'
import type { Dialect } from './conversion.js'
import { cutBytes } from './pad.js'
import { formatPrintf } from './printf.js'

/** What a printer may ask of the world. */
export interface OutputEffects {
  /** Runs a command to its end; what it prints goes where the printer's text goes. */
  system(command: string): void
  /** Sends all further text to the end of a file, or with '' back to where it went at first. Yields
   *  the system's words when the file does not open. */
  freopen(path: string): string | undefined
  /** Empties the file that text goes to. */
  ftruncate(): void
}

/** An item that is such an action. */
export type EffectItem = Extract<RecordItem, { kind: 'system' | 'freopen' | 'ftruncate' }>

/** Whether an item asks for an effect. */
export function isEffect(item: RecordItem): item is EffectItem {
  return item.kind === 'system' || item.kind === 'freopen' || item.kind === 'ftruncate'
}

/** Does it. Yields DTrace's message when that fails; throws `XpvError` `dtrace.refused` when there
 *  is nobody to do it. */
export function performEffect(
  item: EffectItem,
  effects: OutputEffects | undefined,
  { dialect, strsize }: { readonly dialect: Dialect; readonly strsize: number },
): string | undefined {
  if (effects === undefined)
    throw new XpvError(
      'dtrace.refused',
      `${item.kind}( ) cannot be done here`,
      'run the program with xpv dtrace',
    )
  if (item.kind === 'ftruncate') {
    effects.ftruncate()
    return undefined
  }
  const text = cutBytes(formatPrintf(item.format, item.args, dialect), strsize - 1)
  if (item.kind === 'system') {
    effects.system(text)
    return undefined
  }
  const why = effects.freopen(text)
  return why === undefined ? undefined : `couldn't freopen() "${text}": ${why}`
}

/** Does all that a record asks for; yields DTrace's messages for what failed. For printers that
 *  show a record as a whole. */
export function performEffects(
  record: OutputRecord,
  effects: OutputEffects | undefined,
  style: { readonly dialect: Dialect; readonly strsize: number },
): readonly string[] {
  if (record.kind !== 'firing') return []
  return record.items
    .filter(isEffect)
    .map((item) => performEffect(item, effects, style))
    .filter((why) => why !== undefined)
}
