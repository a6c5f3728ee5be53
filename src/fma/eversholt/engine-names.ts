// Engine names: the SERD engines that rules have, as whoever sets limits of them may call them: by
// the name in the rules, or with a suffix that a constraint gives (setserdsuffix), which is of that
// one alone.
//
//   serd.memory.generic-x86.page_ce      serd.io.device.nonfatal_btlp
//
// Holds: a suffix that is computed may be anything; one that is written out is known.
import type { RuleSet, RuleStatement } from './rule-set.js'
import type { Expression } from './tree.js'
import { visitExpressions } from './walk.js'

/** Their names, those with a suffix that is known among them, sorted. */
export function serdEngineNames(rules: RuleSet): readonly string[] {
  const plain = [...rules.declarations.values()].flatMap(({ type, name }) =>
    type === 'serd' ? [name] : [],
  )
  const suffixed = suffixesOf(rules).flatMap(({ engine, suffix }) =>
    suffix === undefined ? [] : [`${engine}${suffix}`],
  )
  return [...new Set([...plain, ...suffixed])].sort()
}

/** Whether rules have such an engine. */
export function isSerdEngine(rules: RuleSet, name: string): boolean {
  if (serdEngineNames(rules).includes(name)) return true
  return suffixesOf(rules).some(
    ({ engine, suffix }) =>
      suffix === undefined && /^\d+$/.test(name.slice(engine.length)) && name.startsWith(engine),
  )
}

/** An engine, and what its name may end in; undefined for what is computed. */
interface Suffix {
  readonly engine: string
  readonly suffix: string | undefined
}

function suffixesOf({ statements }: RuleSet): readonly Suffix[] {
  return statements.flatMap((statement) => {
    const given = givenIn(statement)
    return given.length === 0
      ? []
      : enginesOf(statement).flatMap((engine) => given.map((suffix) => ({ engine, suffix })))
  })
}

function enginesOf({ classes }: RuleStatement): readonly string[] {
  return classes.flatMap(({ declared }) => {
    const engine = declared.properties.get('engine')
    return engine?.kind === 'class' ? [engine.of.name] : []
  })
}

function givenIn({ classes }: RuleStatement): readonly (string | undefined)[] {
  const given: (string | undefined)[] = []
  const visit = (e: Expression): void => {
    if (e.kind !== 'call' || e.name !== 'setserdsuffix') return
    const [suffix] = e.args
    given.push(suffix?.kind === 'string' ? suffix.text : undefined)
  }
  visitExpressions(
    classes.flatMap(({ constraints }) => constraints),
    visit,
  )
  return given
}
