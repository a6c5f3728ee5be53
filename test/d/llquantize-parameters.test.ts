// The parameters of llquantize() and lquantize(), by the rules and tags of each dialect.
// Expected tags: dt_cc.c of illumos and dt_cg.c of Linux.
import { expect, it } from 'vitest'
import { compile } from '../../src/dtrace/d/compile.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'

function tag(body: string, dialect: string): string | undefined {
  const text = `BEGIN { ${body}; }`
  const options = new Map([['dialect', dialect]])
  const result = compile([{ part: 'script', text }], { catalog: standardCatalog(), options })
  return result.kind === 'ok' ? undefined : result.diagnostics[0]?.tag
}

const of = (...parameters: readonly (number | string)[]): string =>
  `@ = llquantize(1, ${parameters.join(', ')})`

const twice = (a: readonly number[], b: readonly number[]): string => `${of(...a)}; ${of(...b)}`

it.each([
  [of(10, 0, 3, 10), undefined, undefined],
  [of('i', 0, 3, 10), 'D_LLQUANT_FACTORTYPE', 'D_LLQUANT_FACTORTYPE'],
  [of(65536, 0, 3, 10), 'D_LLQUANT_FACTORVAL', 'D_LLQUANT_FACTORVAL'],
  [of(1, 0, 3, 10), 'D_LLQUANT_FACTORSMALL', 'D_LLQUANT_FACTORVAL'],
  [of(10, 'i', 3, 10), 'D_LLQUANT_LOWTYPE', 'D_LLQUANT_LMAGTYPE'],
  [of(10, -1, 3, 10), 'D_LLQUANT_LOWVAL', 'D_LLQUANT_LMAGVAL'],
  [of(10, 0, 'i', 10), 'D_LLQUANT_HIGHTYPE', 'D_LLQUANT_HMAGTYPE'],
  [of(10, 0, 65536, 10), 'D_LLQUANT_HIGHVAL', 'D_LLQUANT_HMAGVAL'],
  [of(10, 3, 2, 10), 'D_LLQUANT_MAGRANGE', 'D_LLQUANT_HMAGVAL'],
  [of(10, 3, 3, 10), 'D_LLQUANT_MAGRANGE', undefined],
  [of(10, 0, 17, 10), undefined, undefined],
  [of(10, 0, 18, 10), 'D_LLQUANT_MAGTOOBIG', undefined],
  [of(10, 0, 19, 10), 'D_LLQUANT_MAGTOOBIG', 'D_LLQUANT_HMAGVAL'],
  [of(10, 0, 3, 'i'), 'D_LLQUANT_NSTEPTYPE', 'D_LLQUANT_STEPTYPE'],
  [of(10, 0, 3, 65536), 'D_LLQUANT_NSTEPVAL', 'D_LLQUANT_STEPVAL'],
  [of(10, 0, 3, 0), 'D_LLQUANT_FACTORNSTEPS', 'D_LLQUANT_STEPTYPE'],
  [of(10, 0, 3, 5), 'D_LLQUANT_FACTORNSTEPS', undefined],
  [of(10, 0, 3, 3), 'D_LLQUANT_FACTORNSTEPS', 'D_LLQUANT_STEPVAL'],
  [of(10, 0, 3, 15), 'D_LLQUANT_FACTOREVEN', 'D_LLQUANT_STEPVAL'],
  [of(10, 0, 3, 30), 'D_LLQUANT_FACTOREVEN', 'D_LLQUANT_STEPVAL'],
  [of(10, 0, 3, 1000), undefined, 'D_LLQUANT_STEPVAL'],
  [of(10, 2, 3, 1000), undefined, undefined],
  [of(10, 1, 3, 1000), undefined, 'D_LLQUANT_STEPVAL'],
  [twice([10, 0, 3, 10], [2, 0, 3, 10]), 'D_LLQUANT_FACTOREVEN', 'D_LLQUANT_STEPVAL'],
  [twice([10, 0, 3, 10], [2, 0, 3, 2]), 'D_LLQUANT_FACTORMATCH', 'D_LLQUANT_MATCHFACTOR'],
  [twice([10, 0, 3, 10], [10, 1, 3, 10]), 'D_LLQUANT_LOWMATCH', 'D_LLQUANT_MATCHLMAG'],
  [twice([10, 0, 3, 10], [10, 0, 4, 10]), 'D_LLQUANT_HIGHMATCH', 'D_LLQUANT_MATCHHMAG'],
  [twice([10, 0, 3, 10], [10, 0, 3, 20]), 'D_LLQUANT_NSTEPMATCH', 'D_LLQUANT_MATCHSTEPS'],
  [of(10, 0, 3, 10, 1, 2), 'D_PROTO_LEN', 'D_PROTO_LEN'],
  [of(10, 0, 3, 10, '"a"'), 'D_PROTO_ARG', 'D_PROTO_ARG'],
  ['@ = lquantize(1, 5, 5)', 'D_LQUANT_STEPLARGE', 'D_LQUANT_MISMATCH'],
  ['@ = lquantize(1, 5, 4)', 'D_LQUANT_MISMATCH', 'D_LQUANT_MISMATCH'],
] as const)('%s', (body, illumos, linux) => {
  const declared = body.includes('i,') || body.includes('i)') ? `i = 3; ${body}` : body
  expect(tag(declared, 'illumos')).toBe(illumos)
  expect(tag(declared, 'linux')).toBe(linux)
})
