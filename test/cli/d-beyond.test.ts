// docs/d-beyond.md quotes programs and outputs that are there: of examples/, whose outputs a test
// compares.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { inRepository } from './dtrace-run.js'

const doc = readFileSync(inRepository('docs', 'd-beyond.md'), 'utf8')
const quotes = [...doc.matchAll(/`examples\/(.+)\.d`:\n\n```d\n([^`]+)```\n\n```text\n([^`]+)```/g)]

it('there is one example of each', () => {
  const names = quotes.map(([, name]) => name)
  expect(names).toEqual(['slowest-calls', 'latency-over-time', 'calls-over-time'])
})

it.each(quotes.map(([, name = '', program = '', output = '']) => ({ name, program, output })))(
  '$name is quoted as it is',
  ({ name, program, output }) => {
    expect(readFileSync(inRepository('examples', `${name}.d`), 'utf8')).toContain(program)
    const golden = readFileSync(inRepository('test/cli/examples', `${name}.out`), 'utf8')
    for (const line of output.split('\n').slice(0, -1)) expect(golden).toContain(`${line}\n`)
  },
)
