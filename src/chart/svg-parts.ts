// SVG parts: what all pictures are made of: the frame, texts, coordinates.
//
// Holds: text is escaped; coordinates have at most one digit after the point, so that the same
// table gives the same bytes anywhere.

/** Colours of what is told apart, in their order. */
export const INKS = [
  '#2f6fab',
  '#e07b39',
  '#3a923a',
  '#c03d8e',
  '#b8a01c',
  '#3aa6b9',
  '#c03d3e',
  '#8172b2',
]

/** A picture of that size in pixels, made of these parts; empty ones are left out. */
export function svg(
  size: { readonly width: number; readonly height: number },
  parts: readonly string[],
): string {
  const { width, height } = size
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
      `height="${height}" font-family="sans-serif" font-size="11" fill="currentColor">`,
    ...parts.filter((part) => part !== ''),
    '</svg>',
  ].join('\n')
}

/** A text with its left end, middle or right end at x, on the line y; none for ''. */
export function label(
  x: number,
  y: number,
  anchor: 'start' | 'middle' | 'end',
  text: string,
): string {
  if (text === '') return ''
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${escapeXml(text)}</text>`
}

/** A coordinate: at most one digit after the point. */
export function px(v: number): string {
  return `${Math.round(v * 10) / 10}`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Text as XML has it. */
function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (char) => ENTITIES[char] ?? char)
}
