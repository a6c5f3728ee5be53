// Own rules: the rules that come with xpv, compiled.
//
//   ownRules()  ->  RuleSet of x86-cpu.esc, x86-memory.esc, pciex.esc, pci-root.esc, pci.esc
//
// Holds: they are compiled when first asked for, and once.
import { compileRules } from '../eversholt/compile.js'
import { knownHeader } from '../eversholt/known-headers.js'
import { type RuleSet, ruleSet } from '../eversholt/rule-set.js'
import { OWN_RULE_FILES } from './own-rule-files.js'

let compiled: RuleSet | undefined

/** The rules that come with xpv. */
export function ownRules(): RuleSet {
  compiled ??= ruleSet(OWN_RULE_FILES.map((file) => compileRules(file, knownHeader)))
  return compiled
}
