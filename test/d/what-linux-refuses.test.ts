// Mistakes that only one of the two DTraces finds, or finds elsewhere in the text.
//
// Expected tags: libdtrace of dtrace-utils, dt_parser.c (dt_cook_op2, dt_cook_op3, dt_node_func),
// dt_cg.c (dt_cg_store_var, dt_cg_subr_bcopy_impl, dt_cg_subr_inet_ntoa6, dt_cg_call_subr).
import { describe, expect, it } from 'vitest'
import { compile } from '../../src/dtrace/d/compile.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'

const catalog = standardCatalog()

function on(dialect: string, text: string): readonly (string | undefined)[] {
  const options = new Map([['dialect', dialect]])
  const result = compile([{ part: 'script', text, file: 'test.d' }], { catalog, options })
  return result.kind === 'ok' ? [] : result.diagnostics.map((d) => d.tag)
}

describe('addresses of scratch memory', () => {
  it.each([
    ['one of two', 'BEGIN { a = (char *)alloca(1); a = a == NULL ? (char *)50 : a; }'],
    ['one after another', 'BEGIN { b = (char *)50; b = (char *)alloca(1); }'],
  ])('%s: Linux refuses it', (_name, text) => {
    expect(on('linux', text)).toEqual(['D_ALLOCA_INCOMPAT'])
    expect(on('illumos', text)).toEqual([])
  })

  it('NULL is no other address', () => {
    expect(on('linux', 'BEGIN { b = (char *)alloca(1); b = NULL; b = 0; }')).toEqual([])
  })

  it('bcopy() writes to nothing else', () => {
    const text = 'BEGIN { s = (string)alloca(9); bcopy(probename, s, 5); }'
    expect(on('linux', text)).toEqual(['D_PROTO_ARG'])
    expect(on('linux', 'BEGIN { p = alloca(9) ; bcopy(probename, (char *)p + 1, 5); }')).toEqual([])
  })
})

it('elements beyond the end of a translated array', () => {
  const text = (index: number) => `struct out { char name[8]; };
    translator struct out < int n > { name = probename; };
    BEGIN { trace(xlate <struct out> (1).name[${index}]); }`
  expect(on('linux', text(7))).toEqual([])
  expect(on('linux', text(8))).toEqual(['D_ARR_BOUNDS'])
  expect(on('illumos', text(8))).toEqual([])
})

it.each([
  ['a choice that is no constant', 'BEGIN { n = 1; trace(inet_ntoa6(0, n)); }', 'D_PROTO_ARG'],
  ['an aggregating function alone', 'BEGIN { avg(1); }', 'D_CG_EXPR'],
])('%s', (_name, text, tag) => {
  expect(on('linux', text)).toEqual([tag])
})

describe.each(['illumos', 'linux'])('%s', (dialect) => {
  it.each([
    ['x += 1 makes no variable', 'BEGIN { x += 1; }', 'D_VAR_UNDEF'],
    ['a number is no function', 'BEGIN { @ = tick-1(); }', 'D_FUNC_IDENT'],
    ['a bracket is open where the predicate ends', 'BEGIN /rand(/ { }', 'D_SYNTAX'],
    [
      'a declaration before a mistake of syntax is told first',
      'struct a { struct b c; } x; BEGIN { 1(2); }',
      'D_DECL_INCOMPLETE',
    ],
  ])('%s', (_name, text, tag) => {
    expect(on(dialect, text)[0]).toBe(tag)
  })
})

it('structures of networks are there unless a source has its own', () => {
  const sizes = 'trace(sizeof (struct in6_addr)); trace(sizeof (struct in_addr));'
  expect(on('linux', `BEGIN { ${sizes} }`)).toEqual([])
  const own = 'struct in6_addr { char c; }; struct in6_addr mine;'
  expect(on('linux', `${own} BEGIN { mine.c = 1; ${sizes} trace(mine.c); }`)).toEqual([])
})
