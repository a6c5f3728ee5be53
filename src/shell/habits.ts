// Habits: what is typed at other prompts, as the line that does the same here.
//
//   exit  quit()  :q  \q  ->  .exit      ?  /help  :h  ->  help      man dtrace  ->  help dtrace
//
// Holds: a name that a cell has declared is that name.

const LEAVES = /^(?:[:/\\.]?(?:exit|quit)!?|:wq?q?!?|:qa?!?|:x|\\q|bye|logout)(?:\(\))?;?$/
const HELPS = /^(?:\?{1,2}|[:/\\]?\?|[/:\\]h(?:elp)?|man)(?:\s+(\S+))?$/
const OTHERS: Readonly<Record<string, string>> = {
  clear: '.clear',
  cls: '.clear',
  history: '.history',
}

/** The line that is meant; the same where it is no habit. */
export function meantLine(line: string, isDeclared: (name: string) => boolean): string {
  const text = line.trim()
  const name = /^[a-z]+/.exec(text)?.[0]
  if (name !== undefined && isDeclared(name)) return line
  if (LEAVES.test(text)) return '.exit'
  const help = HELPS.exec(text)
  if (help !== null) return `help ${help[1] ?? ''}`.trimEnd()
  return OTHERS[text] ?? line
}
