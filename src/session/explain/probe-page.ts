// Probe pages: what a probe says of the machine when it fires; and the words of D.
//
//   xpv:::populate-physmap-start?   ->  its id, what it says, its arguments
//   xdt:sched::?                    ->  the probes that match
//   quantize?  vtimestamp?          ->  what D's words mean
//
// Source: the providers' own tables; the D language guide.
import { XpvError } from '../../base/error.js'
import { type Column, table } from '../../base/table.js'
import { type ProbeDescription, probeSpec } from '../../dtrace/probe/description.js'
import { parsePattern } from '../../dtrace/probe/pattern.js'
import { standardCatalog } from '../../dtrace/probe/standard-catalog.js'
import { suggestProbe } from '../../dtrace/probe/suggest.js'
import { BUILTINS } from '../../dtrace/program/builtins.js'
import { OPTIONS, type OptionSpec } from '../../dtrace/program/options.js'
import { callableNamed } from '../../dtrace/program/subroutines.js'
import { printTypeName } from '../../dtrace/program/to-d-type.js'
import { Explanation } from './explanation.js'

const MEANING: Column = { name: 'meaning', wraps: true }

/** Whose table a provider is. */
const PROVIDERS: Readonly<Record<string, string>> = {
  xpv: "the xVM dom0's privcmd driver of 2007 (illumos-gate, xpv_privcmd.c)",
  privcmd: 'xen/include/public; dom0 seen at /dev/xen/privcmd',
  xdt: 'xen/include/public/trace.h; names of the illumos xdt driver where it has them',
  msr: 'Intel SDM volume 4; the policy of the era',
  mca: 'Intel SDM volume 3; xen/arch/x86/cpu/mcheck',
  pcie: 'PCI Express Base 3.0, section 6.2',
  dtrace: 'the D language guide, "dtrace Provider"',
  profile: 'the D language guide, "profile Provider"',
}

/** The page of a probe, or of those that match. Throws `XpvError` `probe.none`. */
export function probePage(spec: string): Explanation {
  const catalog = standardCatalog()
  const pattern = parsePattern(spec)
  const found = pattern === 'overspecified' ? [] : catalog.match(pattern)
  const [first] = found
  if (first === undefined) {
    const near = suggestProbe(catalog, spec)
    throw new XpvError('probe.none', `no probe matches ${spec}`, near && `${near}?`)
  }
  return found.length === 1 ? onePage(first) : manyPage(spec, found)
}

function onePage(probe: ProbeDescription): Explanation {
  const { id, provider, args, doc } = probe
  const spec = probeSpec(probe)
  const rows = args.map((arg, i) => [`args[${i}]`, arg.name, arg.type, arg.doc ?? ''])
  const columns = [{ name: 'argument', isKey: true }, 'name', 'type', MEANING]
  return new Explanation({
    subject: spec,
    parts: [
      `${spec} (id ${id})${doc === undefined || doc === '' ? '' : `: ${doc}`}`,
      args.length === 0 ? 'It has no arguments.' : table(columns, rows),
    ],
    source: PROVIDERS[provider],
    next: [`on('${spec}').count()`],
    json: probe,
  })
}

function manyPage(spec: string, found: readonly ProbeDescription[]): Explanation {
  const rows = found.map((probe) => [probe.id, probeSpec(probe), probe.doc ?? ''])
  const columns = [{ name: 'id', align: 'right' as const }, { name: 'probe', isKey: true }, MEANING]
  const providers = [...new Set(found.map(({ provider }) => provider))]
  return new Explanation({
    subject: spec,
    parts: [`${found.length} probes match ${spec}`, table(columns, rows)],
    source: providers.flatMap((name) => PROVIDERS[name] ?? []).join('; '),
    next: [`on('${spec}').by('probename').count()`],
    json: found,
  })
}

/** The page of a word of D: a variable, a function, an option; undefined for any other. */
export function wordOfDPage(name: string): Explanation | undefined {
  const variable = BUILTINS.get(name)
  if (variable !== undefined) {
    const { type, doc } = variable
    return dPage(
      name,
      `${name}: ${doc}`,
      `a built-in variable of D, of type ${printTypeName(type)}`,
    )
  }
  const callable = callableNamed(name)
  if (callable !== undefined) {
    const kinds = { subroutine: 'a subroutine', action: 'an action', aggregating: 'aggregates' }
    const refused = callable.implemented ? '' : '; known, but refused here'
    const what = `${kinds[callable.kind]}${refused}: ${callable.prototype}`
    return dPage(name, `${name}: ${callable.doc}`, what)
  }
  const option = OPTIONS.get(name)
  if (option === undefined) return undefined
  return dPage(name, `${name}: ${option.doc}`, optionText(option))
}

function dPage(subject: string, title: string, what: string): Explanation {
  return new Explanation({ subject, parts: [title, what], source: 'the D language guide' })
}

function optionText({ name, time, initially }: OptionSpec): string {
  const value = initially === undefined ? 'off, or empty' : initially
  return `an option of D, set when: ${time}; at first ${value}; dtrace -x ${name}`
}
