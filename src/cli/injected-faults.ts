// InjectedFaults: what `machine.inject` answers: which faults, where each will show, when, and how
// to end them.
//
//   machine.inject('cache level=1 pcpu=2 every=10s times=4')
//     fault               shows in          when
//     cache level=1 ...   bank 2 of pcpu 2  at once, then every 10 s, 4 times in all
//
// Holds: a fault that is over is not ended again. What was typed in hexadecimal is shown so.
import type { InjectedFault } from '../backend/sim/fault-scenario.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { type Table, table } from '../base/table.js'

/** Faults that were injected together. */
export class InjectedFaults implements ShownAsPage {
  readonly #faults: readonly InjectedFault[]
  readonly #hex: ReadonlySet<string>

  /** Faults, and the text that said which. */
  constructor(faults: readonly InjectedFault[], text: string) {
    this.#faults = faults
    this.#hex = hexIn(text)
  }

  get length(): number {
    return this.#faults.length
  }

  /** Ends those that are not over; how many that were. */
  mend(): number {
    return this.#faults.filter((fault) => fault.mend()).length
  }

  toTable(): Table {
    const columns = [{ name: 'fault', wraps: true }, 'shows in', { name: 'when', wraps: true }]
    return table(
      columns,
      this.#faults.map((each) => [this.#textOf(each), each.where, whenText(each)]),
    )
  }

  toJSON(): unknown {
    return this.#faults.map((each) => {
      const { where, atNs, everyNs, times, random } = each
      return { fault: this.#textOf(each), where, atNs, everyNs, times, random }
    })
  }

  /** As a scenario says it. */
  #textOf({ fault: { kind, ...fields } }: InjectedFault): string {
    const words = Object.entries(fields).map(([name, value]) => {
      const isHex = typeof value === 'number' && this.#hex.has(`${name}=${value}`)
      return `${name}=${isHex ? hexText(value) : valueText(value)}`
    })
    return [kind, ...words].join(' ')
  }

  [DISPLAY](): Page {
    const isOnce = this.#faults.every(({ atNs, times }) => atNs === 0 && times === 1)
    const more = isOnce ? undefined : '.mend() of this value ends what is not over'
    return page([this.toTable(), more], this.toJSON())
  }
}

/** Fields that a text says in hexadecimal: `row=291` where it has `row=0x123`. */
function hexIn(text: string): ReadonlySet<string> {
  const words = text.matchAll(/(\w+)=(0x[0-9a-f]+)(?!\S)/gi)
  return new Set([...words].map(([, name, value]) => `${name}=${Number(value)}`))
}

function valueText(value: unknown): string {
  if (typeof value === 'bigint') return hexText(value)
  if (Array.isArray(value)) return value.map((word) => hexText(Number(word))).join()
  return String(value)
}

const hexText = (value: bigint | number): string => `0x${value.toString(16)}`

function whenText({ atNs, everyNs, times, random }: InjectedFault): string {
  const first = atNs === 0 ? 'at once' : `in ${seconds(atNs)}`
  if (times === 1) return first
  const often = Number.isFinite(times) ? `, ${times} times in all` : ''
  return `${first}, then every ${seconds(everyNs)}${random ? ' on average' : ''}${often}`
}

const seconds = (ns: number): string => `${ns / 1e9} s`
