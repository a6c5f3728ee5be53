// Every record of four real captures, against what xenalyze 4.17 printed of them: order, pcpu,
// time, current vcpu, event and arguments. No tolerance.
import { expect, it } from 'vitest'
import { CAPTURE_HZ, CAPTURES, openCapture, oracleDump } from './captures.js'
import { type DumpLine, dumpLine, parseDump } from './xenalyze-text.js'

function dumpLines(path: string): DumpLine[] {
  const stream = openCapture(path).observe()
  const lines: DumpLine[] = []
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    for (let i = 0; i < batch.length; i++) {
      const line = dumpLine(batch, i, stream.clock, CAPTURE_HZ)
      if (line !== undefined) lines.push(line)
    }
  }
  return lines
}

function same(a: DumpLine, b: DumpLine | undefined): boolean {
  if (b === undefined) return false
  return a.time === b.time && a.pcpu === b.pcpu && a.current === b.current && a.text === b.text
}

it.each(CAPTURES)('$name: every record is where and what xenalyze says', ({ name, path }) => {
  const theirs = parseDump(oracleDump(name))
  const ours = dumpLines(path)
  const at = ours.findIndex((line, i) => !same(line, theirs[i]))
  expect({ at, line: ours[at] }).toEqual({ at: -1, line: theirs[at] })
  expect(ours.length).toBe(theirs.length)
})
