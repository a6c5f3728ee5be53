// The report of a cell: what a terminal shows once it has ended.
import { asciiText } from '../base/ascii.js'
import type { DisplayBundle } from '../base/display.js'
import type { CellResult } from '../session/cell.js'
import type { CellError } from '../session/cell-error.js'
import type { Theme } from './theme.js'

/** A mistake: its first line in the mistake's colour, the hint dimmed. Ends with a newline. */
export function reportError(error: CellError, theme: Theme): string {
  const [first = '', ...rest] = error.text.split('\n')
  const lines = rest.map((line) => (/^ {2}try: /.test(line) ? theme.hint(line) : line))
  return `${[theme.mistake(first), ...lines].join('\n')}\n`
}

/** What follows a cell's own output; '' when there is nothing to show. */
export function reportResult(result: CellResult, theme: Theme): string {
  switch (result.kind) {
    case 'incomplete':
      return ''
    case 'error':
      return reportError(result.error, theme)
    case 'interrupted':
      return `${reportShown(result.shown, theme)}${interruption(result, theme)}`
    case 'ok':
      return `${reportShown(result.shown, theme)}${statusText(result.status, theme)}`
  }
}

/** That a cell was cut short, and what ended with it; a command that came to its own end has said
 *  so itself. */
function interruption(
  { why, status }: CellResult & { readonly kind: 'interrupted' },
  theme: Theme,
): string {
  if (status !== undefined) return statusText(status, theme)
  return `${theme.hint(`interrupted${why === undefined ? '' : `: ${why}`}; bindings are kept`)}\n`
}

const statusText = (status: number, theme: Theme): string =>
  status === 0 ? '' : `${theme.hint(`status ${status}`)}\n`

/** A value as this terminal can show it, with a newline; '' for none. */
function reportShown(shown: DisplayBundle | undefined, theme: Theme): string {
  if (shown === undefined) return ''
  const plain = shown['text/plain']
  const text = theme.isColoured ? (shown['text/x-ansi'] ?? plain) : plain
  return `${theme.isAscii ? asciiText(text) : text}\n`
}
