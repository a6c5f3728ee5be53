// D's string and number subroutines.
//
// Expected values: POSIX basename and dirname; Perl's index, rindex and substr, which D's follow;
// C's strtok.
import { expect, it } from 'vitest'
import { Memory } from '../../src/dtrace/run/memory.js'
import { layOut } from '../../src/dtrace/run/memory-layout.js'
import { NULL_STRING } from '../../src/dtrace/run/strings.js'
import { SubroutineState, type Value } from '../../src/dtrace/run/subroutine.js'
import { subroutine } from '../../src/dtrace/run/subroutines.js'
import { program } from './build.js'

function makeState(strsize = 256, dialect: 'illumos' | 'linux' = 'illumos'): SubroutineState {
  const limits = { strsize, scratchsize: 1024, dialect }
  return new SubroutineState(limits, new Memory(layOut(program([])), limits))
}

const CASES: readonly (readonly [string, readonly Value[], Value])[] = [
  ['strlen', ['h\u00e9'], 3n],
  ['strjoin', ['ab', 'cd'], 'abcd'],
  ['substr', ['abcdef', 2n], 'cdef'],
  ['substr', ['abcdef', -2n], 'ef'],
  ['substr', ['abcdef', 1n, 2n], 'bc'],
  ['substr', ['abcdef', 1n, -2n], 'bcd'],
  ['substr', ['abcdef', 6n], ''],
  ['substr', ['abcdef', -8n, 4n], 'ab'],
  ['json', ['{"a": 1024}', 'a'], '1024'],
  ['json', ['{"a": 1024', 'a'], NULL_STRING],
  ['json', ['[true, false', '1'], NULL_STRING],
  ['index', ['banana', 'an'], 1n],
  ['index', ['banana', 'an', 2n], 3n],
  ['index', ['banana', 'x'], -1n],
  ['index', ['banana', '', 99n], 6n],
  ['rindex', ['banana', 'an'], 3n],
  ['rindex', ['banana', 'an', 2n], 1n],
  ['rindex', ['banana', 'b', -1n], -1n],
  ['strchr', ['banana', 110n], 'nana'],
  ['strrchr', ['banana', 110n], 'na'],
  ['strstr', ['banana', 'nan'], 'nana'],
  ['strstr', ['banana', 'x'], NULL_STRING],
  ['strchr', ['banana', 0n], ''],
  ['basename', ['/foo/bar/'], 'bar'],
  ['basename', [''], '.'],
  ['basename', ['//'], '/'],
  ['dirname', ['/foo/bar/'], '/foo'],
  ['dirname', ['/foo'], '/'],
  ['dirname', ['foo'], '.'],
  ['cleanpath', ['/a/./b//../c'], '/a/c'],
  ['cleanpath', ['/a//b/'], '/a/b/'],
  ['cleanpath', ['/a/.'], '/a/.'],
  ['cleanpath', ['/a/..'], '/'],
  ['cleanpath', ['a/..b/.c/...'], 'a/..b/.c/...'],
  ['cleanpath', [''], ''],
  ['lltostr', [-12n], '-12'],
  ['lltostr', [31n, 16n], '0x1f'],
  ['lltostr', [8n, 8n], '010'],
  ['strtoll', [' -42x'], -42n],
  ['strtoll', ['0x1f', 16n], 31n],
  ['toupper', ['aB\u00e9'], 'AB\u00e9'],
  ['htons', [0x1234n], 0x3412n],
  ['ntohl', [0x12345678n], 0x78563412n],
]

it.each(CASES.map((c, i) => [i, ...c] as const))('%i: %s', (_i, name, args, expected) => {
  expect(subroutine(name)?.(args, makeState())).toBe(expected)
})

it('strtok goes on where the thread left off', () => {
  const state = makeState()
  const strtok = (s: Value): Value | undefined => subroutine('strtok')?.([s, '/:'], state)
  expect([strtok('/a:b//c'), strtok(0n)]).toEqual(['a', 'b'])
  state.tid = 7
  expect([strtok('x/y'), strtok(0n)]).toEqual(['x', 'y'])
  state.tid = 0
  expect([strtok(0n), strtok(0n)]).toEqual(['c', NULL_STRING])
})

it('substr() without a length takes what a string can hold: strsize', () => {
  const long = 'x'.repeat(600)
  const rest = (strsize: number) => subroutine('substr')?.([long, 1n], makeState(strsize))
  expect(rest(1024)).toBe('x'.repeat(599))
  expect(rest(256)).toBe('x'.repeat(255))
})

it.each([
  ['/a//b/', '/a/b'],
  ['/a/./b/.', '/a/b'],
  ['../a/../../b/', '../../b'],
  ['/../a', '/a'],
  ['a/..', '.'],
  ['/', '/'],
  ['', ''],
])('cleanpath on Linux: %s', (path, expected) => {
  expect(subroutine('cleanpath')?.([path], makeState(256, 'linux'))).toBe(expected)
})
