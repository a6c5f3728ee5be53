// Pictures at the prompt: chart.line, chart.bar, chart.heat, chart.timeline, chart.spark, hex.
//
//   a table, a query, rows, { name: number }, plain numbers  ->  a table  ->  the picture
import { DISPLAY, type Displayable, type DisplayBundle } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { page, type ShownAsPage } from '../base/page.js'
import { isTable, type Table, table } from '../base/table.js'
import { sparkline } from '../chart/bar.js'
import { type HexField, hexDump, hexFields } from '../chart/hex.js'
import { type PictureColumns, type PictureKind, picture } from '../chart/picture.js'
import { registersOf } from '../machine/pci/register-map.js'
import { PciFunction } from '../machine/pci-function.js'
import { tableOfRows } from '../session/render.js'
import type { ChartData, Charts } from './prompt-globals.js'

/** The charts, as wide as `columns` says when they are made. */
export function chartsIn(columns: () => number): Charts {
  const draw =
    (kind: PictureKind) =>
    (data: ChartData, options: PictureColumns = {}) =>
      shown(picture(tableIn(data), kind, { ...options, width: columns() }))
  return {
    line: draw('line'),
    bar: draw('bar'),
    heat: draw('heat'),
    timeline: draw('timeline'),
    spark: (values) => shown({ 'text/plain': sparkline(values) }),
  }
}

/** The table that is to be drawn. Throws `XpvError` `chart.data` for what is none. */
function tableIn(data: unknown): Table {
  if (isTable(data)) return data
  if (Array.isArray(data) && data.length > 0 && data.every(isNumber))
    return table(
      ['', 'value'],
      data.map((value, i) => [String(i), value]),
    )
  const rows = tableOfRows(data)
  if (rows !== undefined) return rows
  if (typeof data === 'object' && data !== null) {
    const own: unknown = Reflect.get(data, 'table')
    if (typeof own === 'function') return Reflect.apply(own, data, [])
    const named = Object.entries(data)
    if (named.length > 0 && named.every(([, value]) => isNumber(value)))
      return table(['', 'value'], named as [string, number][])
  }
  const message = 'there are no numbers to draw in this'
  throw new XpvError('chart.data', message, "chart.bar(on('xpv:::').by('probename').count())")
}

const isNumber = (value: unknown): value is number | bigint | null =>
  value === null || typeof value === 'number' || typeof value === 'bigint'

/** A number in hexadecimal. Throws `XpvError` `chart.hex` for one that is not whole. */
function hexNumber(value: number | bigint): ShownAsPage {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new XpvError('chart.hex', `${value} is no whole number that is exact`, 'hex(2n ** 60n)')
  const sign = value < 0 ? '-' : ''
  const text = `${sign}0x${(value < 0 ? -value : value).toString(16)}`
  const made = page([text], text)
  return { [DISPLAY]: () => made }
}

/** Bytes with what they say; a number in hexadecimal. Throws `XpvError` `chart.hex`. */
export function hex(
  what: Uint8Array | PciFunction | number | bigint,
  given?: readonly HexField[],
): ShownAsPage {
  if (typeof what === 'number' || typeof what === 'bigint') return hexNumber(what)
  if (!(what instanceof Uint8Array) && !(what instanceof PciFunction))
    throw new XpvError('chart.hex', 'hex shows bytes and whole numbers', 'hex(255)')
  const bytes = what instanceof PciFunction ? what.config : what
  const fields = given ?? (what instanceof PciFunction ? registerFields(bytes) : [])
  const table = fields.length === 0 ? undefined : hexFields(bytes, fields)
  const made = page([hexDump(bytes), table], [...bytes])
  return { [DISPLAY]: () => made }
}

function registerFields(bytes: Uint8Array): readonly HexField[] {
  return registersOf(bytes).map(({ base, register: { name, offset, bytes: size, doc } }) => ({
    name,
    offset: base + offset,
    bytes: size,
    doc,
  }))
}

function shown(bundle: DisplayBundle): Displayable {
  return { [DISPLAY]: () => bundle }
}
