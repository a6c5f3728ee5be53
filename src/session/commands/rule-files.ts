// Rule files: rules of diagnosis from files: read, compiled, put together.
//
//   rulesOfFiles(['site.esc', 'gcpu.esc'], directory, textOf)  ->  RuleSet
//
// Holds: one mistake in any of them, and there are no rules: all mistakes are told.
import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { printDiagnostic } from '../../base/diagnostic.js'
import { XpvError } from '../../base/error.js'
import { compileRules } from '../../fma/eversholt/compile.js'
import { knownHeader } from '../../fma/eversholt/known-headers.js'
import type { FindInclude } from '../../fma/eversholt/preprocess.js'
import { type RuleSet, ruleSet } from '../../fma/eversholt/rule-set.js'

/** Compiles them; paths are meant from `directory`, and read by `textOf`. Throws `XpvError`
 *  `fma.rules`, and what `textOf` throws. */
export function rulesOfFiles(
  paths: readonly string[],
  directory: string,
  textOf: (path: string) => string,
): RuleSet {
  const find: FindInclude = (name, from) => {
    const path = join(dirname(from.name), name)
    const isFile = statSync(resolve(directory, path), { throwIfNoEntry: false })?.isFile()
    return isFile ? { name: path, text: textOf(resolve(directory, path)) } : knownHeader(name)
  }
  const compiled = paths.map((path) => {
    return compileRules({ name: path, text: textOf(resolve(directory, path)) }, find)
  })
  const mistakes = compiled.flatMap(({ diagnostics }) =>
    diagnostics.filter(({ severity }) => severity === 'error'),
  )
  if (mistakes.length === 0) return ruleSet(compiled)
  const told = mistakes.map((each) => printDiagnostic(each.source.text, each, each)).join('\n')
  throw new XpvError('fma.rules', told, `xpv esc check ${paths.join(' ')}`)
}
