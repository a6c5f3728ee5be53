// Random hosts: chips and buses, a few of each or very many, with numbers that have gaps and parts
// that miss, and properties that rules may ask for.

import { privateGroup, Topology, type TopoPart } from '../../../src/fma/topo/topology.js'
import type { Dice } from '../../d/source-maker.js'

const BELOW: Readonly<Record<string, string>> = {
  chip: 'core',
  core: 'strand',
  bus: 'dev',
  dev: 'fn',
  fn: 'bus',
}

/** A host of one board, or of none. */
export function randomTopology(dice: Dice): Topology {
  const most = dice.of([2, 3, 3, 4, 40])
  const roots = ['chip', 'bus'].flatMap((name) => siblings(name, { dice, most, deep: 0 }))
  if (dice.below(10) === 0) return new Topology(roots)
  return new Topology([{ name: 'motherboard', id: 0, children: roots }])
}

interface Making {
  readonly dice: Dice
  readonly most: number
  readonly deep: number
}

function siblings(name: string, { dice, most, deep }: Making): readonly TopoPart[] {
  const count = deep > 6 ? 0 : deep === 1 ? dice.below(most + 1) : dice.below(Math.min(most, 3) + 1)
  const gap = 1 + dice.below(2)
  return Array.from({ length: count }, (_, i) => {
    const below = BELOW[name]
    const children =
      below === undefined ? [] : siblings(below, { dice, most: Math.min(most, 8), deep: deep + 1 })
    return { name, id: i * gap, children, ...extras(name, i, dice) }
  })
}

function extras(name: string, i: number, dice: Dice): Partial<TopoPart> {
  if (dice.below(3) > 0) return {}
  const properties = [
    { name: 'type', type: 'string' as const, value: dice.of(['x', 'y']) },
    { name: 'n', type: 'uint32' as const, value: BigInt(i) },
    { name: 'connected', type: 'string' as const, value: 'motherboard0/chip0' },
    { name: 'serd_x_s0_n', type: 'string' as const, value: dice.of(['0', '2', '', 'x']) },
  ]
  const label = dice.below(2) === 0 ? `${name.toUpperCase()}${i}` : undefined
  return {
    label,
    groups: [privateGroup('x', properties)],
    ...(name === 'strand' ? { asru: { scheme: 'cpu', cpuid: i } as const } : {}),
  }
}
