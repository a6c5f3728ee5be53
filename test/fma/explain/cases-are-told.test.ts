// A case in sentences: what was seen, which limit was passed, why this part, what was dropped. The
// numbers are those of the faults that are planned.
import { expect, it } from 'vitest'
import { DISPLAY } from '../../../src/base/display.js'
import { makeEna } from '../../../src/fma/event/ena.js'
import { parseFmri } from '../../../src/fma/event/fmri.js'
import { nvlist } from '../../../src/fma/event/nvlist.js'
import { caseLines } from '../../../src/fma/explain/case-lines.js'
import { explainCase } from '../../../src/fma/explain/explain-case.js'
import type { FaultManagement } from '../../../src/fma/host/fault-management.js'
import { renderValue } from '../../../src/session/render.js'
import { managed, seconds } from '../host/managed.js'

function told(management: FaultManagement, code: string): string {
  const found = management.manager.cases().find((c) => c.state !== 'unsolved' && c.code === code)
  if (found === undefined) throw new Error(`nothing is diagnosed as ${code}`)
  const shown = explainCase(management, found)
  return String(renderValue({ [DISPLAY]: () => shown }, 400)?.['text/plain'])
}

it('a page: how many in what time, since it is named, and what was dropped together', () => {
  const { machine, management } = managed({ era: 'metal', processor: 'westmere', seed: 7 })
  machine.checks.plan('memory address=0x40000000 every=10s times=4')
  seconds(machine, 60)
  const text = told(management, 'GMCA-8000-WT')
  expect(text).toContain('cpu.generic-x86.mem_ce 4 times, ')
  expect(text).toContain('up to 3 in 1d are chance, and the 4th came 30 s after the first.')
  expect(text).toMatch(
    /It is page 0x40000000 \(CPU 0 DIMM .*, rank\d\), since the ereports name it/,
  )
  const dropped = /considered, and dropped:\n(.*)\n(.*)/.exec(text)
  expect(dropped?.[1]).toMatch(/fault\.memory\.generic-x86\.page_ce at \d+ places$/)
  expect(dropped?.[2]).toMatch(/^ +the ereport names another part/)
  expect(text.indexOf('why this is')).toBeLessThan(text.indexOf('how it was found'))
})

it('a cache: where it was noticed', () => {
  const { machine, management } = managed({ era: 'metal', processor: 'westmere', seed: 7 })
  machine.checks.plan('cache level=1 pcpu=1 every=10s times=4')
  seconds(machine, 60)
  const text = told(management, 'GMCA-8000-LF')
  expect(text).toContain('It is pcpu 1 (chip0/core1/strand0), where it was noticed.')
})

/** Hands a host an ereport that its hardware did not make. */
function give(name: string, detector: string): FaultManagement {
  const { machine, management } = managed({ era: 'metal', seed: 7 })
  const timeNs = management.nowNs
  const ereport = {
    ...{ class: name, ena: makeEna({ format: 1, generation: 0, id: 0, timeNs: 1n }), timeNs },
    ...{ detector: parseFmri(detector), payload: nvlist({}) },
  }
  management.take({ kind: 'ereport', ereport })
  seconds(machine, 60)
  return management
}

it('a class that nobody subscribes to is named', () => {
  const management = give('ereport.io.foo', 'hc:///motherboard=0')
  expect(
    management.manager
      .cases()
      .map((each) => caseLines(each))
      .join('\n'),
  ).toMatch(
    /^FMD-8000-0W .*\n.*nosub 100%: faulty\n {4}ereport\.io\.foo, to which no module subscribes$/,
  )
  expect(told(management, 'FMD-8000-0W')).toContain('No module subscribes to ereport.io.foo: ')
})

it('telemetry that no rule explains is not said to be out of service', () => {
  const management = give('ereport.cpu.generic-x86.l1dcache', 'hc:///motherboard=0/chip=9')
  const lines = management.manager
    .cases()
    .map((each) => caseLines(each))
    .join('\n')
  expect(lines).toMatch(/^SUNOS-8000-J0 {2}Major {2}closed, solved /)
  expect(lines).toMatch(/defect\.sunos\.eft\.unexpected_telemetry 50%: faulty$/m)
  expect(lines).not.toContain('unusable')
  expect(told(management, 'SUNOS-8000-J0')).toContain('No rule explains it: ')
})
