// Each *.d here compiles to the *.out beside it: a program as D again, or its mistakes. An error
// file is named after the code of its first mistake: err.<code>.<what>.d. XPV_UPDATE=1 rewrites
// the outputs.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Compilation, compile } from '../../src/dtrace/d/compile.js'
import { printCompileError, printCompileErrors } from '../../src/dtrace/d/print-error.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import { programToD } from '../../src/dtrace/program/to-d.js'

const HERE = import.meta.dirname
const SOURCES = readdirSync(HERE).filter((file) => file.endsWith('.d'))

function compileFile(file: string): Compilation {
  const text = readFileSync(join(HERE, file), 'utf8')
  return compile([{ part: 'script', text, file }], { catalog: standardCatalog() })
}

function outcome(result: Compilation): string {
  if (result.kind === 'ok') return programToD(result.program)
  return `${printCompileErrors(result)}\n${printCompileError(result, { errtags: true })}\n`
}

it.each(SOURCES)('%s', (file) => {
  const result = compileFile(file)
  const out = join(HERE, file.replace(/\.d$/, '.out'))
  const text = outcome(result)
  if (process.env['XPV_UPDATE'] === '1') writeFileSync(out, text)
  expect(existsSync(out), `${out}: npm run test:update writes it`).toBe(true)
  expect(text).toBe(readFileSync(out, 'utf8'))
  const wanted = /^err\.(d\.[a-z-]+)\./.exec(file)?.[1]
  expect(result.kind === 'errors' ? result.diagnostics[0]?.code : undefined).toBe(wanted)
})

it('every mistake has a place and, if DTrace has one for it, a tag', () => {
  const errors = SOURCES.map(compileFile).flatMap((r) => (r.kind === 'errors' ? r.diagnostics : []))
  expect(errors.length).toBeGreaterThan(SOURCES.length / 2)
  for (const d of errors) {
    expect(d.span, d.message).toBeDefined()
    expect(d.tag !== undefined || d.code === 'd.unsupported', d.code).toBe(true)
  }
})
