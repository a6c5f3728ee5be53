// What somebody types who knows other tools: an unknown first word leads to what does that here.
import { expect, it } from 'vitest'
import { meantCell } from '../../src/session/suggestion.js'

const KNOWN = {
  commands: ['dtrace', 'xm', 'help', 'psrinfo'],
  names: ['domains', 'pcpus', 'xen', 'chart', 'explain'],
  isFunction: (name: string) => name === 'explain',
}

it.each([
  ['list', 'list', 'xm list'],
  ['create web1', undefined, 'xm create web1'],
  ['sudo xm list', undefined, 'xm list'],
  ['show domains', undefined, 'domains'],
  ['show guests', undefined, 'domains'],
  ["print('x')", 'print', "console.log('x')"],
  ['echo it', undefined, 'console.log("it")'],
  ['xentop', 'xentop', 'domains'],
  ['version', 'version', 'xen'],
  ['save it.xpv.md', undefined, '.save it.xpv.md'],
  ['hello', 'hello', 'help'],
  ['pcpus 0', undefined, 'pcpus[0]'],
  ['domains Domain-0', undefined, "domains.named('Domain-0')"],
  ['explain ENOENT', undefined, "explain('ENOENT')"],
  ['dtrce -l', 'dtrce', 'dtrace -l'],
  ['domans.length', 'domans', 'domains.length'],
])('%s', (source, unknown, meant) => expect(meantCell(source, unknown, KNOWN)).toBe(meant))

it.each([
  ['nothing.here + 1', 'nothing'],
  ['show it all', undefined],
  ['fd', 'fd'],
])('of %s nothing is known', (source, unknown) => {
  expect(meantCell(source, unknown, KNOWN)).toBe(undefined)
})
