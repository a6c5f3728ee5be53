// Records and results as JSON: the same data as the text, for programs.
//
//   OutputRecord -> one JSON object (NDJSON: one a line)      RunResult -> another, the last
//
// Values are as value-json.ts has them. Divisions by normalize() are signed: the quirks of DTrace's
// text are not repeated here. A time that is not known is null.
import { probeSpec } from '../probe/description.js'
import type { OutputRecord, RecordItem, RunResult } from '../program/record.js'
import type { Dialect } from './conversion.js'
import type { OptionMap } from './options.js'
import { formatPrintf } from './printf.js'
import { snapshotJson } from './snapshot.js'
import { hexText, integerJson, type Json, valueJson } from './value-json.js'

/** One record: `kind` is firing, fault or drop. A printf carries its text and its arguments. */
export function recordJson(
  record: OutputRecord,
  dialect: Dialect = 'illumos',
  options: OptionMap = new Map(),
): Json {
  switch (record.kind) {
    case 'firing':
      return {
        kind: 'firing',
        timeNs: record.timeNs ?? null,
        cpu: record.cpu,
        id: record.probe.id,
        probe: probeSpec(record.probe),
        items: record.items.map((item) => itemJson(item, dialect, options)),
      }
    case 'fault': {
      const { epid, fault, action, text, clause, value } = record
      const place = clause === undefined ? {} : { clause }
      const bad = value === undefined ? {} : { value: integerJson(value) }
      const probe = probeSpec(record.probe)
      return { kind: 'fault', epid, probe, fault, action, text, ...place, ...bad }
    }
    case 'drop': {
      const { what, count, cpu, text } = record
      return { kind: 'drop', what, count, cpu: cpu ?? null, text: text ?? null }
    }
  }
}

/** The end of a run: its status, and every aggregation, printed before or not. */
export function resultJson(result: RunResult, options: OptionMap = new Map()): Json {
  const { status, exited, interrupted, firings } = result
  const aggregations = result.aggregations.map((a) => snapshotJson(a, options))
  return { kind: 'result', status, exited, interrupted, firings, aggregations }
}

function itemJson(item: RecordItem, dialect: Dialect, options: OptionMap): Json {
  switch (item.kind) {
    case 'trace':
      return { kind: 'trace', value: valueJson(item.value) }
    case 'printf': {
      const text = formatPrintf(item.format, item.args, dialect)
      return { kind: 'printf', text, args: item.args.map(valueJson) }
    }
    case 'printa':
      return {
        kind: 'printa',
        aggregations: item.aggregations.map((a) => snapshotJson(a, options)),
      }
    case 'print': {
      const at = item.address === undefined ? {} : { address: integerJson(item.address) }
      return { kind: 'print', type: item.value.type.name, value: valueJson(item.value), ...at }
    }
    case 'tracemem':
      return { kind: 'tracemem', bytes: hexText(item.bytes) }
    case 'stack':
      return { kind: 'stack', frames: item.frames }
    case 'system':
    case 'freopen':
      return { kind: item.kind, text: formatPrintf(item.format, item.args, dialect) }
    case 'ftruncate':
      return { kind: 'ftruncate' }
    case 'setopt':
      return { kind: 'setopt', option: item.option, value: item.value ?? null }
  }
}
