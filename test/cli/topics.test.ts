// The manual at the prompt: it has every name that cells are given, and its examples run.
import { expect, it } from 'vitest'
import { TOPICS } from '../../src/cli/topics.js'
import { xpv } from './xpv-process.js'

const RECORDING = 'examples/recordings/xl-create'
/** Topics of which more can be said of a machine on which time passes. */
const LIVE: readonly string[] = ['machine', 'open']

it.each([
  { spec: RECORDING, topics: TOPICS.filter(({ name }) => !LIVE.includes(name)) },
  { spec: 'sim', topics: TOPICS.filter(({ name }) => LIVE.includes(name)).reverse() },
])('every example runs on $spec and shows something', ({ spec, topics }) => {
  const examples = topics
    .flatMap(({ examples }) => examples)
    .filter((line) => !line.includes('my-trace'))
  const input = examples.flatMap((line, i) => [`console.log('example ${i}')`, line]).join('\n')
  const { status, out, err } = xpv(['--machine', spec], { input: `${input}\n` })
  expect({ status, err }).toEqual({ status: 0, err: '' })
  const shown = out.split(/^example \d+\n/m).slice(1)
  expect(shown.length).toBe(examples.length)
  expect(shown.filter((text) => text.trim() === '')).toEqual([])
})

it('help all lists every topic, and tells of each by name, by value and when asked', () => {
  const asked = TOPICS.map(({ name }) => `help ${name}\nhelp(${name})\n${name}?`)
  const input = `help all\n${asked.join('\n')}\n`
  const { status, out } = xpv([], { input })
  expect(status).toBe(0)
  for (const { name, summary } of TOPICS) {
    expect(out).toMatch(new RegExp(`^  ${name} +${summary.replace(/[.*()]/g, '\\$&')}$`, 'm'))
    expect({ name, pages: out.split(`${name} - ${summary}\n`).length - 1 }).toEqual({
      name,
      pages: 3,
    })
  }
})
