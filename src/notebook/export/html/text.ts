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

/** Text of Markdown, in which `&lt;` means <: references are kept, or taken for what they are. */
export function escapeMarkdown(text: string): string {
  return escapeHtml(decodedNumbers(text)).replace(NAMED, (whole, name: string) =>
    KEPT.has(name) ? `&${name};` : whole,
  )
}

/** What a terminal was told, as text alone: escape sequences go, a line written anew stays as it
 *  was last. */
export function withoutAnsi(text: string): string {
  return text.replace(ANSI, '').replace(/\r\n/g, '\n').replace(/^.*\r(?=[^\n])/gm, '')
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

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/g
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const ANSI = new RegExp(
  '\\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)|[PX^_][^\\x1b]*\\x1b\\\\|[ -/]*[0-~])',
  'g',
)

function picture(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '\u2421' : '\ufffd'
}

/** Names of characters that prose uses; any other stays as it was typed. */
const KEPT: ReadonlySet<string> = new Set(
  (
    'amp lt gt quot apos nbsp copy reg deg plusmn times divide middot micro para sect hellip ndash ' +
    'mdash lsquo rsquo ldquo rdquo laquo raquo larr rarr uarr darr harr le ge ne alpha beta gamma ' +
    'delta lambda mu pi sigma omega euro half frac12 frac14 bull'
  ).split(' '),
)
const NAMED = /&amp;([a-zA-Z][a-zA-Z0-9]*);/g

function decodedNumbers(text: string): string {
  return text.replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (_, hex?: string, digits?: string) => {
    const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16)
    return code === 0 || code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
  })
}
