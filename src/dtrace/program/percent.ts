// Percentages of quantile(), as D text has them: at most four decimals, held in millionths.
//
//   "99.9"  <->  999000

const PARTS = /^(\d{1,2})(?:\.(\d{1,4}))?$/

/** Reads a percentage above 0 and below 100 as millionths; undefined for any other text. */
export function parsePercent(text: string): number | undefined {
  const [, whole, decimals = ''] = PARTS.exec(text) ?? []
  if (whole === undefined) return undefined
  const millionths = Number(whole) * 10_000 + Number(decimals.padEnd(4, '0'))
  return millionths === 0 ? undefined : millionths
}

/** Millionths as a percentage, without needless zeros. */
export function printPercent(millionths: number): string {
  const decimals = String(millionths % 10_000)
    .padStart(4, '0')
    .replace(/0+$/, '')
  const whole = Math.floor(millionths / 10_000)
  return decimals === '' ? `${whole}` : `${whole}.${decimals}`
}
