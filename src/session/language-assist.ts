// The assist of a cell whose language is told: D, Eversholt or command lines, in a notebook's
// editor or a kernel.
//
//   session, 'esc'  ->  completions, colours and mistakes of Eversholt, without a tag around it
//
// Holds: what is told of a text is what is told of it inside TypeScript.
import { XpvError } from '../base/error.js'
import type { Assist, Mistake } from './assist.js'
import type { Completion } from './complete.js'
import { dStretches } from './highlight/d-stretches.js'
import { escStretches } from './highlight/esc-stretches.js'
import type { CellLanguage } from './journal.js'
import { prepareCommands } from './prepare.js'
import type { Session } from './session.js'
import { languageMistakes } from './types/embedded.js'

/** What is told of a cell of that language. */
export function languageAssist(session: Session, language: CellLanguage): Assist {
  if (language === 'ts') return session.assist
  return language === 'command' ? commandAssist(session) : textAssist(session, language)
}

/** Command lines: first words that are none are words of TypeScript only to a prompt. */
function commandAssist(session: Session): Assist {
  const { assist } = session
  return {
    ...assist,
    complete: async (text, offset) => {
      const found = await assist.complete(text, offset)
      return found.filter(({ kind }) => kind !== 'name' && kind !== 'keyword')
    },
    check: async (text) => commandMistakes(text, session),
    isWhole: (text) => isSplit(text),
    preview: async () => undefined,
  }
}

function isSplit(text: string): boolean {
  try {
    return prepareCommands(text).kind === 'commands'
  } catch {
    return true
  }
}

/** The first thing in command lines that is certain to be wrong. */
function commandMistakes(text: string, session: Session): readonly Mistake[] {
  try {
    const prepared = prepareCommands(text)
    if (prepared.kind === 'commands')
      for (const [name = ''] of prepared.lines) session.commands.get(name)
    return []
  } catch (thrown) {
    if (!(thrown instanceof XpvError)) throw thrown
    return [{ code: thrown.code, message: thrown.message, start: 0, end: text.length }]
  }
}

/** A language that TypeScript has a tag for: what is told inside the tag. */
function textAssist(session: Session, language: 'd' | 'esc'): Assist {
  const before = `${language}\``
  const colour = language === 'd' ? dStretches : escStretches
  return {
    complete: async (text, offset) => {
      const found = session.complete(before + text.slice(0, offset), before.length + offset)
      return found.map((each): Completion => ({ ...each, start: each.start - before.length }))
    },
    callHint: async () => undefined,
    check: async (text) => languageMistakes(language, text),
    stretches: (text) => colour(text),
    isWhole: () => true,
    preview: async () => undefined,
  }
}
