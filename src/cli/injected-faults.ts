// InjectedFaults: what `machine.inject` answers: which faults, where each will show, when, and how
// to end them.
//
//   machine.inject('cache level=1 pcpu=2 every=10s times=4')
//     fault               shows in          when
//     cache level=1 ...   bank 2 of pcpu 2  at once, then every 10 s, 4 times in all
//
// Holds: a fault that is over is not ended again.
import type { InjectedFault } from '../backend/sim/fault-scenario.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { type Table, table } from '../base/table.js'

/** Faults that were injected together. */
export class InjectedFaults implements ShownAsPage {
  readonly #faults: readonly InjectedFault[]

  constructor(faults: readonly InjectedFault[]) {
    this.#faults = faults
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
      this.#faults.map((each) => [faultText(each), each.where, whenText(each)]),
    )
  }

  toJSON(): unknown {
    return this.#faults.map((each) => {
      const { where, atNs, everyNs, times, random } = each
      return { fault: faultText(each), where, atNs, everyNs, times, random }
    })
  }

  [DISPLAY](): Page {
    const isOnce = this.#faults.every(({ atNs, times }) => atNs === 0 && times === 1)
    const more = isOnce ? undefined : '.mend() of this value ends what is not over'
    return page([this.toTable(), more], this.toJSON())
  }
}

/** As a scenario says it. */
function faultText({ fault: { kind, ...fields } }: InjectedFault): string {
  const words = Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`)
  return [kind, ...words].join(' ')
}

function valueText(value: unknown): string {
  if (typeof value === 'bigint') return `0x${value.toString(16)}`
  if (Array.isArray(value)) return value.map((word) => `0x${Number(word).toString(16)}`).join()
  return String(value)
}

function whenText({ atNs, everyNs, times, random }: InjectedFault): string {
  const first = atNs === 0 ? 'at once' : `in ${seconds(atNs)}`
  if (times === 1) return first
  const often = Number.isFinite(times) ? `, ${times} times in all` : ''
  return `${first}, then every ${seconds(everyNs)}${random ? ' on average' : ''}${often}`
}

const seconds = (ns: number): string => `${ns / 1e9} s`
