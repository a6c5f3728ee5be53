// What constraints come to, one by one: values, operators, functions; by whether a fault that
// depends on them is diagnosed. Expectations are of illumos-gate
// usr/src/cmd/fm/modules/common/eversholt/eval.c.
import { describe, expect, it } from 'vitest'
import { fmriToNvlist } from '../../../src/fma/event/fmri.js'
import { nv, nvlist } from '../../../src/fma/event/nvlist.js'
import { privateGroup, type TopoProperty } from '../../../src/fma/topo/topology.js'
import { board, pairsOf, part, rulesOf, Scenario } from './scenario.js'

const PROPERTIES: readonly TopoProperty[] = [
  { name: 'text', type: 'string', value: 'abc' },
  { name: 'number', type: 'uint32', value: 0x1a0n },
  { name: 'minus', type: 'int32', value: -1n },
  { name: 'list', type: 'string[]', value: ['one', 'two'] },
  { name: 'numbers', type: 'uint32[]', value: [1n, 2n] },
  { name: 'CLASS-CODE', type: 'string', value: '60400' },
  { name: 'type', type: 'string', value: 'big' },
  { name: 'on', type: 'string', value: 'yes' },
  { name: 'connected', type: 'string', value: 'other0, motherboard0/chip1' },
  { name: 'serd_x_slow_n', type: 'string', value: '0' },
]
const CHIP = { ...part('chip0', part('core2')), groups: [privateGroup('x', PROPERTIES)] }
const HOST = board(CHIP, part('chip1', part('core2')))

const RESOURCE = fmriToNvlist({ scheme: 'hc', path: pairsOf('chip0'), physaddr: 0x1000n })
const PAYLOAD = {
  number: nv.uint64(0xffff_ffff_ffff_ffffn),
  small: nv.int8(-1),
  text: nv.string('0x10'),
  yes: nv.boolean(true),
  words: nv.strings(['a', 'b']),
  resource: nv.lists([RESOURCE]),
  where: nv.list(RESOURCE),
  nested: nv.list(nvlist({ inner: nv.uint8s([7, 8]) })),
}

/** Whether a fault of a core is diagnosed when it depends on something. */
function holds(constraint: string): boolean {
  const rules = rulesOf(`
    event fault.x.it@chip/core;
    event fault.x.other@chip/core;
    event ereport.x.it@chip/core;
    prop fault.x.it@chip[c]/core[k] (0)-> ereport.x.it@chip[c]/core[k] { ${constraint} };
    prop fault.x.other@chip/core (0)-> ereport.x.it@chip/core;`)
  const scenario = new Scenario(rules, HOST)
  scenario.send('ereport.x.it', 'chip0/core2', PAYLOAD)
  const [suspects = []] = scenario.suspects()
  expect(suspects.some((one) => one.includes('fault.x.other'))).toBe(true)
  return suspects.some((one) => one.includes('fault.x.it'))
}

describe('hold', () => {
  it.each([
    'c == 0 && k == 2',
    '(c << 8 | k << 3 | 1) == 17',
    'k + 1 == 3',
    '~0 == payloadprop("number")',
    'k * 4 - 8 == 0',
    '7 div 2 == 3 && 7 % 4 == 3 && 7 / 2 == 3',
    '1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3 && 1 != 2 && (5 ^ 1) == 4 && (5 & 4) == 4',
    '0 || 1',
    '!0',
    'c == 1 ? 0 : 1',
    'confprop(chip[c], "text") == "abc"',
    'confprop(chip[c], "number") == 416',
    'confprop(chip[c], "number") == "0x1a0"',
    'confprop(chip[c], "minus") == "0xffffffffffffffff"',
    'confprop(chip[c], "list") == "one two"',
    'confprop(chip[c], "missing") == ""',
    'confprop(chip[c], "class-code") == "60400"',
    'confprop(chip[c]/core[7], "text") == ""',
    'confprop_defined(chip[c], "text")',
    'is_under(chip[c], chip[c]/core[k])',
    'is_under(asru(chip[c]), fru(chip[c]))',
    'is_present(chip[c]/core[k])',
    'is_type(chip[c]) == "big"',
    'is_on(chip[c])',
    'is_connected(chip[c], chip[c])',
    'payloadprop("number") == 18446744073709551615',
    'payloadprop("small") == payloadprop("number")',
    'payloadprop("text") == 16',
    'payloadprop("text") + 1 == 17',
    'payloadprop("yes")',
    'payloadprop("words[1]") == "b"',
    'payloadprop("words [ 1 ]") == "b"',
    'payloadprop("nested.inner[0]") == 7',
    'payloadprop("resource[0].hc-specific.physaddr") == 4096',
    'payloadprop("where") == asru(chip[c])',
    'payloadprop("resource[0]") == "motherboard0/chip0"',
    'payloadprop("class") == "ereport.x.it"',
    'payloadprop("detector") == asru(chip[c]/core[k])',
    'payloadprop_defined("resource")',
    'payloadprop_contains("words", "b")',
    'payloadprop_contains("resource", asru(chip[c]))',
    'payloadprop_contains("small", payloadprop("number"))',
    'cat("a", "b", 255) == "abff"',
    '$a = 5, $a == 5',
    '$b == k, $b + 1 == 3, defined($b)',
    '!defined($c)',
    'within(5s)',
    'count(stat.x.never@chip[c]) == 0',
    'has_fault(chip[c], "") == 0',
    'setserdn(3)',
    'setserdsuffix("a") && setserdt(1h) && setserdincrement(2) && setpayloadprop("lba", 3)',
    // What cannot be known yet is not held against anybody.
    '$d == 5 || 1',
    '$never + 1 == 2',
  ])('%s', (constraint) => expect(holds(constraint)).toBe(true))
})

describe('fail', () => {
  it.each([
    'c == 1',
    '0',
    'confprop(chip[c], "missing") == 0 && 0',
    'confprop_defined(chip[c], "numbers")',
    'confprop_defined(chip[c]/core[7], "text")',
    'is_under(chip[c]/core[k], chip[c])',
    'is_present(chip[c]/core[7])',
    'is_on(chip[c]/core[k])',
    'payloadprop("missing")',
    // What is undefined is neither this nor that.
    'payloadprop("missing") == 1',
    'payloadprop("missing") != 1',
    'payloadprop("words") == "a"',
    'payloadprop("words[2]") == ""',
    'payloadprop_defined("nested.outer")',
    'payloadprop_contains("words", "c")',
    'payloadprop_contains("missing", 1)',
    '0 - 1',
    '1 div 0',
    '1 % 0',
    'call("nobody", 1) == ""',
    '$e = 0, $e',
  ])('%s', (constraint) => expect(holds(constraint)).toBe(false))
})
