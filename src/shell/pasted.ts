// What was pasted: one cell, or lines that were meant one after another.
//
//   const a = {        one cell: code of several lines        dtrace -l      lines: commands, and
//     b: 1,                                                   a + 1          what stands between
//   }                                                         .who
//
//   xpv> 1 + 1         what was typed at a prompt: `xpv> `, `# `, `$ `, `% `, `> `; what it
//   2                  answered is left out
import { splitWords } from '../session/words.js'
import { outerLines } from './editor/bracket.js'

/** Lines that are cells of their own, and what stands between them and may be what they answered:
 *  where it is code, all lines of the text are meant. */
export interface Pasted {
  readonly lines: readonly string[]
  readonly between: string
}

/** The lines of a text that are cells of their own; undefined when it is one cell. */
export function pastedIn(text: string, isLine: (line: string) => boolean): Pasted | undefined {
  const typed = typedLines(text) ?? nodeLines(text)
  if (typed !== undefined) return { lines: typed, between: '' }
  const marked = commandLines(text, isLine)
  if (marked !== undefined) return marked
  if (!text.includes('\n') || !outerLines(text).some(isLine)) return undefined
  return { lines: text.split('\n'), between: '' }
}

/** What was typed in a text that shows a session at this prompt. */
function typedLines(text: string): string[] | undefined {
  if (!/^xpv> /m.test(text)) return undefined
  return text.split('\n').flatMap((line) => /^(?:xpv|\.\.\.)> ?(.*)$/.exec(line)?.[1] ?? [])
}

/** What was typed in a text that shows a session at an operating system's prompt: a line with its
 *  mark, and those that close a quote it leaves open. A line without a mark is input if it is a
 *  cell by itself. */
function commandLines(text: string, isLine: (line: string) => boolean): Pasted | undefined {
  const [, mark] = /^\s*([#$%]) \S/.exec(text) ?? []
  if (mark === undefined || !text.trim().includes('\n')) return undefined
  const typed: string[] = []
  const between: string[] = []
  let open = ''
  for (const line of text.split('\n')) {
    const part = open === '' ? line.trimStart() : `${open}\n${line.replace(/^> /, '')}`
    if (open === '' && !part.startsWith(`${mark} `)) {
      const into = isLine(line) ? typed : between
      into.push(line)
      continue
    }
    const command = open === '' ? part.slice(2) : part
    open = isOpen(command) ? command : ''
    if (open === '') typed.push(command)
  }
  return { lines: open === '' ? typed : [...typed, open], between: between.join('\n').trim() }
}

/** Whether a quote is open at the end of a command; what cannot be split is whole. */
function isOpen(command: string): boolean {
  try {
    return splitWords(command).kind === 'incomplete'
  } catch {
    return false
  }
}

/** What was typed in a text that shows a session at Node's prompt, or that was quoted. */
function nodeLines(text: string): string[] | undefined {
  if (!text.startsWith('> ')) return undefined
  return text.split('\n').flatMap((line) => /^(?:>|\.{3}|\|) ?(.*)$/.exec(line)?.[1] ?? [])
}
