// RulesOf: rules of diagnosis from files that a command line or a cell names.
//
//   rulesOf(['site.esc', 'gcpu.esc'], directory)  ->  RuleSet
import { readFileSync } from 'node:fs'
import { fileError } from '../backend/replay/file-source.js'
import type { RuleSet } from '../fma/eversholt/rule-set.js'
import { rulesOfFiles } from '../session/commands/rule-files.js'

/** Compiles them; paths are meant from `directory`. Throws `XpvError` `fma.rules`, `file.*`. */
export function rulesOf(paths: readonly string[], directory: string): RuleSet {
  return rulesOfFiles(paths, directory, textOf)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw fileError(path, error, 'xpv esc check FILE')
  }
}
