// What tools printed beside a recording: named in recording.json, read as facts, and a mistake in
// it is named.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseLspci } from '../../src/machine/pci/parse-lspci.js'
import { printRequesterId } from '../../src/machine/pci/requester-id.js'
import { parseRecordingMetadata } from '../../src/trace/recording/metadata.js'
import { xlInfoFacts } from '../../src/trace/recording/xl-info.js'

const FOLDER = join(import.meta.dirname, '../../examples/recordings/xl-create')
const text = (file: string): string => readFileSync(join(FOLDER, file), 'utf8')

const PART = { file: 'a.xt', format: 'xentrace' }
const read = (state: unknown) =>
  parseRecordingMetadata(JSON.stringify({ format: 1, parts: [PART], state }), 'x/recording.json')

it('the texts are named with what printed them', () => {
  const state = [{ file: 'xl-info.txt', format: 'xl-info' }]
  expect(read(state).state).toEqual(state)
  expect(read(undefined)).not.toHaveProperty('state')
})

it.each([
  { state: 'xl-info.txt' },
  { state: [{ file: 'xl-info.txt', format: 'uname' }] },
  { state: [{ file: '../xl-info.txt', format: 'xl-info' }] },
  { state: [null] },
])('refused, with what is expected: $state', ({ state }) => {
  expect(() => read(state)).toThrow(/"state" is .*expected a list of \{ file, format: xl-info or /)
})

it('xl info says version, memory and topology; an empty value is not known', () => {
  const facts = xlInfoFacts(text('xl-info.txt'))
  expect(facts.version).toEqual({ kind: 'known', value: '4.17.7', from: 'tool' })
  expect(facts.memoryBytes).toMatchObject({ value: 3071 * 2 ** 20 })
  expect(facts.shape).toMatchObject({ value: { sockets: 1, coresPerSocket: 4, threadsPerCore: 1 } })
  expect(facts).not.toHaveProperty('changeset')
  expect(xlInfoFacts('nothing of it')).toEqual({ toolstack: expect.anything() })
})

it('lspci -xxxx gives every function with as many bytes as it printed', () => {
  const found = parseLspci(text('lspci-vvv-xxxx.txt'))
  expect(found.map(({ id, bytes }) => [printRequesterId(id), bytes.length])).toEqual([
    ['00:00.0', 256],
    ['00:01.0', 256],
    ['00:02.0', 256],
    ['00:03.0', 4096],
    ['00:1f.0', 256],
    ['00:1f.2', 256],
    ['00:1f.3', 256],
    ['01:00.0', 4096],
  ])
  expect(parseLspci('00:00.0 Host bridge: without its bytes\n')).toEqual([])
})
