// A program in words: each *.d here is explained by the *.txt beside it, and listed by its *.lst.
// XPV_UPDATE=1 rewrites them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { compile } from '../../src/dtrace/d/compile.js'
import { explainProgram } from '../../src/dtrace/explain/explain.js'
import { listProgram } from '../../src/dtrace/explain/listing.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import type { Program } from '../../src/dtrace/program/program.js'

const HERE = import.meta.dirname
const EXAMPLES = join(HERE, '..', '..', 'examples')
const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((file) => file.endsWith('.d'))

function compiled(text: string, file = 'test.d'): Program {
  const result = compile([{ part: 'script', text, file }], {
    catalog: standardCatalog(),
    options: new Map([['zdefs', '']]),
  })
  if (result.kind === 'errors') throw new Error(result.diagnostics.map((d) => d.message).join())
  return result.program
}

function golden(path: string, text: string): void {
  if (process.env['XPV_UPDATE'] === '1') writeFileSync(path, text)
  expect(existsSync(path), `${path}: npm run test:update writes it`).toBe(true)
  expect(text).toBe(readFileSync(path, 'utf8'))
}

it.each(sourcesIn(HERE))('%s', (file) => {
  const program = compiled(readFileSync(join(HERE, file), 'utf8'), file)
  golden(join(HERE, file.replace(/\.d$/, '.txt')), explainProgram(program))
  golden(join(HERE, file.replace(/\.d$/, '.lst')), listProgram(program))
})

it.each(sourcesIn(EXAMPLES))('the example %s can be explained, in lines one can read', (file) => {
  const text = explainProgram(compiled(readFileSync(join(EXAMPLES, file), 'utf8'), file))
  expect(text).toMatch(/^[0-9]+ clauses? on [0-9]+ probes?\. It changes nothing/)
  expect(text).not.toMatch(/undefined|NaN|\[object/)
})

it.each([
  ['/execname == "xl" && arg0 > 3/', 'execname is "xl" and arg0 is greater than 3'],
  ['/!(pid == 0 || !arg1)/', 'pid is not 0 and arg1 is not 0'],
  ['/(arg0 || arg1) && arg2/', '(arg0 is not 0 or arg1 is not 0) and arg2 is not 0'],
  ['/!self->in/', 'self->in is 0'],
  ['/!(arg0 < 5)/', 'arg0 is at least 5'],
  ['/arg0 ^^ arg1/', 'exactly one holds: arg0 is not 0, arg1 is not 0'],
])('%s asks whether %s', (predicate, words) => {
  const program = compiled(`END { self->in = 1; }\nBEGIN ${predicate} { trace(1); }\n`)
  expect(explainProgram(program)).toContain(`,\n   if ${words}`)
})

it('if and else are told as written, without the variables that guard them', () => {
  const program = compiled(readFileSync(join(HERE, 'choices.d'), 'utf8'))
  const text = explainProgram(program)
  expect(text).toContain(
    '  - otherwise:\n    - if arg0 is 1:\n      - records 3\n  - sets x to 4\n',
  )
  expect(text).not.toContain('__')
})

it('options of the command line bound it, those of the program go before them', () => {
  const program = compiled('#pragma D option aggsize=1m\nBEGIN { @ = count(); }\n')
  const text = explainProgram(
    program,
    new Map([
      ['aggsize', '9m'],
      ['strsize', '64'],
    ]),
  )
  expect(text).toContain('aggregations: 1m (aggsize)')
  expect(text).toContain('a string: 64 bytes (strsize)')
})
