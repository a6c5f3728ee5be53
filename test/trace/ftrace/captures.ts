// Real captures for the tests, and observation rows as plain objects.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { callShape } from '../../../src/machine/hypercall.js'
import {
  CALL_ARGC,
  CALL_ARGS,
  CALL_EXECNAME,
  CALL_IN_MULTICALL,
  CALL_IOCTL,
  CALL_KNOWN,
  CALL_OP,
  CALL_PID,
  CALL_RESULT,
  CALL_RESULT_KNOWN,
  CALL_SUBOP,
  DOM0_CALL_ENTRY,
  DOM0_CALL_RETURN,
  DOM0_MARK,
  type ObservationBatch,
  type ObservationStream,
} from '../../../src/machine/observation.js'
import { type ByteSource, bytesSource } from '../../../src/trace/byte-source.js'
import { type FtraceRawFiles, openRawFiles } from '../../../src/trace/ftrace/raw-files.js'

const RECORDINGS = join(import.meta.dirname, '../../../examples/recordings')
const RAW = join(RECORDINGS, 'xl-create-raw')

/** The text of one recording's ftrace capture. */
export const captureText = (recording: string): string =>
  readFileSync(join(RECORDINGS, recording, 'privcmd.ftrace.txt'), 'utf8')

export const textSource = (text: string): ByteSource =>
  bytesSource('capture', new TextEncoder().encode(text))

/** The raw capture of xl-create; `change` may garble what a file holds. */
export function rawFiles(change: (path: string, bytes: Uint8Array) => Uint8Array = same) {
  const paths = readdirSync(RAW, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(RAW, join(entry.parentPath, entry.name)))
    .sort()
  const open = (path: string) =>
    bytesSource(path, change(path, new Uint8Array(readFileSync(join(RAW, path)))))
  return openRawFiles({ name: 'raw', paths, open }) satisfies FtraceRawFiles
}

const same = (_path: string, bytes: Uint8Array): Uint8Array => bytes

/** One observation in words. */
export interface Row {
  readonly kind: 'entry' | 'return' | 'device' | 'mark'
  readonly ticks: number
  readonly vcpu: number
  readonly pid: number
  readonly comm: string
  readonly call: string
  readonly inMulticall: boolean
  readonly result: bigint | undefined
  readonly args: Readonly<Record<string, bigint | undefined>>
}

/** Every observation of a stream. */
export function rowsOf(stream: ObservationStream): Row[] {
  const rows: Row[] = []
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    for (let i = 0; i < batch.length; i++) rows.push(rowAt(batch, i, stream.strings))
  }
  return rows
}

function rowAt(batch: ObservationBatch, i: number, strings: readonly string[]): Row {
  const at = batch.at[i] ?? 0
  const word = (n: number) => batch.words[at + n] ?? 0
  const code = batch.code[i] ?? 0
  const common = {
    ticks: batch.ticks[i] ?? 0,
    vcpu: batch.vcpu[i] ?? 0,
    pid: word(CALL_PID),
    comm: strings[word(CALL_EXECNAME)] ?? '',
  }
  if (code === DOM0_MARK) {
    const call = strings[word(2)] ?? ''
    return { kind: 'mark', ...common, call, inMulticall: false, result: undefined, args: {} }
  }
  const shape = callShape({ ioctl: word(CALL_IOCTL), op: word(CALL_OP), subop: word(CALL_SUBOP) })
  const pair = (n: number) => (BigInt(word(n + 1)) << 32n) | BigInt(word(n))
  const args = shape.args.slice(0, word(CALL_ARGC)).map((arg, n) => {
    const isKnown = (word(CALL_KNOWN) & (1 << n)) !== 0
    return [arg.name, isKnown ? pair(CALL_ARGS + 2 * n) : undefined]
  })
  return {
    kind: KINDS.get(code) ?? 'device',
    ...common,
    call: `${shape.module}:${shape.function}`,
    inMulticall: word(CALL_IN_MULTICALL) === 1,
    result: word(CALL_RESULT_KNOWN) === 1 ? BigInt.asIntN(64, pair(CALL_RESULT)) : undefined,
    args: Object.fromEntries(args),
  }
}

const KINDS: ReadonlyMap<number, Row['kind']> = new Map([
  [DOM0_CALL_ENTRY, 'entry'],
  [DOM0_CALL_RETURN, 'return'],
])
