// Which probes a specification selects, and DTrace's words for one that selects none.
import { describe, expect, it } from 'vitest'
import { compile, type DSource } from '../../src/dtrace/d/compile.js'
import { printCompileError } from '../../src/dtrace/d/print-error.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'

interface Given {
  readonly part?: DSource['part']
  readonly macros?: readonly string[]
  readonly ids?: ReadonlyMap<string, number>
}

function compiled(text: string, { part = 'name', macros = [], ids = new Map() }: Given = {}) {
  const options = new Map([['argref', '']])
  return compile([{ part, text }], { catalog: standardCatalog(), macros, ids, options })
}

function matched(text: string, given: Given = {}): readonly string[] {
  const compilation = compiled(text, given)
  if (compilation.kind === 'errors') return [printCompileError(compilation, { errtags: true })]
  return compilation.program.clauses.flatMap((c) => c.probes.map((p) => p.name))
}

function refused(text: string, given: Given = {}): string {
  const compilation = compiled(text, given)
  if (compilation.kind === 'ok') return 'compiles'
  return printCompileError(compilation, { errtags: true }).replace(/^.*?: .*?: (?=\[)/s, '')
}

describe('a specification that is no probe is refused in DTrace’s words', () => {
  it.each([
    {
      text: 'a:b:c:d:e {}',
      said: '[D_PDESC_INVAL] invalid probe description "a:b:c:d:e": Overspecified probe description',
    },
    {
      text: 'a:b:c:d {}',
      part: 'function' as const,
      said: '[D_PDESC_INVAL] invalid probe description "a:b:c:d": Overspecified probe description',
    },
    {
      text: '12 {}',
      part: 'module' as const,
      said: '[D_PDESC_INVAL] probe identifier 12 not permitted when specifying modules',
    },
    {
      text: '987654 {}',
      said: '[D_PDESC_INVAL] invalid probe identifier 987654: Unknown probe identifier',
    },
    {
      text: '4294967296 {}',
      said: '[D_PDESC_INVAL] identifier 4294967296 exceeds maximum probe id',
    },
    {
      text: 'xpv:::$2 {}',
      said: '[D_PDESC_INVAL] invalid probe description "xpv:::$2": Undefined macro variable in probe description',
    },
    {
      text: 'xpv:::nothing {}',
      said: '[D_PDESC_ZERO] probe description xpv:::nothing does not match any probes',
    },
    {
      text: 'profile-5001 {}',
      said: '[D_PDESC_ZERO] probe description :::profile-5001 does not match any probes',
    },
    {
      text: 'tick-100us {}',
      said: '[D_PDESC_ZERO] probe description :::tick-100us does not match any probes',
    },
  ])('$text', ({ text, part, said }) => {
    expect(refused(text, part === undefined ? {} : { part })).toBe(said)
  })
})

describe('macros stand within one part', () => {
  it.each([
    { text: '$1 {}', macros: ['BEGIN'], names: ['BEGIN'] },
    { text: '$$1 {}', macros: ['END'], names: ['END'] },
    { text: 'dtrace:::$1 {}', macros: ['BEG*'], names: ['BEGIN'] },
    { text: 'tick-$1ms {}', macros: ['5'], names: ['tick-5ms'] },
    { text: 'tick-$pid {}', macros: [], names: ['tick-42'] },
  ])('$text of $macros', ({ text, macros, names }) => {
    expect(matched(text, { macros, ids: new Map([['pid', 42]]) })).toEqual(names)
  })

  it('a number or a colon in one is part of a name', () => {
    expect(refused('$1 {}', { macros: ['1'] })).toContain('description :::1 does not match')
    expect(refused('$1 {}', { macros: ['dtrace:::BEGIN'] })).toContain('[D_PDESC_ZERO]')
  })
})

it('each part takes globs, on the command line and with a predicate', () => {
  expect(matched('dtrace:::[BE]* /1/ {}')).toEqual(['BEGIN', 'END', 'ERROR'])
  expect(matched('dtrace:::?[!R]* {}')).toEqual(['BEGIN', 'END'])
  expect(matched('d*race', { part: 'provider' })).toEqual(['BEGIN', 'END', 'ERROR'])
  expect(matched('x?t:s*d /pid/ {}', { part: 'module' })).toContain('on-cpu')
})
