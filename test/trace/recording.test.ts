// recording.json: what is read of it, and that every mistake in it is named.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { XpvError } from '../../src/base/error.js'
import { parseRecordingMetadata } from '../../src/trace/recording/metadata.js'

const RECORDINGS = join(import.meta.dirname, '../../examples/recordings')

const part = { file: 'a.xt', format: 'xentrace' }
const whole = { format: 1, title: 'a title', parts: [part] }

const read = (json: unknown) => parseRecordingMetadata(JSON.stringify(json), 'x/recording.json')

function refused(text: string): XpvError {
  try {
    parseRecordingMetadata(text, 'x/recording.json')
  } catch (error) {
    if (error instanceof XpvError) return error
    throw error
  }
  throw new Error(`accepted ${text}`)
}

it('the least a recording says', () => {
  expect(read({ format: 1, parts: [part] })).toEqual({ title: 'x/recording.json', parts: [part] })
})

it('all it can say', () => {
  const said = {
    title: 'two captures',
    xen: '4.17.7',
    host: 'a machine',
    pcpus: 4,
    parts: [
      { ...part, hz: 2_600_000_000, sha256: '07a5', note: 'the hypervisor' },
      { file: 'raw/per_cpu', format: 'ftrace-raw', offsetNs: 0 },
      { file: 'dom0.txt', format: 'ftrace-text', offsetNs: 930_376_681 },
    ],
  }
  expect(read({ format: 1, ...said })).toEqual(said)
})

it('what it does not say has no field, not even an undefined one', () => {
  const { parts, ...rest } = read(whole)
  expect(Object.keys(rest)).toEqual(['title'])
  expect(Object.keys(parts[0] ?? {})).toEqual(['file', 'format'])
})

it('fields of later versions are passed over', () => {
  expect(read({ ...whole, later: true })).toEqual({ title: 'a title', parts: [part] })
})

it.each([
  { json: { ...whole, format: 2 }, names: '"format" is 2' },
  { json: { title: 't', parts: [part] }, names: '"format" is missing' },
  { json: { ...whole, title: 7 }, names: '"title" is 7' },
  { json: { ...whole, xen: 4.17 }, names: '"xen" is 4.17' },
  { json: { ...whole, host: null }, names: '"host" is null' },
  { json: { ...whole, pcpus: '4' }, names: '"pcpus" is "4"' },
  { json: { ...whole, pcpus: 0 }, names: '"pcpus" is 0' },
  { json: { ...whole, pcpus: 2.5 }, names: '"pcpus" is 2.5' },
  { json: { format: 1, title: 't' }, names: '"parts" is missing' },
  { json: { ...whole, parts: [] }, names: '"parts" is []' },
  { json: { ...whole, parts: { 0: part } }, names: '"parts" is {' },
  { json: { ...whole, parts: [part, 'b.xt'] }, names: '"parts[1]" is not an object' },
])('a mistake of the recording is named: $names', ({ json, names }) => {
  const error = refused(JSON.stringify(json))
  expect(error.code).toBe('recording.metadata')
  expect(error.message).toContain(`x/recording.json: ${names}`)
})

it.each([
  { change: { file: undefined }, names: 'file" is missing' },
  { change: { file: '' }, names: 'file" is ""' },
  { change: { file: 3 }, names: 'file" is 3' },
  { change: { file: '/etc/passwd' }, names: 'file" is "/etc/passwd"' },
  { change: { file: '../other/a.xt' }, names: 'file" is "../other/a.xt"' },
  { change: { file: 'raw/../../a.xt' }, names: 'file" is "raw/../../a.xt"' },
  { change: { file: 'raw/..' }, names: 'file" is "raw/.."' },
  { change: { format: 'xentrace2' }, names: 'format" is "xentrace2"' },
  { change: { format: undefined }, names: 'format" is missing' },
  { change: { hz: 0 }, names: 'hz" is 0' },
  { change: { hz: '2.6G' }, names: 'hz" is "2.6G"' },
  { change: { hz: 2.5 }, names: 'hz" is 2.5' },
  { change: { hz: 2 ** 53 }, names: 'hz" is 9007199254740992' },
  { change: { offsetNs: -1 }, names: 'offsetNs" is -1' },
  { change: { offsetNs: 0.5 }, names: 'offsetNs" is 0.5' },
  { change: { sha256: 7 }, names: 'sha256" is 7' },
  { change: { note: ['x'] }, names: 'note" is ["x"]' },
])('a mistake of a part is named with its place: $names', ({ change, names }) => {
  const error = refused(JSON.stringify({ ...whole, parts: [part, { ...part, ...change }] }))
  expect(error.code).toBe('recording.metadata')
  expect(error.message).toContain(`x/recording.json: "parts[1].${names}`)
})

it.each(['a..b.xt', '..a.xt', 'raw/..a', 'raw/a'])('%s lies inside the folder', (file) => {
  expect(read({ ...whole, parts: [{ ...part, file }] }).parts[0]?.file).toBe(file)
})

it.each([
  { text: '', says: /^x\/recording\.json: not JSON: / },
  { text: '{ "format": 1, }', says: /^x\/recording\.json: not JSON: / },
  { text: '[]', says: /^x\/recording\.json: not a JSON object$/ },
  { text: 'null', says: /^x\/recording\.json: not a JSON object$/ },
  { text: '1', says: /^x\/recording\.json: not a JSON object$/ },
])('what is no JSON object is refused: $text', ({ text, says }) => {
  const error = refused(text)
  expect(error.code).toBe('recording.metadata')
  expect(error.message).toMatch(says)
})

it('every recording of the examples is one, and its files are those it was made with', () => {
  const files = readdirSync(RECORDINGS, { recursive: true, encoding: 'utf8' })
  const found = files.filter((file) => basename(file) === 'recording.json')
  expect(found).toContain(join('xl-create', 'recording.json'))
  const parts = found.flatMap((file) => {
    const { parts } = parseRecordingMetadata(readFileSync(join(RECORDINGS, file), 'utf8'), file)
    return parts.map((p) => ({ ...p, path: join(dirname(file), p.file) }))
  })
  expect(parts.filter(({ path }) => !files.includes(path))).toEqual([])
  const changed = parts.filter(
    ({ path, sha256 }) => sha256 !== undefined && sha256 !== digest(join(RECORDINGS, path)),
  )
  expect(changed).toEqual([])
})

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
