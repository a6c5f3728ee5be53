// Whether a cell is whole: a console asks before it runs one.
//
//   'if (x) {'  ->  incomplete, indent '  '      'let 3'  ->  invalid      'pcpus'  ->  complete
//
// Holds: nothing runs for it. A cell of another language goes on up to an empty line.
// Source: Jupyter's messaging documentation, "Code completeness".
import { XpvError } from '../base/error.js'
import { prepareCell } from '../session/prepare.js'
import type { Session } from '../session/session.js'
import { cellText } from './cell-text.js'
import type { Content } from './message.js'

/** The reply to `is_complete_request`. */
export async function isWhole(content: Content, session: Session): Promise<Content> {
  const { code } = content
  if (typeof code !== 'string') return { status: 'unknown' }
  try {
    const { language, source } = cellText(code)
    if (language !== undefined && language !== 'ts') return wholeAtBlank(code)
    const prepared = await prepareCell(source, {
      isCommand: (word) => language === undefined && session.commands.has(word),
      isBinding: (word) => session.names().includes(word),
    })
    if (prepared.kind === 'incomplete') return { status: 'incomplete', indent: indentAfter(source) }
    return { status: prepared.kind === 'mistake' ? 'invalid' : 'complete' }
  } catch (error) {
    if (!(error instanceof XpvError)) throw error
    return { status: 'invalid' }
  }
}

function wholeAtBlank(code: string): Content {
  return /\n[ \t]*$/.test(code) ? { status: 'complete' } : { status: 'incomplete', indent: '' }
}

/** The blanks of the last line, two more when it opens something. */
function indentAfter(source: string): string {
  const last = source.trimEnd().split('\n').at(-1) ?? ''
  const blanks = /^\s*/.exec(last)?.[0] ?? ''
  return /[{([]$/.test(last.trimEnd()) ? `${blanks}  ` : blanks
}
