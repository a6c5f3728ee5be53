// `xpv info`: what a recording holds, from one pass over it.
import { type Cell, type Table, table } from '../base/table.js'
import { tickToNs } from '../machine/clock.js'
import type { Machine } from '../machine/machine.js'
import type { Obs } from '../machine/obs.js'
import { DOM0_CODES, type Loss, type ObservationStream } from '../machine/observation.js'

/** A recording in numbers. Counts are exact; `spanNs` is undefined without a clock rate. */
export interface RecordingInfo {
  readonly title: string
  readonly facts: Table
  readonly loss: Loss
}

/** Reads the whole recording once. Throws `XpvError` `trace.*` as observing does. */
export function recordingInfo(machine: Machine): RecordingInfo {
  const snapshot = machine.snapshot()
  const stream = machine.observe()
  try {
    const counts = count(stream)
    const rows: Cell[][] = [
      ['Xen', shown(snapshot.xenVersion)],
      ['clock rate', shown(snapshot.clockHz)],
      ['pcpus of the host', shown(snapshot.pcpus)],
      ...snapshot.inputs.map((input): Cell[] => [
        'input',
        `${input.path} (${input.format}, ${input.sizeBytes} bytes)`,
      ]),
      ...snapshot.inputs.flatMap((i): Cell[][] => (i.note === undefined ? [] : [['note', i.note]])),
      ['hypervisor records', counts.records],
      ['dom0 observations', counts.dom0],
      ['pcpus seen', [...counts.pcpus].sort((a, b) => a - b).join(' ')],
      ['span', spanOf(stream, counts.lastTick)],
      ['lost records', stream.loss.records],
      ['bytes passed over', stream.loss.bytes],
    ]
    return { title: snapshot.title, facts: table(['what', 'value'], rows), loss: stream.loss }
  } finally {
    stream.close()
  }
}

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

function spanOf(stream: ObservationStream, ticks: number): Cell {
  if (stream.clock.hz === undefined) return `${ticks} cycles (pass --hz for seconds)`
  return `${(tickToNs(stream.clock)(ticks) / 1e9).toFixed(6)} s`
}

function shown(value: Obs<string | number>): Cell {
  return value.kind === 'known' ? value.value : `not known: ${value.reason}`
}
