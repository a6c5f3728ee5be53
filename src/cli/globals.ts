// What the prompt knows by name: on, d, esc, arg, builtin, whyUnknown, probes, open, machine,
// chart; the objects of the host: xen, domains, dom0, pcpus, hostbridge, fma; its tools: xm, xl.
import { DISPLAY, type Displayable } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { type Table, table } from '../base/table.js'
import type { ProbeCatalog } from '../dtrace/probe/catalog.js'
import { parsePattern } from '../dtrace/probe/pattern.js'
import { standardCatalog } from '../dtrace/probe/standard-catalog.js'
import { suggestProbe } from '../dtrace/probe/suggest.js'
import { arg, builtin, queriesOn, whyUnknown } from '../index.js'
import { hostObjects } from '../machine/host-objects.js'
import { Toolstack } from '../machine/toolstack.js'
import { activeMachine } from '../session/commands/toolstack.js'
import { escTag } from '../session/esc/rules.js'
import { explain } from '../session/explain/explain.js'
import type { CurrentMachine } from './current-machine.js'
import { fmaGlobal } from './fma-place.js'
import { parseHz } from './global-options.js'
import { ForkedMachine, MachineGlobal } from './machine-global.js'
import { describeMachine } from './machine-text.js'
import { chartsIn, hex } from './pictures.js'
import type { PromptGlobals } from './prompt-globals.js'
import { includesOf } from './rules-of.js'

/** The names of a session on this machine. `columns` is the width charts are drawn in; paths are
 *  meant from `directory`. */
export function promptGlobals(
  current: CurrentMachine,
  columns: () => number,
  directory: () => string,
): Omit<PromptGlobals, 'xpv'> {
  const { on, d } = queriesOn(() => current.past, { columns })
  const objects = hostObjects(() => current.machine)
  const tools = {
    machine: (what: string) => activeMachine(current.machine, [what]),
    domains: objects.domains,
  }
  const catalog = (): ProbeCatalog => standardCatalog(current.machine.lacks)
  return {
    on,
    d,
    esc: escTag(includesOf(directory)),
    arg,
    builtin,
    whyUnknown,
    probes: (spec = '') => probeTable(catalog(), spec),
    open: (what: string | ForkedMachine, options: { readonly hz?: number | string } = {}) => {
      if (what instanceof ForkedMachine) current.adopt(ForkedMachine.machineOf(what))
      else current.open(String(what), options.hz === undefined ? undefined : hzOf(options.hz))
      return shown(describeMachine(current.machine.snapshot()))
    },
    ...objects,
    fma: fmaGlobal(() => current.machine, directory),
    xm: new Toolstack('xm', tools),
    xl: new Toolstack('xl', tools),
    machine: new MachineGlobal({ machine: () => current.machine, columns, directory }),
    chart: chartsIn(columns),
    explain,
    hex,
  }
}

const hzOf = (hz: number | string): number => parseHz(String(hz))

function shown(text: string): Displayable {
  return { [DISPLAY]: () => ({ 'text/plain': text }) }
}

/** The probes that match, as a table; all of them for "". Throws `XpvError` `probe.none`. */
function probeTable(catalog: ProbeCatalog, spec: string): Table {
  const pattern = parsePattern(spec)
  const found = pattern === 'overspecified' ? [] : catalog.match(pattern)
  if (found.length === 0) {
    const near = suggestProbe(catalog, spec)
    throw new XpvError('probe.none', `no probe matches ${spec}`, `probes('${near ?? 'xpv:::'}')`)
  }
  const columns = [
    { name: 'id', priority: -1 },
    ...['provider', 'module', 'function', 'name'],
    { name: 'args', wraps: true },
  ]
  return table(
    columns,
    found.map((p) => [
      p.id,
      p.provider,
      p.module,
      p.function,
      p.name,
      p.args.map((arg) => arg.name).join(' '),
    ]),
  )
}
