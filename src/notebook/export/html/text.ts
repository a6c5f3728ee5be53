// Text of strangers as HTML: escaped, with what hides or turns text around made visible.
//
//   <b> & "x"          ->  &lt;b&gt; &amp; &quot;x&quot;
//   NUL, ESC, DEL      ->  their pictures: ␀ ␛ ␡
//   U+202E and the like (Trojan Source)  ->  [U+202E]
//   ESC [ 31 m         ->  nothing, in outputs: a terminal's colours
//
// Holds: what comes out has no < > & " ' of its own, no control but newline and tab, and reads in
// the order in which it stands.

/** Text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')
}

/** What a terminal was told, as text alone: escape sequences go, a line written anew stays as it
 *  was last. */
export function withoutAnsi(text: string): string {
  return text
    .replace(ANSI, '')
    .replace(/\r\n/g, '\n')
    .replace(/^.*\r(?=[^\n])/gm, '')
}

/** The text with controls and turns of direction made visible; halves of pairs are replaced. */
export function visible(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(HALF, '\ufffd')
    .replace(CONTROL, (char) => picture(char.charCodeAt(0)))
    .replace(TURNING, (char) => `[U+${char.charCodeAt(0).toString(16).toUpperCase()}]`)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const CONTROL = /[^\P{Cc}\n\t]/gu
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const [BELL, ESCAPE] = [String.fromCharCode(7), String.fromCharCode(27)]
/** What terminals are told: colours and places, titles and links, strings of devices, the rest. */
const TOLD = [
  String.raw`\[[0-?]*[ -/]*[@-~]`,
  String.raw`\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\)`,
  String.raw`[PX^_][^${ESCAPE}]*${ESCAPE}\\`,
  '[ -/]*[0-~]',
]
const ANSI = new RegExp(`${ESCAPE}(?:${TOLD.join('|')})`, 'g')

function picture(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '\u2421' : '\ufffd'
}
