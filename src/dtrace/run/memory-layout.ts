// Where a program's own memory lies, settled before it runs: its string constants, and the global
// and clause-local variables that are held by their address.
//
// Holds: the same program has the same addresses in every run and in both engines.
import { toBytes } from '../../base/byte-text.js'
import { sizeOf } from '../program/layout.js'
import type { Program, Variable } from '../program/program.js'
import { isByAddress } from '../program/types.js'
import { align8, type RegionName, regionBase } from './region.js'
import { expressionsOf } from './walk.js'

/** Addresses that never change, and how much room they take. */
export interface MemoryLayout {
  /** The address of a variable's storage, by its id: of those that have one of their own. */
  readonly variables: ReadonlyMap<number, number>
  /** The address of a constant's first byte. */
  readonly constants: ReadonlyMap<string, number>
  /** All constants, each ended by a 0. */
  readonly constantBytes: string
  readonly globalBytes: number
  readonly localBytes: number
  /** Whether clauses may take scratch memory. */
  readonly scratch: boolean
}

/** Whether each element of a variable, or each thread's, is a block of memory. */
export function isBlock(variable: Variable): boolean {
  return isByAddress(variable.type) && (variable.scope === 'self' || variable.keys !== undefined)
}

/** Lays out a program's memory. */
export function layOut(program: Program): MemoryLayout {
  const variables = new Map<number, number>()
  const placed = (scope: 'global' | 'this', region: RegionName): number => {
    let top = 0
    for (const v of program.variables) {
      if (v.scope !== scope || !isByAddress(v.type) || isBlock(v)) continue
      variables.set(v.id, regionBase(region) + top)
      top += align8(sizeOf(v.type))
    }
    return top
  }
  const globalBytes = placed('global', 'globals')
  const localBytes = placed('this', 'locals')
  return { variables, globalBytes, localBytes, ...constantsOf(program), scratch: takes(program) }
}

function constantsOf(program: Program): Pick<MemoryLayout, 'constants' | 'constantBytes'> {
  const constants = new Map<string, number>()
  let constantBytes = ''
  for (const clause of program.clauses) {
    for (const e of expressionsOf(clause)) {
      if (e.kind !== 'address-of-string' || e.operand.kind !== 'string') continue
      const { value } = e.operand
      if (constants.has(value)) continue
      constants.set(value, regionBase('constants') + constantBytes.length)
      constantBytes += `${toBytes(value)}\0`
    }
  }
  return { constants, constantBytes }
}

const TAKING: ReadonlySet<string> = new Set(['alloca', 'copyin'])

function takes(program: Program): boolean {
  for (const clause of program.clauses) {
    for (const e of expressionsOf(clause)) {
      if (e.kind === 'address-of-string' && e.operand.kind !== 'string') return true
      if (e.kind === 'call' && TAKING.has(e.name)) return true
    }
  }
  return false
}
