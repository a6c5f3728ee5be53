// `xpv info`: what a recording holds, from one pass over it.
import { type Cell, type Table, table } from '../base/table.js'
import { tickToNs } from '../machine/clock.js'
import type { Machine, MachineInput } from '../machine/machine.js'
import type { Obs } from '../machine/obs.js'
import { DOM0_CODES, type Loss, type ObservationStream } from '../machine/observation.js'

/** A recording in numbers. Counts are exact. */
export interface RecordingInfo {
  readonly title: string
  readonly xenVersion: Obs<string>
  readonly clockHz: Obs<number>
  /** pcpus of the host; those in the recording are `pcpusSeen`. */
  readonly pcpus: Obs<number>
  readonly inputs: readonly MachineInput[]
  readonly hypervisorRecords: number
  readonly dom0Observations: number
  readonly pcpusSeen: readonly number[]
  /** pcpus of the host of which there is no record; what ran there is not in the recording. */
  readonly pcpusUnseen: Obs<readonly number[]>
  /** From the first observation to the last: nanoseconds, or cycles without a clock rate. */
  readonly span: { readonly value: number; readonly unit: 'ns' | 'cycles' }
  readonly loss: Loss
}

/** Reads the whole recording once. Throws `XpvError` `trace.*` as observing does. */
export function recordingInfo(machine: Machine): RecordingInfo {
  const { title, xenVersion, clockHz, pcpus, inputs } = machine.snapshot()
  const stream = machine.observe()
  try {
    const counts = count(stream)
    const seen = counts.pcpus
    return {
      title,
      xenVersion,
      clockHz,
      pcpus,
      inputs,
      hypervisorRecords: counts.records,
      dom0Observations: counts.dom0,
      pcpusSeen: [...seen].sort((a, b) => a - b),
      pcpusUnseen: pcpus.kind === 'known' ? { ...pcpus, value: others(pcpus.value, seen) } : pcpus,
      span: spanOf(stream, counts.lastTick),
      loss: stream.loss,
    }
  } finally {
    stream.close()
  }
}

/** The same for people: one row a fact. */
export function infoTable(info: RecordingInfo): Table {
  const { loss, span } = info
  const rows: Cell[][] = [
    ['Xen', shown(info.xenVersion)],
    ['clock rate', withUnit(info.clockHz, 'Hz')],
    ['pcpus of the host', shown(info.pcpus)],
    ...info.inputs.flatMap(inputRows),
    ['hypervisor records', info.hypervisorRecords],
    ['dom0 observations', info.dom0Observations],
    ['pcpus seen', info.pcpusSeen.join(' ') || 'none'],
    ...unseenRows(info),
    ['span', span.unit === 'ns' ? `${(span.value / 1e9).toFixed(6)} s` : cycles(span.value)],
    ['lost records', loss.records],
    ['bytes passed over', loss.bytes],
  ]
  return table(['what', 'value'], rows)
}

/** Which pcpus have no record, where others have some. */
function unseenRows({ pcpusSeen, pcpusUnseen }: RecordingInfo): Cell[][] {
  const isSaid = pcpusSeen.length > 0 && pcpusUnseen.kind === 'known'
  const unseen = isSaid ? pcpusUnseen.value.join(' ') : ''
  return unseen === '' ? [] : [['no record of pcpus', unseen]]
}

const others = (count: number, seen: ReadonlySet<number>): readonly number[] =>
  Array.from({ length: count }, (_, i) => i).filter((pcpu) => !seen.has(pcpu))

function inputRows({ path, format, sizeBytes, note }: MachineInput): Cell[][] {
  const file = ['input', `${path} (${format}, ${sizeBytes} bytes)`]
  return note === undefined ? [file] : [file, ['note', note]]
}

const cycles = (count: number): string => `${count} cycles (pass --hz for seconds)`

interface Counts {
  records: number
  dom0: number
  lastTick: number
  readonly pcpus: Set<number>
}

function count(stream: ObservationStream): Counts {
  const counts: Counts = { records: 0, dom0: 0, lastTick: 0, pcpus: new Set() }
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    for (let i = 0; i < batch.length; i++) {
      if ((batch.code[i] ?? 0) >= DOM0_CODES) counts.dom0 += 1
      else {
        counts.records += 1
        counts.pcpus.add(batch.pcpu[i] ?? 0)
      }
    }
    counts.lastTick = Math.max(counts.lastTick, batch.ticks[batch.length - 1] ?? 0)
  }
  return counts
}

function spanOf({ clock }: ObservationStream, ticks: number): RecordingInfo['span'] {
  if (clock.hz === undefined) return { value: ticks, unit: 'cycles' }
  return { value: tickToNs(clock)(ticks), unit: 'ns' }
}

function withUnit(value: Obs<number>, unit: string): Cell {
  return value.kind === 'known' ? `${value.value} ${unit}` : shown(value)
}

function shown(value: Obs<string | number>): Cell {
  return value.kind === 'known' ? value.value : `not known: ${value.reason}`
}
