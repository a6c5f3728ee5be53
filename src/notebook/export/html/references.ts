// Character references of HTML, as Markdown has them: replaced before anything is judged or
// escaped, so that none can hide what it is.
//
//   &lt;   &#60;   &#x3c;   ->  <          javas&#99;ript&colon;  ->  javascript:
//   &unknown;   AT&T        ->  as they stand

const NAMES: ReadonlyMap<string, string> = new Map(
  (
    'amp& lt< gt> quot" apos\' colon: sol/ bsol\\ num# copy© reg® deg° plusmn± times× divide÷ ' +
    'micro\u00b5 para¶ sect§ hellip… ndash– mdash— lsquo‘ rsquo’ ldquo“ rdquo” laquo« raquo» ' +
    'larr← rarr→ uarr↑ darr↓ harr↔ le≤ ge≥ ne≠ alphaα betaβ gammaγ deltaδ lambdaλ muμ ' +
    'piπ sigmaσ omegaω euro€ bull• half½'
  )
    .split(' ')
    .map((pair) => [pair.slice(0, -1), pair.slice(-1)]),
)
const BLANKS: ReadonlyMap<string, string> = new Map([
  ['Tab', '\t'],
  ['NewLine', '\n'],
  ['nbsp', '\u00a0'],
])

/** The text with references replaced by their characters. */
export function decodeReferences(text: string): string {
  return text.replace(
    /&(?:#[xX]([0-9a-fA-F]{1,6})|#(\d{1,7})|([a-zA-Z]{2,8}));/g,
    (whole, hex?: string, digits?: string, name?: string) => {
      if (name !== undefined) return NAMES.get(name) ?? BLANKS.get(name) ?? whole
      const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16)
      return code === 0 || code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
    },
  )
}
