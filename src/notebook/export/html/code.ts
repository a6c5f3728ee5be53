// Code as HTML, coloured by the scanners that colour the prompt.
import type { Stretch } from '../../../session/assist.js'
import { dStretches } from '../../../session/highlight/d-stretches.js'
import { escStretches } from '../../../session/highlight/esc-stretches.js'
import { stretchesOf } from '../../../session/highlight/stretches.js'
import { escapeHtml } from './text.js'

/** Code of a language in coloured pieces; one that is not known is plain. */
export function codeHtml(source: string, language: string): string {
  const text = source.replace(/\n$/, '')
  let html = ''
  let at = 0
  for (const { start, end, role } of stretchesIn(text, language)) {
    const mark = CLASSES[role]
    if (mark === undefined || start < at) continue
    html += escapeHtml(text.slice(at, start))
    html += `<span class="${mark}">${escapeHtml(text.slice(start, end))}</span>`
    at = end
  }
  return html + escapeHtml(text.slice(at))
}

/** What a language is called on a page. */
export function languageName(language: string): string {
  return NAMES[language] ?? language
}

const NAMES: Readonly<Record<string, string>> = {
  ts: 'TypeScript',
  d: 'D',
  esc: 'Eversholt',
  sh: 'command',
}

const CLASSES: Readonly<Partial<Record<Stretch['role'], string>>> = {
  keyword: 'k',
  string: 's',
  number: 'n',
  comment: 'c',
  name: 'b',
  command: 'k',
  option: 'b',
  probe: 'p',
  aggregation: 'b',
}

function stretchesIn(text: string, language: string): readonly Stretch[] {
  switch (language) {
    case 'ts':
    case 'typescript':
    case 'js':
    case 'javascript':
      return stretchesOf(text, () => false)
    case 'd':
      return dStretches(text)
    case 'esc':
      return escStretches(text)
    case 'sh':
      return stretchesOf(text, (word) => word !== '')
    default:
      return []
  }
}
