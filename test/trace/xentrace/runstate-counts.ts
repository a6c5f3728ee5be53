// Counts runstate intervals the way xenalyze's summary does, from our rows alone.
//
// Source: xenalyze.c (runstate_update, vcpu_start, sched_runstate_process, process_lost_records,
// deactivate_pcpu). Its handling of skewed clocks is left out: no capture here has any.

type State = 'init' | 'running' | 'runnable' | 'blocked' | 'offline' | 'lost'
const STATES: readonly State[] = ['running', 'runnable', 'blocked', 'offline']

interface Stints {
  state: State
  since: bigint
  /** Why it is runnable. */
  kind: 'wake' | 'preempt' | 'other'
  readonly counts: Map<string, number>
}

interface Pcpu {
  current: string | undefined
  readonly firstTsc: bigint
}

/** What is needed of a runstate record. */
export interface RunstateChange {
  readonly pcpu: number
  readonly tsc: bigint
  readonly vcpu: string
  readonly before: number
  readonly after: number
}

/** The runstate statistics of one trace: feed it records in order. */
export class RunstateCounts {
  readonly #vcpus = new Map<string, Stints>()
  readonly #pcpus = new Map<number, Pcpu>()
  #lostPcpus = 0

  /** Names of vcpus, `d0v1`, with the number of intervals by name of the state. */
  get counts(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    return new Map([...this.#vcpus].map(([name, v]) => [name, v.counts]))
  }

  see(pcpu: number, tsc: bigint): void {
    if (!this.#pcpus.has(pcpu)) this.#pcpus.set(pcpu, { current: undefined, firstTsc: tsc })
  }

  change(record: RunstateChange): void {
    const { pcpu, tsc, vcpu } = record
    const p = this.#pcpu(pcpu)
    const v = this.#vcpu(vcpu)
    const before = STATES[record.before] ?? 'init'
    const after = STATES[record.after] ?? 'init'
    if (v.state === 'init') {
      if (before === 'running') p.current = undefined
      if (after !== 'running') return
      this.#update(v, 'running', before === 'running' ? p.firstTsc : tsc)
      p.current = vcpu
      return
    }
    if (v.state === 'lost' && after !== 'running') return
    if (v.state !== 'lost' && v.state !== before) throw new Error(`skew: ${vcpu} at ${tsc}`)
    this.#update(v, after, tsc)
    if (after === 'running') p.current = vcpu
    else if (before === 'running') {
      p.current = undefined
      if (this.#lostPcpus > 0 && !vcpu.startsWith('d32767')) this.#update(v, 'lost', tsc)
    }
  }

  beginLoss(pcpu: number, firstTsc: bigint): void {
    const p = this.#pcpu(pcpu)
    if (p.current !== undefined) this.#update(this.#vcpu(p.current), 'lost', firstTsc)
    p.current = undefined
    this.#lostPcpus += 1
    for (const v of this.#vcpus.values()) {
      if (v.state !== 'running') this.#update(v, 'lost', firstTsc)
    }
  }

  endLoss(pcpu: number, tsc: bigint, vcpu: string): void {
    this.#lostPcpus -= 1
    this.#update(this.#vcpu(vcpu), 'running', tsc)
    this.#pcpu(pcpu).current = vcpu
  }

  /** The last record of a pcpu is behind us. */
  end(pcpu: number, lastTsc: bigint): void {
    const { current } = this.#pcpu(pcpu)
    if (current !== undefined) this.#update(this.#vcpu(current), 'lost', lastTsc)
  }

  #update(v: Stints, after: State, tsc: bigint): void {
    if (v.since > 0n && v.since < tsc) {
      v.counts.set(v.state, (v.counts.get(v.state) ?? 0) + 1)
      if (v.state === 'runnable') v.counts.set(v.kind, (v.counts.get(v.kind) ?? 0) + 1)
    }
    const kinds = { running: 'preempt', blocked: 'wake', offline: 'wake' } as const
    if (after === 'runnable') v.kind = kinds[v.state as keyof typeof kinds] ?? 'other'
    v.state = after
    v.since = tsc
  }

  #vcpu(name: string): Stints {
    const known = this.#vcpus.get(name)
    if (known !== undefined) return known
    const fresh: Stints = { state: 'init', since: 0n, kind: 'other', counts: new Map() }
    this.#vcpus.set(name, fresh)
    return fresh
  }

  #pcpu(pcpu: number): Pcpu {
    const known = this.#pcpus.get(pcpu)
    if (known === undefined) throw new Error(`pcpu ${pcpu} was not seen`)
    return known
  }
}
