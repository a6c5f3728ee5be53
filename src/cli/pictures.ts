// Pictures at the prompt: chart.line, chart.bar, chart.heat, chart.timeline, chart.spark, hex.
import { DISPLAY, type Displayable, type DisplayBundle } from '../base/display.js'
import { page, type ShownAsPage } from '../base/page.js'
import { isTable, type Table } from '../base/table.js'
import { sparkline } from '../chart/bar.js'
import { type HexField, hexDump, hexFields } from '../chart/hex.js'
import { type PictureKind, picture } from '../chart/picture.js'
import { registersOf } from '../machine/pci/register-map.js'
import { PciFunction } from '../machine/pci-function.js'
import type { ChartData, Charts } from './prompt-globals.js'

/** The charts, as wide as `columns` says when they are made. */
export function chartsIn(columns: () => number): Charts {
  const draw =
    (kind: PictureKind) =>
    (data: ChartData, options: { readonly lane?: string; readonly kind?: string } = {}) =>
      shown(picture(tableIn(data), kind, { ...options, width: columns() }))
  return {
    line: draw('line'),
    bar: draw('bar'),
    heat: draw('heat'),
    timeline: draw('timeline'),
    spark: (values) => shown({ 'text/plain': sparkline(values) }),
  }
}

const tableIn = (data: ChartData): Table => (isTable(data) ? data : data.table())

/** Bytes with what they say. */
export function hex(what: Uint8Array | PciFunction, given?: readonly HexField[]): ShownAsPage {
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
