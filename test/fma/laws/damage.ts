// Files that fault management reads, and accidents with them: bytes changed, lost, doubled, lines
// put elsewhere, another file's middle in this one.
import load from 'sql.js'
import { ereportToNvlist } from '../../../src/fma/event/ereport.js'
import { printNvlistJson } from '../../../src/fma/event/nvlist-json.js'
import { printNvlist } from '../../../src/fma/event/nvlist-text.js'
import { readTelemetry } from '../../../src/fma/telemetry/read.js'
import type { Dice } from '../../d/source-maker.js'
import { bytesOf, textOf } from './files.js'

const CAPTURES = 'test/sim/captures'
const FILES = [
  `${CAPTURES}/mcelog-series.bin`,
  `${CAPTURES}/mcelog-srao.bin`,
  `${CAPTURES}/mcelog-ce-domU.bin`,
  `${CAPTURES}/xl-dmesg-srao-domU.txt`,
  `${CAPTURES}/xen-4.17-aer.txt`,
  `${CAPTURES}/xen-4.20-aer.txt`,
  'test/fma/telemetry/pci/captures/no-msi-dmesg.txt',
  'test/fma/telemetry/pci/captures/root-port-dmesg.txt',
  'examples/recordings/xl-create/lspci-vvv-xxxx.txt',
  'examples/recordings/xl-create/xl-dmesg.txt',
]

const SECOND = 1_000_000_000n
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** One file of each kind of telemetry, as captured, and what fmdump prints. */
export async function telemetrySamples(): Promise<readonly Uint8Array[]> {
  const { Database } = await load()
  const database = new Database()
  database.run(textOf('test/fma/telemetry/ras-mc_event.sql'))
  const series = bytesOf(FILES[0] ?? '')
  const { ereports } = await readTelemetry('series', series, { everyNs: SECOND })
  const lists = [...ereports].slice(0, 4).map(ereportToNvlist)
  return [
    ...FILES.map(bytesOf),
    withoutTail(series),
    database.export(),
    encode(lists.map((list) => printNvlist(list)).join('\n')),
    encode(lists.map(printNvlistJson).join('\n')),
    encode('x 1.000000: mce_record: CPU: 1, MCGc/s: 1/0, MC1: 9400000000000135, TIME: 5\n'),
    encode('x 1.0: mc_event: 1 Corrected error: a on b (mc:0 location:0:0:0 address:0x1)\n'),
  ]
}

/** The same records in 88 bytes each, as older kernels gave them. */
function withoutTail(records: Uint8Array): Uint8Array {
  const short = Array.from({ length: records.length / 112 }, (_, i) =>
    records.subarray(i * 112, i * 112 + 88),
  )
  return new Uint8Array(Buffer.concat(short))
}

/** What is left of one sample after some accidents. */
export function damaged(samples: readonly Uint8Array[], dice: Dice): Uint8Array {
  let bytes: Uint8Array = dice.of(samples).slice()
  for (let i = 0; i <= dice.below(5); i++) bytes = accident(bytes, dice.of(samples), dice)
  return bytes
}

function accident(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  const at = dice.below(bytes.length + 1)
  const length = dice.below(dice.of([2, 20, 200]))
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  const from = dice.below(other.length + 1)
  switch (dice.below(9)) {
    case 0:
      return joined(before, after.subarray(length))
    case 1:
      return joined(before, other.subarray(from, from + length), after)
    case 2:
      return before.slice()
    case 3:
      return joined(before, bytes.subarray(Math.max(0, at - length), at), after)
    case 4:
      return textual(bytes, dice)
    default: {
      const changed = bytes.slice()
      for (let i = 0; i <= dice.below(6); i++) {
        const place = dice.below(Math.max(1, changed.length))
        changed[place] = dice.of([0, 255, 0x80, 0x0a, 0x30, dice.below(256)])
      }
      return changed
    }
  }
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

const NUMBERS = ['-1', '0', '99999999999999999999', '0xffffffffffffffff', 'NaN', '1e999', '']

/** A number of a text becomes another, or a line goes elsewhere. */
function textual(bytes: Uint8Array, dice: Dice): Uint8Array {
  if (bytes.includes(0)) return bytes
  const text = new TextDecoder('latin1').decode(bytes)
  if (dice.below(2) === 0) {
    const lines = text.split('\n')
    const [line = ''] = lines.splice(dice.below(lines.length), 1)
    lines.splice(dice.below(lines.length + 1), 0, line)
    return new Uint8Array(Buffer.from(lines.join('\n'), 'latin1'))
  }
  const numbers = [...text.matchAll(/\b(0x)?[0-9a-f]+\b/g)]
  const chosen = numbers[dice.below(numbers.length + 1)]
  if (chosen === undefined) return bytes
  const end = chosen.index + chosen[0].length
  const changed = text.slice(0, chosen.index) + dice.of(NUMBERS) + text.slice(end)
  return new Uint8Array(Buffer.from(changed, 'latin1'))
}
