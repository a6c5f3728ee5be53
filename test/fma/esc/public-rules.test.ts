// The 29 current .esc files of illumos, where XPV_ESC names a folder that holds them: they have no
// errors, are made of what was counted once, and come back from their own text. They are not ours
// to keep here.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type CompiledRules, compileRules } from '../../../src/fma/eversholt/compile.js'
import { countRules, sumCounts } from '../../../src/fma/eversholt/count.js'
import { knownHeader } from '../../../src/fma/eversholt/known-headers.js'
import { printRules } from '../../../src/fma/eversholt/print.js'

const FOLDER = process.env['XPV_ESC']

describe.skipIf(FOLDER === undefined)('illumos-gate usr/src/cmd/fm/eversholt/files', () => {
  const folder = FOLDER ?? '.'
  const files =
    FOLDER === undefined
      ? []
      : readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.esc'))
  const compile = (name: string, text: string): CompiledRules =>
    compileRules({ name, text }, knownHeader)
  const all = files.map((file) => compile(file, readFileSync(join(folder, file), 'utf8')))

  it('no file has an error, and one a warning', () => {
    const told = all.flatMap(({ diagnostics }) => diagnostics)
    expect(told.map(({ file, code }) => `${basename(file)} ${code}`)).toEqual([
      'intel.esc esc.undeclared-stat',
    ])
  })

  it('they are made of this', () => {
    expect(files.length).toBe(29)
    const { tokens, statements, types, calls, arrowCounts } = sumCounts(all.map(countRules))
    expect(tokens).toBe(134_905)
    const none = { mask: 0, config: 0, if: 0 }
    const some = { prop: 1294, event: 1917, engine: 128, asru: 34, fru: 39 }
    expect(statements).toEqual({ ...some, ...none })
    const events = { ereport: 980, error: 410, fault: 375, upset: 149, defect: 3 }
    expect(types).toEqual({ ...events, serd: 121, stat: 7 })
    expect(calls).toEqual({
      ...{ within: 903, payloadprop: 795, payloadprop_defined: 491, confprop: 376 },
      ...{ setserdn: 131, setserdt: 131, setserdincrement: 113, setpayloadprop: 95, is_under: 74 },
      ...{ setserdsuffix: 71, confprop_defined: 65, asru: 62, payloadprop_contains: 54 },
      ...{ count: 36, has_fault: 8 },
    })
    expect(arrowCounts).toEqual({ 0: 758, 1: 351, 2: 62, 3: 13, 4: 3, A: 2 })
  })

  it('each comes back from its own text', () => {
    for (const { rules, pragmas } of all) {
      const printed = printRules(rules, pragmas)
      const again = compile('printed.esc', printed)
      expect(again.isRight).toBe(true)
      expect(printRules(again.rules, again.pragmas)).toBe(printed)
    }
  })
})
