// Several row firers as one: each code goes to those that want it.
import type { RowFirer } from './row-firer.js'

/** One row firer of several, asked in order. */
export function joinRowFirers(firers: readonly RowFirer[]): RowFirer {
  return {
    wants: (code) => firers.some((firer) => firer.wants(code)),
    fireRow(batch, i, strings, out) {
      const code = batch.code[i] as number
      for (const firer of firers) if (firer.wants(code)) firer.fireRow(batch, i, strings, out)
    },
  }
}
