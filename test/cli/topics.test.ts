// The manual at the prompt: it has every name that cells are given, and its examples run.
import { expect, it } from 'vitest'
import { TOPICS } from '../../src/cli/topics.js'
import { xpv } from './xpv-process.js'

const examples = TOPICS.flatMap(({ examples }) => examples).filter(
  (line) => !line.includes('my-trace'),
)

it('every example runs and shows something', () => {
  const input = examples.flatMap((line, i) => [`console.log('example ${i}')`, line]).join('\n')
  const recording = ['--machine', 'examples/recordings/xl-create']
  const { status, out, err } = xpv(recording, { input: `${input}\n` })
  expect({ status, err }).toEqual({ status: 0, err: '' })
  const shown = out.split(/^example \d+\n/m).slice(1)
  expect(shown.length).toBe(examples.length)
  expect(shown.filter((text) => text.trim() === '')).toEqual([])
})

it('help lists every topic, and tells of each by name and by value', () => {
  const input = `help\n${TOPICS.map(({ name }) => `help ${name}\nhelp(${name})`).join('\n')}\n`
  const { status, out } = xpv([], { input })
  expect(status).toBe(0)
  for (const { name, summary } of TOPICS) {
    expect(out).toMatch(new RegExp(`^  ${name} +${summary.replace(/[.*()]/g, '\\$&')}$`, 'm'))
    expect(out.split(`${name} - ${summary}\n`).length).toBe(3)
  }
})
