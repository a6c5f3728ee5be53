// Commands of dom0 are subcommands: what is told apart by name is there to be run.
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { dom0Commands } from '../../src/cli/dom0.js'
import { DOM0_COMMANDS } from '../../src/cli/dom0-names.js'

it('every command of dom0 is a subcommand, and the other way round', () => {
  const names = dom0Commands(() => createSimulator()).map(({ name }) => name)
  expect(names.sort()).toEqual([...DOM0_COMMANDS].sort())
})
