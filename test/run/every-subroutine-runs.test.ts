import { expect, it } from 'vitest'
import { SUBROUTINES } from '../../src/dtrace/program/subroutines.js'
import { subroutine } from '../../src/dtrace/run/subroutines.js'

it('what the checker accepts, the engines have; what it refuses, they have not', () => {
  const declared = [...SUBROUTINES.values()]
  expect(declared.length).toBeGreaterThan(20)
  const differing = declared.filter((s) => (subroutine(s.name) !== undefined) !== s.implemented)
  expect(differing.map((s) => s.name)).toEqual([])
})
