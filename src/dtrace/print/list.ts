// The listing of `dtrace -l`: one line a probe under ID PROVIDER MODULE FUNCTION NAME, and with -v
// its arguments.
//
// Source: illumos dtrace.c, `"%5s %10s %17s %33s %s\n"`; it prints the head even when nothing
// matched.
import type { ProbeDescription } from '../probe/description.js'
import { pad } from './pad.js'

/** The head and a line for each probe, each with its newline. `verbose` adds argument types. */
export function printProbeList(probes: readonly ProbeDescription[], verbose = false): string {
  const head = listLine('ID', 'PROVIDER', 'MODULE', 'FUNCTION', 'NAME')
  const lines = probes.map((p) => {
    const line = listLine(String(p.id), p.provider, p.module, p.function, p.name)
    return verbose ? line + argumentTypes(p) : line
  })
  return head + lines.join('')
}

function listLine(...[id, provider, module, fn, name]: [string, string, string, string, string]) {
  const columns = [pad(id, 5, 'right'), pad(provider, 10, 'right'), pad(module, 17, 'right')]
  return `${columns.join(' ')} ${pad(fn, 33, 'right')} ${name}\n`
}

/** The part of -v that a recording knows: types, and the names DTrace has none of. Stability
 *  attributes, which DTrace prints above it, are not ours to state. */
function argumentTypes(probe: ProbeDescription): string {
  const lines = probe.args.map(
    (arg, i) => `\t\targs[${i}]: ${arg.type}${arg.name === '' ? '' : ` ${arg.name}`}\n`,
  )
  return `\n\tArgument Types\n${lines.length === 0 ? '\t\tNone\n' : lines.join('')}\n`
}
