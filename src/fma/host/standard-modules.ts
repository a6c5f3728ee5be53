// StandardModules: who diagnoses and who acts on a host: Eversholt's engine with its rules, the
// agents, and whoever tells people.
import { cpumemRetire } from '../agent/cpumem-retire.js'
import { fabricXlate } from '../agent/fabric-xlate.js'
import { ioRetire } from '../agent/io-retire.js'
import { syslogMsgs } from '../agent/syslog-msgs.js'
import { eversholtModule } from '../eversholt/module.js'
import type { RuleSet } from '../eversholt/rule-set.js'
import type { FmdModule } from '../fmd/module.js'
import { ownRules } from '../rules/own-rules.js'

/** By what ereports are diagnosed. */
export interface DiagnosisOptions {
  /** Our own when absent. */
  readonly rules?: RuleSet | undefined
  /** Limits of SERD engines, by their name in the rules. */
  readonly serd?: ReadonlyMap<string, { readonly n: number; readonly tNs: bigint }> | undefined
}

/** The modules, in the order in which they are handed events. */
export function standardModules({ rules, serd }: DiagnosisOptions = {}): readonly FmdModule[] {
  const options = serd === undefined ? {} : { serdOverrides: serd }
  const engine = eversholtModule(rules ?? ownRules(), options)
  return [cpumemRetire(), engine, fabricXlate(), ioRetire(), syslogMsgs()]
}

/** Another engine, with rules of its own. */
export function engineOf(name: string, rules: RuleSet): FmdModule {
  return { ...eversholtModule(rules), name, description: `eft with the rules of ${name}` }
}
