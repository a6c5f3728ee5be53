// Tab in Eversholt: what may stand there, and nothing else.
import { expect, it } from 'vitest'
import { FUNCTIONS } from '../../../src/fma/eversholt/check-call.js'
import { compileRules } from '../../../src/fma/eversholt/compile.js'
import { knownHeader } from '../../../src/fma/eversholt/known-headers.js'
import { completeEsc } from '../../../src/session/esc/complete-esc.js'
import { codeTokens } from '../../../src/session/highlight/code-tokens.js'
import { escStretches } from '../../../src/session/highlight/esc-stretches.js'
import { stretchesOf } from '../../../src/session/highlight/stretches.js'
import { languageAssist } from '../../../src/session/language-assist.js'
import { plainSession } from '../plain-session.js'

const PARTS = ['motherboard', 'chip', 'core', 'cpu', 'memory-controller', 'dimm']
const DECLARED = 'engine serd.site.x@chip/core, N=3, T=72h;\nevent ereport.site.y@chip;\n'

/** The first proposals, put in their place. */
const complete = (text: string, most = 4): readonly string[] =>
  completeEsc(text, 7, () => PARTS)
    .slice(0, most)
    .map(({ text: word, start }) => `${text.slice(0, start - 7)}${word}`)

it.each<[text: string, found: readonly string[]]>([
  ['', ['event', 'engine', 'prop', 'mask']],
  ['ev', ['event']],
  ['event fault.x@chip;\npr', ['event fault.x@chip;\nprop']],
  ['event fa', ['event fault.', 'event fault.cpu.']],
  ['event fault.x@c', ['event fault.x@chip', 'event fault.x@core', 'event fault.x@cpu']],
  ['event fault.x@chip/co', ['event fault.x@chip/core']],
  ['event fault.x@chip[n]/co', ['event fault.x@chip[n]/core']],
  ['event fault.x@memory-c', ['event fault.x@memory-controller']],
  ['event fault.x@chip, FIT', ['event fault.x@chip, FITrate']],
  ['event fault.x@chip, FITrate=3, FIT', []],
  ['event ereport.x@chip, d', ['delivery', 'discard_if_config_unknown']],
  ['event fault.x@chip, engine=s', []],
  [`${DECLARED}event fault.x@chip, engine=s`, ['serd.site.x@chip/core']],
  [`${DECLARED}event ereport.si`, ['ereport.site.y']],
  [`${DECLARED}event fault.x@chip, engine=serd.site.x@chip/co`, ['core']],
  ['engine serd.x@chip, ', ['N', 'T', 'method', 'trip']],
  ['engine serd.x@chip, N=3, T=72', ['ns', 'us', 'ms', 's']],
  ['engine serd.x@chip, N=3', []],
  ['prop fault.x@chip -> ereport.y@chip { payloadprop_', ['payloadprop_defined']],
  ['prop fault.x@chip -> ereport.y@chip { within(5m', ['ms', 'min', 'months']],
  ['prop ereport.cpu.generic-x86.mem', ['ereport.cpu.generic-x86.mem']],
  ['if (conf', ['confprop', 'confprop_defined', 'confcall']],
  ['if (1) { ev', ['event']],
  ['#inc', ['include']],
  ['/* ev', []],
  ['prop fault.x@chip { confprop(chip, "e', []],
  ['asru ch', ['chip']],
])('%j', (text, found) => {
  const words = complete(text)
  if (found.length === 0) expect(words).toEqual([])
  for (const word of found) expect(words.some((each) => each.includes(word))).toBe(true)
})

it('every function that is proposed is known to the compiler', () => {
  for (const call of Object.values(FUNCTIONS)) {
    const text = `event fault.x@chip; event ereport.y@chip; event ereport.z@chip;
      prop fault.x@chip -> ereport.y@chip { ${call} };`
    const { diagnostics } = compileRules({ name: 'x', text }, knownHeader)
    expect(diagnostics.map(({ code }) => code)).not.toContain('esc.unknown-function')
  }
})

it('every class that is proposed is one that rules of our own declare or the text has', () => {
  const found = completeEsc('prop fault.', 0, () => PARTS)
  expect(found.length).toBeGreaterThan(20)
  expect(found.every(({ text }) => text.startsWith('fault.'))).toBe(true)
})

const shown = (text: string): readonly string[] =>
  escStretches(text).map(({ start, end, role }) => `${role}:${text.slice(start, end)}`)

it.each<[text: string, stretches: readonly string[]]>([
  [
    'event fault.x.y@chip/core, FITrate=100; /* all */',
    [
      ...['keyword:event', 'probe:fault.x.y', 'name:@chip', 'name:/core', 'option:FITrate'],
      ...['number:100', 'comment:/* all */'],
    ],
  ],
  [
    'engine serd.x@chip, N=3, T=72h;',
    [
      'keyword:engine',
      'probe:serd.x',
      'name:@chip',
      'option:N',
      'number:3',
      'option:T',
      'number:72h',
    ],
  ],
  [
    'prop fault.x@a (0)-> ereport.y@a { payloadprop("bank") == $x };',
    [
      ...['keyword:prop', 'probe:fault.x', 'name:@a', 'number:0', 'probe:ereport.y', 'name:@a'],
      ...['name:payloadprop', 'string:"bank"', 'aggregation:$x'],
    ],
  ],
  ['#define X 5\nfru chip;', ['option:#define X 5', 'keyword:fru']],
  ['"open', ['string:"open']],
])('colour of %j', (text, stretches) => expect(shown(text)).toEqual(stretches))

it('a template of TypeScript has the colours of its language', () => {
  const text = 'const r = esc`event fault.x@chip;`'
  const roles = stretchesOf(text, () => false).map(({ role }) => role)
  expect(roles).toEqual(['keyword', 'string', 'keyword', 'probe', 'name', 'string'])
  expect(codeTokens(text).at(-1)?.kind).toBe('template')
})

it('a cell of another language is told of as what stands in its tag', async () => {
  const { session, close } = await plainSession('/')
  try {
    const words = async (language: 'd' | 'esc' | 'command', text: string) =>
      (await languageAssist(session, language).complete(text, text.length)).map(
        ({ text: word, start }) => text.slice(0, start) + word,
      )
    expect(await words('esc', 'event fault.x@mot')).toEqual(['event fault.x@motherboard'])
    expect(await words('d', 'xpv:::dom-create-s')).toEqual(['xpv:::dom-create-start'])
    expect(await words('command', 'fmad')).toEqual(['fmadm'])
    const esc = languageAssist(session, 'esc')
    expect(await esc.check('event falt.x@chip;')).toEqual([
      expect.objectContaining({ code: 'esc.unknown-class-type', start: 6, end: 10 }),
    ])
    expect(esc.stretches('fru')).toEqual([{ start: 0, end: 3, role: 'keyword' }])
    expect(await languageAssist(session, 'command').check('fmadmm faulty')).toHaveLength(1)
    expect(languageAssist(session, 'command').isWhole("dtrace -n 'BEGIN")).toBe(false)
  } finally {
    close()
  }
})
