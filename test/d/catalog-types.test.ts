// Every argument of every probe has a D type, so that args[n] compiles wherever argn does.
import { expect, it } from 'vitest'
import { compile } from '../../src/dtrace/d/compile.js'
import { probeSpec } from '../../src/dtrace/probe/description.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import { typeNamed } from '../../src/dtrace/program/type-names.js'

it('every argument type is known', () => {
  const catalog = standardCatalog()
  const types = new Set(catalog.probes.flatMap((p) => p.args.map((a) => a.type)))
  expect([...types].filter((type) => typeNamed(type) === undefined)).toEqual([])
})

it('args[n] of every probe compiles', () => {
  const catalog = standardCatalog()
  const all = catalog.probes
    .filter((p) => p.args.length > 0)
    .map((p) => `${probeSpec(p)} { ${p.args.map((_, i) => `trace(args[${i}]);`).join(' ')} }`)
  const result = compile([{ part: 'script', text: all.join('\n') }], { catalog })
  expect(result.kind === 'errors' ? result.diagnostics : []).toEqual([])
})
