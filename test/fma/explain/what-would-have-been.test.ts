// Two diagnoses of one history side by side: what differs has a star, what is alike is one block.
import { expect, it } from 'vitest'
import { DISPLAY } from '../../../src/base/display.js'
import type { Page } from '../../../src/base/page.js'
import { compileRules } from '../../../src/fma/eversholt/compile.js'
import { knownHeader } from '../../../src/fma/eversholt/known-headers.js'
import { type RuleSet, ruleSet } from '../../../src/fma/eversholt/rule-set.js'
import {
  type Diagnosed,
  diffDiagnoses,
  type WhatIfOptions,
} from '../../../src/fma/explain/what-if.js'
import { OWN_RULE_FILES } from '../../../src/fma/rules/own-rule-files.js'
import { renderValue } from '../../../src/session/render.js'
import { managed, seconds } from '../host/managed.js'

/** Three pages of one rank, four errors each, under two eras. */
function compared(eras: readonly [string, string], options: WhatIfOptions = {}): string {
  const [was, other] = eras.map((era) => {
    const { machine, management } = managed({ era, processor: 'westmere', seed: 3 })
    machine.checks.plan('memory channel=1 dimm=0 rank=1 perPage=4 every=10s times=12')
    seconds(machine, 150)
    return { title: era, management, bootNs: machine.host.bootedAt }
  })
  if (was === undefined || other === undefined) throw new Error('two eras are compared')
  return shownText(diffDiagnoses(was, other, options).shown)
}

const shownText = (shown: Page): string =>
  String(renderValue({ [DISPLAY]: () => shown }, 200)?.['text/plain'])

/** Rules that name a page by the address they were told, to the byte. */
function rulesToTheByte(): RuleSet {
  const files = OWN_RULE_FILES.map(({ name, text }) => {
    const toTheByte = text.replaceAll('"asru-physaddr", PAGE_ADDRESS', '"asru-physaddr", ADDRESS')
    return compileRules({ name, text: toTheByte }, knownHeader)
  })
  return ruleSet(files)
}

const blocks = (text: string): readonly string[] => text.match(/^[ *] [A-Z]+-8000-.*$/gm) ?? []

it('pages that fared alike are one block, with how many and from when to when', () => {
  const text = compared(['metal', 'xvm-mca'])
  expect(blocks(text)).toEqual(['* GMCA-8000-WT  3 times, fault.memory.generic-x86.page_ce'])
  expect(text).toMatch(/metal: after \S+ s to \S+ s; take a page out of service: done$/m)
  expect(text).toMatch(/xvm-mca: after \S+ s to \S+ s; take a page out of service: ENOTSUP$/m)
  expect(text).toMatch(/^\* found by one alone, or something else was done about it$/m)
})

it('seconds are no difference unless they are asked for', () => {
  expect(blocks(compared(['metal', 'xen-4.20']))[0]).toMatch(/^ {2}GMCA-8000-WT {2}3 times/)
  expect(blocks(compared(['metal', 'xen-4.20'], { seconds: true }))[0]).toMatch(/^\* GMCA-8000-WT/)
})

it('what one alone found has a star, and where both are silent that is said', () => {
  const silent = compared(['metal', 'xvm-3.1'])
  expect(blocks(silent)[0]).toMatch(/^\* GMCA-8000-WT/)
  expect(silent).toMatch(/xvm-3\.1: not diagnosed$/m)
  expect(compared(['xvm-3.1', 'xen-4.17'])).toMatch(/^neither diagnoses anything$/m)
})

it('rules that name a page to the byte name the same page', () => {
  const [was, other] = [{}, { rules: rulesToTheByte() }].map((options) => {
    const { machine, management } = managed({ era: 'metal', seed: 3 }, options)
    machine.checks.plan('memory channel=1 dimm=0 rank=1 perPage=4 every=10s times=12')
    seconds(machine, 150)
    return { title: 'metal', management, bootNs: machine.host.bootedAt }
  })
  if (was === undefined || other === undefined) throw new Error('two are compared')
  expect(addressesOf(was)).toEqual([0n, 0n, 0n])
  expect(addressesOf(other).filter((byte) => byte !== 0n)).not.toEqual([])
  const text = shownText(diffDiagnoses(was, other).shown)
  expect(blocks(text)).toEqual(['  GMCA-8000-WT  3 times, fault.memory.generic-x86.page_ce'])
})

/** Of the pages that are blamed, the byte within. */
const addressesOf = ({ management }: Diagnosed): readonly bigint[] =>
  management.manager
    .cases()
    .flatMap((each) =>
      (each.state === 'unsolved' ? [] : each.suspects).flatMap(({ fault: { resource } }) =>
        resource?.scheme === 'hc' ? (resource.asruPhysaddr ?? 0n) % 4096n : [],
      ),
    )
