// How `lspci` writes small things: flags with a sign, sizes, hexadecimal numbers.
import { fieldOf, type RegisterValue } from './register.js'

/** `CorrErr+ NonFatalErr-` of the fields named, in that order; `label=field` where lspci prints
 *  another name than the table has. */
export function flags(value: RegisterValue, names: string): string {
  return names
    .split(' ')
    .map((name) => {
      const [label = '', field = label] = name.split('=')
      return `${label}${fieldOf(value, field) === 1 ? '+' : '-'}`
    })
    .join(' ')
}

/** `[size=16K]` with a blank before it; nothing where the size is not known. */
export function sizeText(sizeBytes: number | undefined): string {
  if (sizeBytes === undefined) return ''
  let size = sizeBytes
  let unit = 0
  while (size >= 1024 && size % 1024 === 0 && unit < UNITS.length - 1) {
    size /= 1024
    unit += 1
  }
  return ` [size=${size}${UNITS[unit]}]`
}

const UNITS = ['', 'K', 'M', 'G', 'T']

/** A number in hexadecimal, at least so many digits. */
export const hex = (n: number | bigint, digits: number): string =>
  n.toString(16).padStart(digits, '0')
