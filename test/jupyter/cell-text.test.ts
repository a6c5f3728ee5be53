// First lines that say what a cell is, and where its other lines stand.
import { expect, it } from 'vitest'
import { cellText } from '../../src/jupyter/cell-text.js'
import { pointsOf, unitsOf } from '../../src/jupyter/code-points.js'

it.each([
  ['1 + 1', {}],
  ['', {}],
  ['\n\n1', {}],
  ['1 % 2\n%%d', {}],
  ['%%d\nBEGIN {}', { language: 'd' }],
  ['\n%%esc  \nengine x;', { language: 'esc' }],
  ['%%esc site-1\nengine x;', { language: 'esc', name: 'site-1' }],
  ['%%sh\nxm list', { language: 'command' }],
  ['%%ts', { language: 'ts' }],
  ['%machine sim', { machine: { spec: 'sim' } }],
  ['%machine a b/c.xt --hz=2.6G\n1', { machine: { spec: 'a b/c.xt', hz: '2.6G' } }],
  [
    '%cd ..\n%machine x --seed 7\n%%d\nBEGIN {}',
    {
      folder: '..',
      machine: { spec: 'x', seed: '7' },
      language: 'd',
    },
  ],
  ['%machine x\n\n%cd a b\nlet y', { folder: 'a b', machine: { spec: 'x' } }],
])('%j', (code, told) => {
  const { folder, machine, language, name, source, offset } = cellText(code)
  expect({ folder, machine, language, name }).toEqual({
    folder: undefined,
    machine: undefined,
    language: undefined,
    name: undefined,
    ...told,
  })
  expect(source.split('\n')).toHaveLength(code.split('\n').length)
  const last = code.split('\n').at(-1) ?? ''
  if (!last.includes('%')) expect(source.slice(code.length - offset - last.length)).toBe(last)
})

it.each([
  ['%machine', 'takes a machine'],
  ['%machine sim --speed 7', 'takes a machine'],
  ['%%dd\n', 'no cells of %%dd'],
  ['%%d -n x\n', 'takes no words'],
  ['%%esc a b\n', '%%esc takes a name'],
  ['%timeit 1', '%timeit is not known'],
  ['%machine sim\n%timeit 1', '%timeit is not known'],
])('%j is refused', (code, message) => {
  expect(() => cellText(code)).toThrow(message)
})

it('code units and code points lead to each other', () => {
  const text = 'a😀b\n€𝒳'
  const points = [...text]
  for (let at = 0; at <= points.length; at++) {
    const units = points.slice(0, at).join('').length
    expect([unitsOf(text, at), pointsOf(text, units)]).toEqual([units, at])
  }
  expect([unitsOf(text, 99), pointsOf(text, 99)]).toEqual([text.length, points.length])
})
