// Numbers over time as lines, one chart for each key.
import type { DisplayBundle } from '../../base/display.js'
import { type Cell, type Table, table } from '../../base/table.js'
import { Chart } from './runnable.js'

/** Charts of a table whose last columns are a time and a number, and whose others are the key. */
export function lineChart(long: Table, draw: (line: Table) => DisplayBundle): Chart {
  const lines = seriesTables(long).map(draw)
  const [only] = lines
  if (only !== undefined && lines.length === 1) return new Chart(only)
  return new Chart({ 'text/plain': lines.map((line) => line['text/plain']).join('\n\n') })
}

/** A table of time and number for each key, the key as the heading of the numbers. */
function seriesTables(long: Table): readonly Table[] {
  const keyCount = long.columns.length - 2
  const measured = long.columns.at(-1)?.name ?? 'count'
  const lines = new Map<string, (readonly Cell[])[]>()
  for (const row of long.rows) {
    const name = row.slice(0, keyCount).join(' ') || measured
    const rows = lines.get(name) ?? []
    rows.push(row.slice(keyCount))
    lines.set(name, rows)
  }
  const time = long.columns.slice(keyCount, keyCount + 1)
  const made = [...lines].map(([name, rows]) => table([...time, name], rows))
  return made.length === 0 ? [table([...time, measured], [])] : made
}
