// Administration: what fmadm has fmd do, with the words in which it says so.
//
//   repaired FMRI   ->  fmadm: recorded repair to of FMRI
//                       fmadm: failed to record repair to FMRI: specified resource is not known ...
//
// Holds: what is named may be an FMRI of an ASRU, a FRU or a resource, or a label. Source:
// illumos-gate usr/src/cmd/fm/fmadm/common/{faulty,reset,gc}.c, usr/src/lib/fm/libfmd_adm.
import { XpvError } from '../../base/error.js'
import { type Fmri, parseFmri } from '../../fma/event/fmri.js'
import type { FaultManagement, FmdCommand } from '../../fma/host/fault-management.js'
import type { CommandIo } from '../command.js'

/** Why fmd refuses something, in the words of libfmd_adm. */
const REASONS: Readonly<Record<string, string>> = {
  'fma.not-faulty': 'specified resource is not known to be faulty',
  'fma.fmri': 'specified resource is not known to be faulty',
  'fma.fmri-scheme': 'specified resource is not known to be faulty',
  'fma.case-unknown': 'specified UUID is invalid or has been repaired',
  'fma.case-state': 'specified UUID is still being diagnosed',
  'fma.module-unknown': 'specified module is not loaded in fault manager',
  'fma.serd-unknown': 'specified serd engine not present in module',
}
const SERD_FIRED = 'specified serd engine has already fired'
const MODULE_BUSY = 'module is in use and cannot be unloaded'
/** The module that fmd cannot be without. */
const SELF = 'fmd-self-diagnosis'

type Told = 'repaired' | 'replaced' | 'acquitted'

/** Why it was refused; undefined when it was done. */
type Refusal = string | undefined

/** Tells one fault management. */
export class Administration {
  readonly #management: FaultManagement
  readonly #io: CommandIo
  /** -q: what was done is not told. */
  readonly #quiet: boolean

  constructor(management: FaultManagement, io: CommandIo, quiet: boolean) {
    this.#management = management
    this.#io = io
    this.#quiet = quiet
  }

  /** A case, else a resource. */
  repairAny(what: string): number {
    const refusal = this.#tellCase('repaired', what) && this.#tell('repaired', what)
    return this.#ended(refusal, `record repair to ${what}`, `recorded repair to ${what}`)
  }

  repaired(what: string): number {
    const refusal = this.#tell('repaired', what)
    return this.#ended(refusal, `record repair to ${what}`, `recorded repair to of ${what}`)
  }

  replaced(what: string): number {
    const refusal = this.#tell('replaced', what)
    return this.#ended(refusal, `record replacement of ${what}`, `recorded replacement of ${what}`)
  }

  /** A case, else a resource in all; with two words a resource in a case, in whichever order. */
  acquit(what: string, other: string | undefined): number {
    const refusal =
      other === undefined
        ? this.#tellCase('acquitted', what) && this.#tell('acquitted', what)
        : this.#tell('acquitted', what, other) && this.#tell('acquitted', other, what)
    return this.#ended(refusal, `record acquital of ${what}`, `recorded acquital of ${what}`)
  }

  /** Forgets what is over of each. */
  flush(names: readonly string[]): number {
    let worst = 0
    for (const name of names) {
      const refusals = this.#namedBy(name).map((resource) =>
        this.#take({ kind: 'flush', resource }),
      )
      const refusal = refusals.includes(undefined) ? undefined : (refusals[0] ?? NOT_FAULTY)
      const done = `flushed resource history for ${name}`
      worst = Math.max(worst, this.#ended(refusal, `flush ${name}`, done))
    }
    return worst
  }

  /** SERD engines drop what is too old by themselves, so there is nothing left to collect. */
  collect(path: string): number {
    const module = baseName(path)
    const isThere = this.#modules().includes(module)
    const refusal = isThere ? undefined : REASONS['fma.module-unknown']
    const done = `${module} module has been garbage-collected`
    return this.#ended(refusal, `garbage-collect module ${module}`, done)
  }

  /** A module, or one of its SERD engines unless that has fired. */
  reset(path: string, serd: string | undefined): number {
    const module = baseName(path)
    if (serd === undefined) {
      const refusal = module === SELF ? MODULE_BUSY : this.#take({ kind: 'reset', module })
      return this.#ended(refusal, `reset module ${module}`, `${module} module has been reset`)
    }
    const refusal = this.#hasFired(module, serd)
      ? SERD_FIRED
      : this.#take({ kind: 'reset', module, serd })
    const done = `${module} serd engine '${serd}' has been reset`
    return this.#ended(refusal, `reset serd engine ${serd}`, done)
  }

  #ended(refusal: Refusal, what: string, done: string): number {
    if (refusal !== undefined) this.#io.warn(`fmadm: failed to ${what}: ${refusal}\n`)
    else if (!this.#quiet) this.#io.write(`fmadm: ${done}\n`)
    return refusal === undefined ? 0 : 1
  }

  #tellCase(kind: Told, uuid: string): Refusal {
    return this.#take({ kind, what: { kind: 'case', uuid } })
  }

  #tell(kind: Told, name: string, uuid?: string): Refusal {
    const of = uuid === undefined ? {} : { uuid }
    if (!name.includes('://')) {
      return this.#take({ kind, what: { kind: 'label', label: name, ...of } })
    }
    return this.#refusalOf(() => {
      this.#management.take({ kind, what: { kind: 'resource', fmri: parseFmri(name), ...of } })
    })
  }

  #take(command: FmdCommand): Refusal {
    return this.#refusalOf(() => this.#management.take(command))
  }

  #refusalOf(work: () => void): Refusal {
    try {
      work()
      return undefined
    } catch (error) {
      const reason = error instanceof XpvError ? REASONS[error.code] : undefined
      if (reason === undefined) throw error
      return reason
    }
  }

  /** What a name is of: itself, or what has that label. */
  #namedBy(name: string): readonly Fmri[] {
    if (!name.includes('://')) return this.#labelled(name)
    let found: readonly Fmri[] = []
    this.#refusalOf(() => {
      found = [parseFmri(name)]
    })
    return found
  }

  #labelled(label: string): readonly Fmri[] {
    const suspects = this.#management.manager.resources().flatMap((one) => one.suspects)
    return suspects.flatMap(({ fault }) => {
      const named = fault.asru ?? fault.fru ?? fault.resource
      return fault.location === label && named !== undefined ? [named] : []
    })
  }

  #hasFired(module: string, serd: string): boolean {
    if (!this.#modules().includes(module)) return false
    const engines = this.#management.manager.serdEngines(module)
    return engines.some(({ name, fired }) => name === serd && fired)
  }

  #modules(): readonly string[] {
    return this.#management.manager.moduleFacts().map(({ name }) => name)
  }
}

const NOT_FAULTY = REASONS['fma.not-faulty']
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
