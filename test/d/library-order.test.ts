// D libraries come in the order of what they depend on.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { orderLibraries } from '../../src/dtrace/d/library.js'

const file = (name: string, ...needs: readonly string[]) => ({
  path: `/lib/${name}.d`,
  folder: '/lib',
  text: needs.map((need) => `#pragma D depends_on library ${need}.d\n`).join(''),
})

const order = (...files: ReturnType<typeof file>[]) => {
  const found = orderLibraries(files)
  return found.kind === 'ok' ? found.files.map(({ path }) => path.slice(5, -2)) : found.message
}

it.each([
  ['none depends', [file('a'), file('b')], ['a', 'b']],
  ['a chain', [file('a', 'b'), file('b', 'c'), file('c')], ['c', 'b', 'a']],
  [
    'a circle',
    [file('a', 'b'), file('b', 'a')],
    'Cyclic dependency detected: /lib/b.d => /lib/a.d',
  ],
  ['one of itself', [file('a', 'a')], 'Cyclic dependency detected: /lib/a.d => /lib/a.d'],
  ['on nothing', [file('a', 'z')], 'Invalid library dependency in /lib/a.d: /lib/z.d'],
])('%s', (_, files, expected) => expect(order(...files)).toEqual(expected))

it('each comes once, after all that it needs, whatever the order of the folder', () => {
  const graph = fc.array(fc.array(fc.nat(9), { maxLength: 4 }), { maxLength: 10 })
  fc.assert(
    fc.property(graph, (needs) => {
      // A file needs only files of lower numbers: no circles.
      const files = needs.map((list, i) =>
        file(`f${i}`, ...list.filter((n) => n < i).map((n) => `f${n}`)),
      )
      const sorted = order(...[...files].reverse())
      if (typeof sorted === 'string') throw new Error(sorted)
      expect([...sorted].sort()).toEqual(files.map((_, i) => `f${i}`).sort())
      for (const [i, list] of needs.entries())
        for (const n of list.filter((n) => n < i))
          expect(sorted.indexOf(`f${n}`)).toBeLessThan(sorted.indexOf(`f${i}`))
    }),
  )
})
