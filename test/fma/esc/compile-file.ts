// Rules of this folder, compiled as `xpv esc` does.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CompiledRules, compileRules } from '../../../src/fma/eversholt/compile.js'
import { knownHeader } from '../../../src/fma/eversholt/known-headers.js'
import type { SourceText } from '../../../src/fma/eversholt/source.js'

const HERE = import.meta.dirname

/** The rules of this folder. */
export const SOURCES = readdirSync(HERE).filter((file) => file.endsWith('.esc'))

/** The text of one of them. */
export function textOf(file: string): string {
  return readFileSync(join(HERE, file), 'utf8')
}

/** A text compiled; `#include` finds what lies here, and the known headers. */
export function compileText(text: string, name = 'rules.esc'): CompiledRules {
  const find = (included: string): SourceText | undefined =>
    existsSync(join(HERE, included)) && included.endsWith('.esc')
      ? { name: included, text: textOf(included) }
      : knownHeader(included)
  return compileRules({ name, text }, find)
}
