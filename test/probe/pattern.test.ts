import { describe, expect, it } from 'vitest'
import type { ProbeDescription, ProbeId } from '../../src/dtrace/probe/description.js'
import { parsePattern, patternMatcher } from '../../src/dtrace/probe/pattern.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'

const probe = (id: number, spec: string): ProbeDescription => {
  const [provider = '', module = '', fn = '', name = ''] = spec.split(':')
  return { id: id as ProbeId, provider, module, function: fn, name, args: [] }
}

const PROBES = [
  probe(1, 'dtrace:::BEGIN'),
  probe(6298, 'xpv:privcmd:privcmd_HYPERVISOR_event_channel_op:evtchn-op-start'),
  probe(6314, 'xpv:privcmd:privcmd_HYPERVISOR_domctl:dom-create-start'),
  probe(6313, 'xpv:privcmd:privcmd_HYPERVISOR_domctl:dom-create-end'),
  probe(7001, 'xdt:sched::off-cpu'),
  probe(7003, 'xdt:sched::on-cpu'),
]

const idsOf = (text: string): readonly number[] => {
  const pattern = parsePattern(text)
  if (pattern === 'overspecified') throw new Error(`${text} is overspecified`)
  return PROBES.filter(patternMatcher(pattern)).map((p) => p.id)
}

describe('a probe description selects', () => {
  it.each([
    { text: 'BEGIN', ids: [1], why: 'one part is the name' },
    { text: 'privcmd_HYPERVISOR_domctl:', ids: [6314, 6313], why: 'two parts: function, any name' },
    { text: 'privcmd::', ids: [6298, 6314, 6313], why: 'three parts: module' },
    { text: 'xpv:::', ids: [6298, 6314, 6313], why: 'empty parts match all' },
    { text: '', ids: [1, 6298, 6314, 6313, 7001, 7003], why: 'nothing matches all' },
    { text: ':::', ids: [1, 6298, 6314, 6313, 7001, 7003], why: 'four empty parts match all' },
    { text: 'xdt:::on-cpu', ids: [7003], why: 'provider and name' },
    { text: 'xdt:sched::o*-cpu', ids: [7001, 7003], why: 'star' },
    { text: 'on?cpu', ids: [7003], why: 'question mark is one character' },
    { text: 'o?-cpu', ids: [7003], why: 'and not two' },
    { text: 'x[dp][tv]:::*-start', ids: [6298, 6314], why: 'sets' },
    { text: 'xdt:::o[!n]*', ids: [7001], why: 'a set that is not' },
    { text: 'dom-create-[a-m]*', ids: [6313], why: 'a range' },
    { text: '*domctl*:dom-*', ids: [6314, 6313], why: 'globs in two parts' },
    { text: 'off\\-cpu', ids: [7001], why: 'a backslash quotes' },
    { text: 'On-cpu', ids: [], why: 'case counts' },
    { text: 'cpu', ids: [], why: 'a part matches whole' },
    { text: '6314', ids: [6314], why: 'a number is an id' },
    { text: '63', ids: [], why: 'a whole id' },
  ])('$text: $why', ({ text, ids }) => expect(idsOf(text)).toEqual(ids))
})

describe('dtrace(8) options give the last part', () => {
  it.each([
    { text: 'xpv', last: 'provider', parts: ['xpv', '', '', ''] },
    { text: 'privcmd', last: 'module', parts: ['', 'privcmd', '', ''] },
    { text: 'xpv:privcmd', last: 'module', parts: ['xpv', 'privcmd', '', ''] },
    { text: 'a:b', last: 'function', parts: ['', 'a', 'b', ''] },
  ] as const)('$last $text', ({ text, last, parts }) => {
    const pattern = parsePattern(text, last)
    if (pattern === 'overspecified') throw new Error('overspecified')
    const { provider, module, function: fn, name } = pattern
    expect([provider, module, fn, name]).toEqual(parts)
  })

  it.each([
    { text: 'a:b:c:d:e', last: 'name' },
    { text: 'a:b:c:d', last: 'function' },
    { text: 'a:b:c', last: 'module' },
    { text: 'a:b', last: 'provider' },
  ] as const)('more parts than $last allows: $text', ({ text, last }) => {
    expect(parsePattern(text, last)).toBe('overspecified')
  })

  it('takes digits for a name part, not an id, where only -n and -i take ids', () => {
    expect(parsePattern('6314', 'function')).toMatchObject({ function: '6314' })
  })
})

describe('the catalog', () => {
  const matched = (text: string): readonly string[] => {
    const pattern = parsePattern(text)
    if (pattern === 'overspecified') throw new Error(text)
    return standardCatalog()
      .match(pattern)
      .map((p) => `${p.provider}:${p.name}`)
  }

  it('makes a profile probe that is asked for by name', () => {
    expect(matched('tick-7ms')).toEqual(['profile:tick-7ms'])
    expect(matched('profile:::profile-123')).toEqual(['profile:profile-123'])
  })

  it.each(['tick-0', 'tick-x', 'xdt:::tick-7ms', 'profile:::tick-*x', '999999'])(
    'makes none for %s',
    (text) => expect(matched(text)).toEqual([]),
  )

  it('has the same id for a probe that is asked for twice', () => {
    const catalog = standardCatalog()
    const pattern = parsePattern('tick-7ms')
    if (pattern === 'overspecified') throw new Error('overspecified')
    const [first] = catalog.match(pattern)
    expect(catalog.match(pattern)).toEqual([first])
    expect(catalog.byId(first?.id ?? -1)).toBe(first)
  })

  it('lists ids that ascend, BEGIN END ERROR first', () => {
    const ids = standardCatalog().probes.map((p) => p.id)
    expect(ids.slice(0, 3)).toEqual([1, 2, 3])
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
    expect(new Set(ids).size).toBe(ids.length)
  })
})
