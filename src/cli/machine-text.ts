// A machine in words, as the banner and `open()` show it.
import type { MachineSnapshot } from '../machine/machine.js'

/** One line on a machine, and one on each of its inputs. */
export function describeMachine(snapshot: MachineSnapshot): string {
  const xen = snapshot.xenVersion.kind === 'known' ? ` (Xen ${snapshot.xenVersion.value})` : ''
  const inputs = snapshot.inputs.map(({ path, note }) => `  ${path}${note ? `: ${note}` : ''}`)
  return [`${snapshot.title}${xen}`, ...inputs].join('\n')
}
