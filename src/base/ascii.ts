// ASCII: what a terminal that knows nothing else can show of a text: lines of tables, trees and
// charts, blocks and shades, arrows and units, one character for one.
//
//   └─ 1.2µs ▁▂█   ->   `- 1.2us _.#
//
// Holds: the text keeps its width: what takes two columns becomes two question marks.

const PAIRS: Readonly<Record<string, string>> = {
  '…': '~',
  '·': '.',
  '×': 'x',
  '±': '~',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '─': '-',
  '━': '-',
  '╴': '-',
  '╶': '-',
  '│': '|',
  '┃': '|',
  '├': '|',
  '┤': '|',
  '└': '`',
  '╰': '`',
  '┘': "'",
  '╯': "'",
  '┌': '.',
  '╭': '.',
  '┐': '.',
  '╮': '.',
  '┬': '+',
  '┴': '+',
  '┼': '+',
  '░': '.',
  '▒': '+',
  '▓': '*',
  '█': '#',
  '▁': '_',
  '▂': '.',
  '▃': '-',
  '▄': '=',
  '▅': '+',
  '▆': '*',
  '▇': '%',
  '▏': '#',
  '▎': '#',
  '▍': '#',
  '▌': '#',
  '▋': '#',
  '▊': '#',
  '▉': '#',
  µ: 'u',
  μ: 'u',
  '\u00a0': ' ',
}

/** Characters that take two columns: of East Asia, and pictures. */
const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u

/** The text in ASCII alone, as wide as before; what has no likeness is a question mark. */
export function asciiText(text: string): string {
  return text.replace(/[^\0-\u007f]/gu, (char) => {
    if (/\p{M}/u.test(char)) return ''
    return PAIRS[char] ?? (WIDE.test(char) ? '??' : '?')
  })
}

/** Whether only ASCII is to be shown: XPV_ASCII says so, or the locale is not UTF-8. No locale at
 *  all says nothing. */
export function wantsAscii(env: Readonly<Record<string, string | undefined>>): boolean {
  const asked = env['XPV_ASCII'] ?? ''
  if (asked !== '') return asked !== '0'
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((each) => (each ?? '') !== '')
  return locale !== undefined && !/utf-?8/i.test(locale)
}
