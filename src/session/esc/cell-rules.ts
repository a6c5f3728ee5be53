// Cell rules: a cell of Eversholt as code that compiles it, and gives the rules its cell's name.
//
//   event fault.x@chip; ...   named site  ->  site = RULES("event ...", "site")
//
// Holds: a name that is none in TypeScript binds nothing; the rules are the cell's value all the
// same.
import { readFileSync } from 'node:fs'
import { includesFrom } from '../commands/rule-files.js'
import type { PreparedCell } from '../prepare.js'
import { isReserved } from '../rewrite.js'
import { Rules } from './rules.js'

/** The global function that cells of Eversholt are turned into calls of. */
export const RULES_FUNCTION = '__xpvRules'

/** What it does: compiles; files are included as seen from `directory`. */
export function rulesFunction(directory: string): (text: string, name?: string) => Rules {
  const find = includesFrom(directory, (path) => readFileSync(path, 'utf8'))
  return (text, name) => new Rules(text, find, name)
}

/** The cell, ready to run. */
export function prepareRules(source: string, name: string | undefined): PreparedCell {
  const bound = name !== undefined && isName(name) ? name : undefined
  if (bound !== undefined && isReserved(bound)) {
    const message = `the shell itself needs ${bound}; give this another name`
    return {
      kind: 'mistake',
      diagnostics: [{ code: 'nb.reserved-name', severity: 'error', message }],
    }
  }
  const given = [source, ...(name === undefined ? [] : [name])].map((text) => JSON.stringify(text))
  const call = `${RULES_FUNCTION}(${given.join(', ')})`
  return {
    kind: 'code',
    code: bound === undefined ? call : `${bound} = ${call}`,
    names: bound === undefined ? [] : [bound],
    fresh: [],
    yields: true,
    origin: (at) => at,
  }
}

/** What the check of types is told that such a cell declares; undefined for nothing. */
export function rulesAsCode(name: string | undefined): string | undefined {
  return name !== undefined && isName(name) ? `const ${name} = esc\`\`` : undefined
}

function isName(text: string): boolean {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text)) return false
  try {
    new Function(`"use strict"; var ${text}`)
    return true
  } catch {
    return false
  }
}
