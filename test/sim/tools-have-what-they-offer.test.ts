// What Tab offers after xm and xl is there: each name is a command of the tool, on the machines that
// have the tool, and every command of it is offered.
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { toolstackCommands } from '../../src/session/commands/toolstack.js'
import { Traces } from '../../src/session/traces.js'

const UNKNOWN = /Subcommand .* not found|command not implemented|command not found/

it.each([
  { era: 'xvm-3.1', tool: 'xm', other: 'xl' },
  { era: 'xen-4.17', tool: 'xl', other: 'xm' },
])('$era: $tool', ({ era, tool, other }) => {
  const machine = createSimulator({ era })
  const names = machine.toolCommands(tool)
  expect(names).toEqual(expect.arrayContaining(['create', 'destroy', 'help', 'list', 'vcpu-pin']))
  for (const name of names) {
    expect(machine.command([tool, name]).stderr, name).not.toMatch(UNKNOWN)
  }
  expect(machine.command([tool, 'nonsense']).stderr).toMatch(UNKNOWN)
  expect(machine.toolCommands(other)).toEqual([])
  const host = { machine: () => machine, traces: new Traces() }
  const command = toolstackCommands(host).find((each) => each.name === tool)
  expect(command?.complete?.([])).toEqual(names)
  expect(command?.complete?.(['destroy'])).toEqual(['Domain-0'])
  expect(command?.complete?.(['create'])).toEqual(machine.files.under('/etc/xen/'))
})
