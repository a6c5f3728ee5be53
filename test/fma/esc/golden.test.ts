// Each *.esc here compiles to the *.out beside it: its mistakes, then the rules as they are read.
// err.<code>.<what>.esc has an error of that code first, warn.<code>.<what>.esc a warning and no
// error, ok.<what>.esc neither. XPV_UPDATE=1 rewrites the outputs.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { printDiagnostic } from '../../../src/base/diagnostic.js'
import { printRules } from '../../../src/fma/eversholt/print.js'
import { compileText, SOURCES, textOf } from './compile-file.js'

const HERE = import.meta.dirname
const ROOM = join(HERE, '../../../src/fma/eversholt')

it.each(SOURCES)('%s', (file) => {
  const { diagnostics, rules, pragmas } = compileText(textOf(file), file)
  const told = diagnostics.map((d) => `${d.severity} ${printDiagnostic(d.source.text, d, d)}\n`)
  const text = [...told, printRules(rules, pragmas)].join('')
  const out = join(HERE, file.replace(/\.esc$/, '.out'))
  if (process.env['XPV_UPDATE'] === '1') writeFileSync(out, text)
  expect(existsSync(out), `${out}: npm run test:update writes it`).toBe(true)
  expect(text).toBe(readFileSync(out, 'utf8'))
  const [, kind, code] = /^(?:(err|warn)\.(esc\.[a-z-]+)|ok)\./.exec(file) ?? []
  const errors = diagnostics.filter((d) => d.severity === 'error')
  expect(errors.some((d) => d.code === code)).toBe(kind === 'err')
  expect(errors.length > 0).toBe(kind === 'err')
  expect(diagnostics.some((d) => d.code === code)).toBe(code !== undefined)
  expect(diagnostics.length > 0).toBe(kind !== undefined)
})

it('every mistake that the compiler knows has a file here', () => {
  const sources = readdirSync(ROOM).map((file) => readFileSync(join(ROOM, file), 'utf8'))
  const known = new Set(sources.flatMap((text) => text.match(/(?<=')esc\.[a-z-]+(?=')/g) ?? []))
  const shown = new Set(SOURCES.flatMap((file) => /esc\.[a-z-]+/.exec(file)?.[0] ?? []))
  expect([...known].sort()).toEqual([...shown].sort())
})
