// NotKnown: what stands where a value would, when nobody could know it: the reason.
//
//   domains[3].memoryBytes  ->  536870912, or `not known: a recording holds no memory map`
//
// Holds: it never passes for a number: to compute with it is refused, with the reason.
import { DISPLAY, type Displayable, type DisplayBundle } from '../base/display.js'
import { XpvError } from '../base/error.js'
import type { Obs } from './obs.js'

/** Why there is no value. */
export class NotKnown implements Displayable {
  readonly kind = 'unknown'
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }

  toString(): string {
    return `not known: ${this.reason}`
  }

  toJSON(): { readonly notKnown: string } {
    return { notKnown: this.reason }
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString()
    throw new XpvError('machine.not-known', this.reason)
  }

  [DISPLAY](): DisplayBundle {
    return { 'text/plain': this.toString() }
  }
}

/** What was observed, or why there is nothing. */
export function valueOr<T>(obs: Obs<T>): T | NotKnown {
  return obs.kind === 'known' ? obs.value : new NotKnown(obs.reason)
}

/** Whether there is a value. */
export function isKnown<T>(value: T | NotKnown): value is T {
  return !(value instanceof NotKnown)
}
