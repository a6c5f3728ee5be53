// A fork has the past of the machine it is of, and from then on one of its own.
import { expect, it } from 'vitest'
import { xpv } from './xpv-process.js'

/** What these lines print after the last `=`. */
function shown(lines: readonly string[]): readonly string[] {
  const { out } = xpv(['--machine', 'sim:xen-4.17'], { input: `${lines.join('\n')}\n` })
  return (out.split('=\n').at(-1) ?? '').trim().split('\n')
}

const CREATED = "('xpv:::dom-create-start').by('execname').count().rows()"
const count = (on: string): string => `console.log(JSON.stringify(${on}${CREATED}))`

it('what happened before happened to both, what happens after to one', () => {
  const [before, ofFork, ofMachine] = shown([
    'xl create web1',
    'const other = machine.fork()',
    "console.log('=')",
    count('other.on'),
    `other.command('xl create web1 name="web2"') && ${count('other.on')}`,
    count('on'),
  ]).filter((line) => line.startsWith('['))
  const created = (value: number): unknown => [{ execname: 'xl', value }]
  expect(JSON.parse(before ?? '')).toEqual(created(1))
  expect(JSON.parse(ofFork ?? '')).toEqual(created(2))
  expect(JSON.parse(ofMachine ?? '')).toEqual(created(1))
})
