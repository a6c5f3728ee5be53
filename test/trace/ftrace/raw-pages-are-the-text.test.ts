import { expect, it } from 'vitest'
import { noLoss } from '../../../src/machine/observation.js'
import { openFtraceRaw, openFtraceText } from '../../../src/trace/ftrace/ftrace.js'
import type { FtraceReader, FtraceRecord } from '../../../src/trace/ftrace/ftrace-record.js'
import { parseSavedCmdlines } from '../../../src/trace/ftrace/raw-files.js'
import { parseHeaderPage, parseRawFormat } from '../../../src/trace/ftrace/raw-format.js'
import { RawReader } from '../../../src/trace/ftrace/raw-reader.js'
import { TextReader } from '../../../src/trace/ftrace/text-reader.js'
import { captureText, rawFiles, rowsOf, textSource } from './captures.js'

const text = captureText('xl-create')

it('the raw pages decode to exactly the records that the kernel printed as text', () => {
  const files = rawFiles()
  const raw = recordsOf(
    new RawReader(
      {
        pages: files.pages,
        layout: parseHeaderPage(files.headerPage),
        formats: new Map(files.formats.map(parseRawFormat).map((f) => [f.id, f])),
        comms: parseSavedCmdlines(files.savedCmdlines ?? ''),
      },
      0n,
      noLoss(),
    ),
  )
  const printed = recordsOf(new TextReader(textSource(text), 0n, noLoss()))
  expect(raw).toHaveLength(text.split('\n').filter((line) => /^ .*\[\d+\]/.test(line)).length)
  expect(raw.map(asPrinted)).toEqual(printed.map(asPrinted))
})

it('both forms give the same observations, to the microsecond that text keeps', () => {
  const raw = openFtraceRaw(rawFiles())
  const printed = openFtraceText(textSource(text))
  const rowsAt = (file: typeof raw) => {
    const { zero } = file.info.clock
    return rowsOf(file.observe()).map((row) => ({
      ...row,
      ticks: rounded(zero + BigInt(row.ticks)),
    }))
  }
  expect(rowsAt(raw)).toEqual(rowsAt(printed))
})

it('a capture says how it counts time and what it lost', () => {
  expect(openFtraceRaw(rawFiles()).info).toMatchObject({
    form: 'raw',
    clock: { unit: 'ns', hz: 1e9, zero: 257168430333n },
    vcpus: 2,
    overwritten: 0,
  })
  expect(openFtraceText(textSource(text)).info).toMatchObject({
    form: 'tracefs',
    clock: { unit: 'ns', hz: 1e9, zero: 257168430000n },
    vcpus: 2,
    overwritten: 0,
  })
})

function recordsOf(reader: FtraceReader): FtraceRecord[] {
  const records: FtraceRecord[] = []
  for (let item = reader.next(); item !== undefined; item = reader.next()) {
    if (item.kind === 'record') records.push(item)
  }
  return records
}

/** A record as the kernel prints it: nanoseconds rounded to microseconds, kernel addresses as
 *  symbols. */
function asPrinted(record: FtraceRecord) {
  const addresses = new Set(['ip', '__probe_ip', '__probe_func', '__probe_ret_ip'])
  return {
    ...record,
    ticks: rounded(BigInt(record.ticks)),
    name: record.name === 'print' ? 'tracing_mark_write' : record.name,
    fields: [...record.fields].filter(([name]) => !addresses.has(name)),
  }
}

const rounded = (ns: bigint): bigint => (ns + 500n) / 1000n
