// Rule files: rules of diagnosis from files: read, compiled, put together.
//
//   rulesOfFiles(['site.esc', 'gcpu.esc'], directory, textOf)  ->  RuleSet
//
// Holds: one mistake in any of them, and there are no rules: all mistakes are told.
import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { printDiagnostic } from '../../base/diagnostic.js'
import { XpvError } from '../../base/error.js'
import { type CompiledRules, compileRules } from '../../fma/eversholt/compile.js'
import { knownHeader } from '../../fma/eversholt/known-headers.js'
import type { FindInclude } from '../../fma/eversholt/preprocess.js'
import { type RuleSet, ruleSet } from '../../fma/eversholt/rule-set.js'

/** Compiles them; paths are meant from `directory`, and read by `textOf`. What is compiled already
 *  is taken as it is. Throws `XpvError` `fma.rules`, and what `textOf` throws. */
export function rulesOfFiles(
  files: readonly (string | CompiledRules)[],
  directory: string,
  textOf: (path: string) => string,
): RuleSet {
  const find = includesFrom(directory, textOf)
  const compiled = files.map((file) => {
    if (typeof file !== 'string') return file
    return compileRules({ name: file, text: textOf(resolve(directory, file)) }, find)
  })
  const mistakes = compiled.flatMap(({ diagnostics }) =>
    diagnostics.filter(({ severity }) => severity === 'error'),
  )
  if (mistakes.length === 0) return ruleSet(compiled)
  const told = mistakes.map((each) => printDiagnostic(each.source.text, each, each)).join('\n')
  const paths = files.filter((file) => typeof file === 'string')
  throw new XpvError('fma.rules', told, `xpv esc check ${paths.join(' ')}`)
}

/** Finds what rules include: beside the file that includes it, paths meant from `directory`. */
export function includesFrom(directory: string, textOf: (path: string) => string): FindInclude {
  return (name, from) => {
    const path = join(dirname(from.name), name)
    const isFile = statSync(resolve(directory, path), { throwIfNoEntry: false })?.isFile()
    return isFile ? { name: path, text: textOf(resolve(directory, path)) } : knownHeader(name)
  }
}
