// The listing of `dtrace -l`: one line a probe under ID PROVIDER MODULE FUNCTION NAME, and with -v
// its arguments.
//
// Source: illumos dtrace.c, `"%5s %10s %17s %33s %s\n"`; it prints the head even when nothing
// matched.
import type { ProbeDescription } from '../probe/description.js'
import { providerStability } from '../program/provider-stability.js'
import { leastStability, stabilityLines } from '../program/stability.js'
import { pad } from './pad.js'

/** The head and a line for each probe, each with its newline. `verbose` adds argument types. */
export function printProbeList(probes: readonly ProbeDescription[], verbose = false): string {
  const head = listLine('ID', 'PROVIDER', 'MODULE', 'FUNCTION', 'NAME')
  const lines = probes.map((p) => {
    const line = listLine(String(p.id), p.provider, p.module, p.function, p.name)
    return verbose ? line + probeReport(p) : line
  })
  return head + lines.join('')
}

function listLine(...[id, provider, module, fn, name]: [string, string, string, string, string]) {
  const columns = [pad(id, 5, 'right'), pad(provider, 10, 'right'), pad(module, 17, 'right')]
  return `${columns.join(' ')} ${pad(fn, 33, 'right')} ${name}\n`
}

/** What -v says of a probe below its line: how stable its description and arguments are, and their
 *  types, with names where DTrace has none. */
export function probeReport(probe: ProbeDescription): string {
  const { args, provider, module, function: func, name } = providerStability(probe.provider)
  const parts = [provider, ...(probe.module === '' ? [] : [module])]
  if (probe.function !== '') parts.push(func)
  const description = parts.reduce(leastStability, name)
  return (
    `\n\tProbe Description Attributes\n${stabilityLines(description)}` +
    `\n\tArgument Attributes\n${stabilityLines(args)}${argumentTypes(probe)}`
  )
}

function argumentTypes(probe: ProbeDescription): string {
  const lines = probe.args.map(
    (arg, i) => `\t\targs[${i}]: ${arg.type}${arg.name === '' ? '' : ` ${arg.name}`}\n`,
  )
  return `\n\tArgument Types\n${lines.length === 0 ? '\t\tNone\n' : lines.join('')}\n`
}
