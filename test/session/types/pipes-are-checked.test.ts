// What comes through a pipe is checked as what is typed: a cell whose types are wrong does not run.
import { expect, it } from 'vitest'
import { xpv } from '../../cli/xpv-process.js'

const CHECKED = { XPV_TYPES: 'on' }
const INPUT = 'const n: number = 1\nn.toFixd()\nconsole.log("never")\n'

it('a wrong type ends a pipe with status 3, before the cell runs', () => {
  const { status, out, err } = xpv([], { input: INPUT, env: CHECKED })
  expect({ status, out }).toEqual({ status: 3, out: '' })
  expect(err).toMatch(/^ts\.2551: line 1:3: [^\n]*toFixed/)
})

it('--no-types lets it run, and fail by itself', () => {
  const { status, err } = xpv(['--no-types'], { input: INPUT, env: CHECKED })
  expect(status).toBe(1)
  expect(err).toMatch(/^TypeError: n\.toFixd is not a function/)
})

it('what a cell prints as an error is no part of the output', () => {
  const { out, err } = xpv(['--no-types'], { input: 'console.error("bad")\nconsole.log("good")\n' })
  expect({ out, err }).toEqual({ out: 'good\n', err: 'bad\n' })
})

it('a cell that nests too deep is told of', () => {
  const { status, err } = xpv(['--no-types'], { input: `0${'+1'.repeat(200_000)}\n` })
  expect({ status, code: err.split(':')[0] }).toEqual({ status: 1, code: 'session.too-deep' })
})
