// The untyped assist: what can be told of a cell while it is written without knowing any types.
//
//   what the session has (complete), what the parser says (prepare)  ->  Assist
//
// Holds: nothing runs for it. What only types can tell (what a call takes, but for commands) is not
// told.
import type { Diagnostic } from '../base/diagnostic.js'
import type { Assist, CallHint, Mistake } from './assist.js'
import { stretchesOf } from './highlight/stretches.js'
import { prepareCell } from './prepare.js'
import { isPreviewable, previewOf } from './preview.js'
import type { Session } from './session.js'
import { isWholeCell } from './whole-cell.js'
import { dropPromptSign, firstWord } from './words.js'

/** The assist made of what a session knows by itself. */
export function untypedAssist(session: Session): Assist {
  const isCommand = (word: string): boolean =>
    session.commands.has(word) && !session.names().includes(word)
  return {
    complete: async (text, offset) => session.complete(text, offset),
    callHint: async (text) => usageHint(text, session, isCommand),
    check: (text) => mistakesIn(text, isCommand),
    stretches: (text) => stretchesOf(text, isCommand),
    isWhole: (text) => isWholeCell(text, isCommand),
    preview: async (text) => preview(text, session, isCommand),
  }
}

/** What a command takes, once its name is written. */
function usageHint(
  text: string,
  session: Session,
  isCommand: (word: string) => boolean,
): CallHint | undefined {
  const line = dropPromptSign(text)
  const name = firstWord(line)
  if (!isCommand(name) || !/^\s*\S+\s/.test(line)) return undefined
  const { usage, summary } = session.commands.get(name)
  return { label: `${name} ${usage}`.trimEnd(), meaning: summary }
}

/** What a value would look like that can be had without any effect. */
function preview(
  text: string,
  session: Session,
  isCommand: (word: string) => boolean,
): string | undefined {
  if (!isPreviewable(text) || isCommand(firstWord(text))) return undefined
  const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$.[\]'"]*$/u.test(text.trim())
  return previewOf(session.peek(isName ? text.trim() : `(${text}\n)`), text)
}

async function mistakesIn(text: string, isCommand: (word: string) => boolean): Promise<Mistake[]> {
  if (text.trim() === '') return []
  const prepared = await prepareCell(text, { isCommand, isBinding: () => false })
  return prepared.kind === 'mistake' ? prepared.diagnostics.map(asMistake) : []
}

function asMistake({ code, message, span }: Diagnostic): Mistake {
  const { start, end } = span ?? { start: 0, end: 0 }
  return { code, message, start, end }
}
