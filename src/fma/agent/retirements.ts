// Retirements: suspects that are, were or will be out of service, as an agent remembers them.
//
//   (case, ASRU)  ->  what is aimed at, and how far that has come
//
// Holds: one for each ASRU of a case, found by its case, by the request that is open and by the
// timer that is set, without looking through all of them: there may be thousands of pages.

/** What can be taken out, as JSON has it; an address is hexadecimal. */
export type Aim =
  | { readonly kind: 'pcpu'; readonly pcpu: number }
  | { readonly kind: 'page'; readonly address: string }
  | { readonly kind: 'device'; readonly path: string }

/** One suspect that is, was or will be out of service. */
export interface Retirement {
  readonly uuid: string
  readonly asru: string
  readonly aim: Aim
  /** Whether it is to go, or to come back. */
  readonly retired: boolean
  readonly state: 'asked' | 'waiting' | 'done' | 'given-up'
  readonly tries: number
  readonly request?: number
  readonly timer?: number
}

/** By what one is known. */
type Named = Pick<Retirement, 'uuid' | 'asru'>

/** All of an agent. */
export class Retirements {
  /** By their case, then by their ASRU. */
  readonly #cases = new Map<string, Map<string, Retirement>>()
  readonly #byRequest = new Map<number, Retirement>()
  readonly #byTimer = new Map<number, Retirement>()

  get({ uuid, asru }: Named): Retirement | undefined {
    return this.#cases.get(uuid)?.get(asru)
  }

  /** Those of a case; which changed last is last. */
  of(uuid: string): readonly Retirement[] {
    return [...(this.#cases.get(uuid)?.values() ?? [])]
  }

  askedAs(request: number): Retirement | undefined {
    return this.#byRequest.get(request)
  }

  waitingFor(timer: number): Retirement | undefined {
    return this.#byTimer.get(timer)
  }

  all(): readonly Retirement[] {
    return [...this.#cases.values()].flatMap((each) => [...each.values()])
  }

  /** Remembers one, in place of what was known of it. */
  put(next: Retirement): void {
    this.forget(next)
    const { uuid, asru, request, timer } = next
    const there = this.#cases.get(uuid) ?? new Map<string, Retirement>()
    this.#cases.set(uuid, there.set(asru, next))
    if (request !== undefined) this.#byRequest.set(request, next)
    if (timer !== undefined) this.#byTimer.set(timer, next)
  }

  forget(named: Named): void {
    const { uuid, asru } = named
    const gone = this.get(named)
    if (gone === undefined) return
    const there = this.#cases.get(uuid)
    there?.delete(asru)
    if (there?.size === 0) this.#cases.delete(uuid)
    if (gone.request !== undefined) this.#byRequest.delete(gone.request)
    if (gone.timer !== undefined) this.#byTimer.delete(gone.timer)
  }

  clear(): void {
    this.#cases.clear()
    this.#byRequest.clear()
    this.#byTimer.clear()
  }
}
