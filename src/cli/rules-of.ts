// RulesOf: rules of diagnosis from files that a command line or a cell names, and from cells.
//
//   rulesOf(['site.esc', 'gcpu.esc', esc`...`], directory)  ->  RuleSet
import { readFileSync } from 'node:fs'
import { fileError } from '../backend/replay/file-source.js'
import type { FindInclude } from '../fma/eversholt/preprocess.js'
import type { RuleSet } from '../fma/eversholt/rule-set.js'
import { includesFrom, rulesOfFiles } from '../session/commands/rule-files.js'
import { Rules } from '../session/esc/rules.js'

/** Compiles them; paths are meant from `directory`. Throws `XpvError` `fma.rules`, `file.*`. */
export function rulesOf(rules: readonly (string | Rules)[], directory: string): RuleSet {
  const files = rules.map((each) => (each instanceof Rules ? Rules.compiled(each) : each))
  return rulesOfFiles(files, directory, textOf)
}

/** Finds what rules of a cell include. */
export function includesOf(directory: () => string): FindInclude {
  return (name, from) => includesFrom(directory(), textOf)(name, from)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw fileError(path, error, 'xpv esc check FILE')
  }
}
