// Every name of the prompt is known to ask the machine, or not to.
import { expect, it } from 'vitest'
import { connect } from '../../../src/cli/connect.js'
import { CurrentMachine } from '../../../src/cli/current-machine.js'
import { promptGlobals } from '../../../src/cli/globals.js'
import { MACHINE_NAMES } from '../../../src/notebook/graph/machine-names.js'

it('all names of the prompt but these ask the machine', () => {
  const current = new CurrentMachine('sim:metal', (spec) => connect(spec), undefined)
  try {
    const names = Object.keys(
      promptGlobals(
        current,
        () => 80,
        () => '.',
      ),
    )
    const free = names.filter((name) => !MACHINE_NAMES.has(name))
    expect(free.sort()).toEqual(['arg', 'builtin', 'chart', 'esc', 'explain', 'hex', 'whyUnknown'])
    expect([...MACHINE_NAMES].filter((name) => !names.includes(name))).toEqual(['xpv', 'sh'])
  } finally {
    current.close()
  }
})
