// Tree: what is below what, drawn with branches.
//
//   nodes of text and children  ->  a
//                                   ├─ b
//                                   │  further line of b
//                                   └─ c
//
// Holds: nodes at the top have no branch; further lines stand under their node's text, and
// branches that go on are drawn past them. For where only ASCII can be shown, `asciiText` has a
// likeness of each.

/** One node. Lines of its text after the first stand under the first. */
export interface TreeNode {
  readonly text: string
  readonly below: readonly TreeNode[]
}

/** What stands in front of a node's lines: of its first, and of further ones. */
export interface Branch {
  readonly first: string
  readonly further: string
}

/** The lines of a tree, without line ends. */
export function treeLines(roots: readonly TreeNode[]): readonly string[] {
  const nodes = roots.flatMap((root) => flat(root, 0))
  const branches = branchesOf(nodes.map(({ depth }) => depth))
  return nodes.flatMap(({ text }, i) => {
    const { first = '', further = '' } = branches[i] ?? {}
    return text.split('\n').map((line, n) => `${n === 0 ? first : further}${line}`)
  })
}

/** The branches of nodes of which is known how deep each is, in the order of their lines. */
export function branchesOf(depths: readonly number[]): readonly Branch[] {
  /** By depth, whether the node above what is below has one more. */
  let goesOn: readonly boolean[] = []
  const upwards = depths.toReversed().map((depth): Branch => {
    const past = Array.from({ length: Math.max(0, depth - 1) }, (_, i) => bar(goesOn[i + 1])).join(
      '',
    )
    const hasNext = goesOn[depth]
    goesOn = Array.from({ length: depth + 1 }, (_, i) => i === depth || goesOn[i] === true)
    if (depth === 0) return { first: '', further: '' }
    return { first: `${past}${hasNext ? '├─ ' : '└─ '}`, further: `${past}${bar(hasNext)}` }
  })
  return upwards.toReversed()
}

/** What a line of text begins with: the blanks and branches before its first word. */
export function branchAt(line: string): Branch {
  const first = /^[ │├└─]*/.exec(line)?.[0] ?? ''
  return { first, further: first.replace('├─', '│ ').replace('└─', '  ') }
}

const bar = (goesOn = false): string => (goesOn ? '│  ' : '   ')

function flat({ text, below }: TreeNode, depth: number): readonly Placed[] {
  return [{ text, depth }, ...below.flatMap((each) => flat(each, depth + 1))]
}

interface Placed {
  readonly text: string
  readonly depth: number
}
