// Trees are drawn with branches, of nodes or of rows of a table, in any width.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { asciiText } from '../../src/base/ascii.js'
import { branchesOf, type TreeNode, treeLines } from '../../src/base/tree.js'
import { textTable } from '../../src/chart/table.js'

const node = (text: string, ...below: readonly TreeNode[]): TreeNode => ({ text, below })

const TREE = node('a\nmore', node('b\nmore', node('c')), node('d', node('e\nmore')))

it('further lines stand under their branch, and branches that go on pass them', () => {
  expect(treeLines([TREE, node('f')])).toEqual([
    ...['a', 'more'],
    ...['├─ b', '│  more', '│  └─ c'],
    ...['└─ d', '   └─ e', '      more'],
    'f',
  ])
})

it('in ASCII it is as wide', () => {
  const ascii = treeLines([TREE]).map(asciiText)
  expect(ascii.slice(2, 5)).toEqual(['|- b', '|  more', '|  `- c'])
  expect(ascii.map((line) => line.length)).toEqual(treeLines([TREE]).map((line) => line.length))
})

it('a column of a tree has branches, past wrapped rows too', () => {
  const columns = [
    { name: 'at', isKey: true, isTree: true },
    { name: 'what', wraps: true },
  ]
  const rows = [
    ['r', 'x'],
    ['  s', 'one two three'],
    ['    t', 'x'],
    ['  u', 'y'],
  ]
  const text = textTable({ kind: 'table', columns, rows }, { width: 14 })
  expect(text.split('\n').slice(2)).toEqual([
    ...['r        x', '├─ s     one', '│        two', '│        three'],
    ...['│  └─ t  x', '└─ u     y'],
  ])
})

const trees = fc.memo((depth: number): fc.Arbitrary<TreeNode> => {
  const below = depth > 1 ? fc.array(trees(depth - 1), { maxLength: 3 }) : fc.constant([])
  return fc.record({ text: fc.constantFrom('x', 'x\ny'), below })
})

it('of any tree: every branch hangs on what is drawn above it', () => {
  fc.assert(
    fc.property(fc.array(trees(4), { maxLength: 4 }), (roots) => {
      const lines = treeLines(roots)
      lines.forEach((line, i) => {
        for (const { index } of line.matchAll(/[│├└]/g)) {
          expect(lines[i - 1]?.[index] ?? ' ').toMatch(/[│├xy]/)
        }
      })
    }),
  )
})

it('of any depths: nodes at the top have no branch, others end in one', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 6 })), (depths) => {
      branchesOf(depths).forEach(({ first, further }, i) => {
        const width = (depths[i] ?? 0) * 3
        expect([first.length, further.length]).toEqual([width, width])
        expect(/[├└]─ $/.test(first)).toBe(width > 0)
      })
    }),
  )
})
