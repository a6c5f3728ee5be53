// The text of a whole program: what it links to, the columns it reads, the loop, and a case for
// each route.
import { assert } from '../../base/assert.js'
import type { StringPool } from '../aggregate/key-layout.js'
import { variableArity } from './cells.js'
import type { EngineParts } from './engine.js'
import { writeClause } from './generate-clause.js'
import type { Assumptions, Linkage, VariablePlan } from './linkage.js'
import { NOW } from './lower-builtin.js'
import { unsoughtRows, zeroOf } from './lower-variable.js'
import { Lowering } from './lowering.js'
import { PRELUDE } from './prelude.js'
import type { Routes } from './routes.js'

/** The body of a function of H (host functions and tables), A (aggregations), V (variables) and K
 *  (constants) that yields `run(batch, from, to)`. */
export function writeProgram(
  parts: EngineParts,
  given: {
    readonly link: Linkage
    readonly pool: StringPool
    readonly assume: Assumptions
    readonly plans: readonly VariablePlan[]
    readonly routes: Routes
  },
): string {
  const lowering = new Lowering(parts, given)
  const cases = given.routes.routes.map((slots, route) =>
    route === 0 ? '' : `case ${route}: {\n${writeRoute(lowering, parts, given, slots)}break;\n}`,
  )
  return [
    `'use strict';`,
    ...links(parts, given),
    'return function run(batch, from, to) {',
    ...columns(given.link),
    'for (let i = from; i < to; i++) {',
    'const p = probe[i], j = 2 * i;',
    `switch (routeOf[p]) {${cases.join('\n')}\n}`,
    '}',
    'return to;',
    '}',
  ].join('\n')
}

function writeRoute(
  lowering: Lowering,
  parts: EngineParts,
  { plans, routes }: { plans: readonly VariablePlan[]; routes: Routes },
  slots: readonly number[],
): string {
  const { memory } = lowering
  const locals = plans.filter(
    ({ variable }) => variable.scope === 'this' && !memory.variables.has(variable.id),
  )
  const fresh = locals.map((plan) => `let t${plan.variable.id} = ${zeroOf(plan)};\n`)
  const clauses = slots.map((slot) => {
    const clause = parts.program.clauses[routes.slots[slot]?.clause ?? -1]
    assert(clause !== undefined, `no clause in slot ${slot}`)
    const text = writeClause(lowering, { parts, plans }, clause, slot)
    return memory.scratch ? `mem.beginClause();\n${text}` : text
  })
  if (memory.localBytes > 0) fresh.unshift('mem.beginFiring();\n')
  const rows = unsoughtRows(plans).map((unsought) => `let ${unsought};\n`)
  const text = [...fresh, ...rows, ...clauses].join('')
  // Each clause has the same time, and each conversion two divisions.
  const now = parts.clock.hz === 1e9 ? 'ticks[i]' : 'toNs(ticks[i])'
  return lowering.takeTimeRead() ? `const ${NOW} = ${now};\n${text}` : text
}

function links(
  { program }: EngineParts,
  { routes, plans }: { routes: Routes; plans: readonly VariablePlan[] },
): string[] {
  const tables = ['routeOf', 'probeprov', 'probemod', 'probefunc', 'probename', 'epids', 'places']
  const own = [
    'effects',
    'pool',
    'toNs',
    'cut',
    'call',
    'mem',
    'blockOf',
    'copyBlock',
    'compareNullable',
  ]
  const names = [...Object.keys(PRELUDE), ...own, ...tables]
  return [
    `const { ${names.join(', ')} } = H;`,
    'const N = V.numbers, B = V.bigs, S = V.texts;',
    'const wide = new BigInt64Array(1), words = new Int32Array(wide.buffer);',
    ...program.aggregations.map((_, id) => `const A${id} = A[${id}], C${id} = A${id}.column;`),
    ...plans
      .filter((plan) => variableArity(plan.variable) > 0)
      .map(({ variable: { id } }) => `const T${id} = V.tables[${id}];`),
    ...routes.slots.map(
      (_, slot) => `const P${slot} = places[${slot}], e${slot} = epids[${slot}];`,
    ),
  ]
}

function columns(link: Linkage): string[] {
  const plain = [...link.columns].filter((name) => name !== 'strings')
  const temporaries = ['n = 0', 'r = 0', ...link.temporaries]
  return [
    'const probe = batch.probe;',
    ...plain.map((name) => `const ${name} = batch.${name};`),
    ...[...link.args].map((n) => `const w${n} = batch.argWords[${n}], a${n} = batch.args[${n}];`),
    link.columns.has('strings') ? 'const strings = batch.strings;' : '',
    link.columns.has('strings') ? 'const codes = pool.translate(strings);' : '',
    `let ${temporaries.join(', ')};`,
  ]
}
