// Self-diagnosis: the module that diagnoses the fault manager: ereports nobody subscribes to, and
// modules that failed.
//
//   ereport.io.foo, no subscriber    ->  defect.sunos.fmd.nosub, one case a class
//   ereport.fm.fmd.module of eft     ->  defect.sunos.fmd.module
//
// Holds: it fails for nobody else's sake, and says a thing once while its case is open. Ereports of
// fmd itself and of drivers' own checks (ereport.io.ddi.*) need no subscriber. Source: illumos-gate
// fmd_self.c.
import type { Ereport } from '../event/ereport.js'
import type { Fault } from '../event/fault.js'
import { nv, nvlist } from '../event/nvlist.js'
import type { FmdContext, FmdEvent, FmdModule } from './module.js'

/** The class of an ereport about a module that failed. */
export const MODULE_FAILED = 'ereport.fm.fmd.module'

/** Classes about which there is a case each, at most. */
const MOST_CLASSES = 1_000

const QUIET = ['ereport.io.ddi.', 'ereport.fm.fmd.']

/** Diagnoses the fault manager. */
export class SelfDiagnosis implements FmdModule {
  readonly name = 'fmd-self-diagnosis'
  readonly version = '1.0'
  readonly description = 'Fault Manager Self-Diagnosis'
  readonly subscriptions = [MODULE_FAILED]
  readonly statistics = {
    nosub: 'event classes with no subscribers seen',
    module: 'error events received from fmd modules',
  }
  /** What each open case is about, by a class or by a module. */
  #about = new Map<string, string>()

  receive(fmd: FmdContext, event: FmdEvent): void {
    if (event.kind !== 'ereport') return
    const { ereport } = event
    if (ereport.class === MODULE_FAILED) this.#moduleFailed(fmd, ereport)
    else this.#nobodySubscribed(fmd, ereport)
  }

  caseClosed(_fmd: FmdContext, uuid: string): void {
    for (const [about, of] of this.#about) if (of === uuid) this.#about.delete(about)
  }

  save(): unknown {
    return [...this.#about]
  }

  restore(saved: unknown): void {
    this.#about = new Map(saved as readonly (readonly [string, string])[])
  }

  #moduleFailed(fmd: FmdContext, ereport: Ereport): void {
    fmd.count('module')
    const suspect: Fault = { class: 'defect.sunos.fmd.module', certainty: 100 }
    const { detector } = ereport
    const name = detector.scheme === 'fmd' ? detector.name : ''
    this.#publish(fmd, {
      about: `module ${name}`,
      ereport,
      suspect: { ...suspect, asru: detector },
    })
  }

  #nobodySubscribed(fmd: FmdContext, ereport: Ereport): void {
    const isQuiet = QUIET.some((prefix) => ereport.class.startsWith(prefix))
    const about = `class ${ereport.class}`
    if (isQuiet || this.#about.has(about) || this.#about.size >= MOST_CLASSES) return
    fmd.count('nosub')
    const payload = nvlist({ nosub_class: nv.string(ereport.class) })
    const suspect: Fault = { class: 'defect.sunos.fmd.nosub', certainty: 100, payload }
    this.#publish(fmd, { about, ereport, suspect })
  }

  #publish(
    fmd: FmdContext,
    of: { readonly about: string; readonly ereport: Ereport; readonly suspect: Fault },
  ): void {
    if (this.#about.has(of.about)) return
    const uuid = fmd.openCase()
    this.#about.set(of.about, uuid)
    fmd.addEreport(uuid, of.ereport)
    fmd.solveCase(uuid, { suspects: [of.suspect] })
  }
}
