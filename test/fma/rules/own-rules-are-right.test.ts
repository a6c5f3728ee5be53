// The rules that come with xpv: they compile without a warning, and every fault in them has a
// public message.
import { expect, it } from 'vitest'
import { compileRules } from '../../../src/fma/eversholt/compile.js'
import { knownHeader } from '../../../src/fma/eversholt/known-headers.js'
import { flatten } from '../../../src/fma/eversholt/walk.js'
import { OWN_RULE_FILES } from '../../../src/fma/rules/own-rule-files.js'

it.each(OWN_RULE_FILES)('$name has nothing to complain of', (file) => {
  const { diagnostics, rules } = compileRules(file, knownHeader)
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([])
  expect(flatten(rules.statements).length).toBeGreaterThan(20)
})
