// Declared: the names a cell makes, and how a later cell may have them.
//
//   "let n = 1; class K {}; type T = K"  ->  n assignable, K whole, T whole
//
// Holds: only names of statements at the cell's top level. A cell that is not finished has none but
// those of its types.
import type { AnyNode, Program } from 'acorn'
import { codeTokens } from '../highlight/code-tokens.js'
import { namesIn } from '../pattern-names.js'
import { stripTypes } from '../strip.js'

/** Whether a later cell may assign to it: `let`, `var`; all else is had as it is. */
export type DeclaredKind = 'assignable' | 'whole'

/** Names, each with its kind. */
export type DeclaredNames = ReadonlyMap<string, DeclaredKind>

/** What has to be known of a cell before it is a module. */
export interface CellShape {
  readonly names: DeclaredNames
  /** `{ a: 1 }` alone is meant as an object. */
  readonly isObject: boolean
}

/** Reads a cell of TypeScript: the names that it declares, those of types too. */
export async function shapeOf(source: string): Promise<CellShape> {
  const stripped = await stripTypes(source)
  const js = stripped.kind === 'stripped' ? stripped.js : ''
  const isObject = /^\s*\(\{/.test(js) && /^\s*\{/.test(source)
  const names = new Map<string, DeclaredKind>()
  for (const statement of await statementsOf(js)) {
    for (const [name, kind] of declaredBy(statement)) names.set(name, kind)
  }
  for (const name of typesIn(source)) names.set(name, 'whole')
  return { names, isObject }
}

async function statementsOf(js: string): Promise<Program['body']> {
  const { parse } = await import('acorn')
  try {
    return parse(js, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowAwaitOutsideFunction: true,
    }).body
  } catch {
    return []
  }
}

function declaredBy(node: AnyNode): readonly (readonly [string, DeclaredKind])[] {
  if (node.type === 'VariableDeclaration') {
    const kind = node.kind === 'const' ? 'whole' : 'assignable'
    return node.declarations.flatMap(({ id }) =>
      namesIn(id).map(({ name }) => [name, kind] as const),
    )
  }
  if (node.type === 'ExportNamedDeclaration' && node.declaration) {
    return declaredBy(node.declaration)
  }
  return wholeNames(node).map((name) => [name, 'whole'])
}

function wholeNames(node: AnyNode): readonly string[] {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return node.id === null ? [] : [node.id.name]
    case 'ImportDeclaration':
      return node.specifiers.map(({ local }) => local.name)
    default:
      return []
  }
}

const DECLARES_TYPE = /^(interface|type|enum|namespace|module)$/

/** Names behind `interface`, `type`, `enum` and `namespace` where a statement may begin. */
function typesIn(source: string): readonly string[] {
  const tokens = codeTokens(source).filter(({ kind }) => kind !== 'comment')
  const textOf = (i: number): string => {
    const token = tokens[i]
    return token === undefined ? '' : source.slice(token.start, token.end)
  }
  return tokens.flatMap((token, i) => {
    const isStart = i === 0 || /^([;}]|export|declare|const)$/.test(textOf(i - 1)) || onNewLine(i)
    const next = tokens[i + 1]
    if (token.kind !== 'word' || token.depth > 0 || next?.kind !== 'word' || !isStart) return []
    return DECLARES_TYPE.test(textOf(i)) ? [textOf(i + 1)] : []
  })

  function onNewLine(i: number): boolean {
    return source.slice(tokens[i - 1]?.end ?? 0, tokens[i]?.start ?? 0).includes('\n')
  }
}
