// The rewrite: makes a cell of JavaScript into one that V8 can run at the top level again and
// again.
//
//   const a = 1                    ->  ;( a = 1);                 a is a property of the global
// object
//   function f() {}                ->  f = function () {}         moved to the top, as functions
// are
//   class K {}                     ->  K = class K {}
//   import { x as y } from 'm'     ->  ({ x: y } = await IMPORT('m'))
//   import('m')                    ->  IMPORT('m')
//   import.meta                    ->  META
//   await p                        ->  BACK(await AWAIT(p, N))     so that cell N can be cut off:
//                                                                  gates.ts
//
// Holds: names declared at the top level become global properties (so any kind may be declared
// anew, and a session can take them all away again); everything inside a block or function stays as
// it is; the code is strict, as in a module; every position in the result leads back to the
// JavaScript it came from.
import type {
  AnyNode,
  ExportNamedDeclaration,
  Identifier,
  ImportDeclaration,
  Node,
  Pattern,
  Program,
  VariableDeclaration,
} from 'acorn'
import type { Diagnostic } from '../base/diagnostic.js'
import {
  AWAIT_FUNCTION,
  BACK_FUNCTION,
  EACH_FUNCTION,
  type GateNames,
  gatesOf,
  TURNS_FUNCTION,
} from './gates.js'
import { namesIn } from './pattern-names.js'

/** The global function that imports are turned into calls of. */
export const IMPORT_FUNCTION = '__xpvImport'

/** The global that `import.meta` is. */
export const META_NAME = '__xpvMeta'

const GATES: GateNames = {
  wait: AWAIT_FUNCTION,
  back: BACK_FUNCTION,
  each: EACH_FUNCTION,
  turns: TURNS_FUNCTION,
}

/** Names of the realm without which the program around the cells stops working. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'Object Function Array String Number Boolean Symbol BigInt Math JSON Reflect Proxy RegExp ' +
    'Date Map Set WeakMap WeakSet WeakRef Promise Error TypeError RangeError SyntaxError ' +
    'Uint8Array Uint16Array Uint32Array Int32Array Float64Array BigInt64Array BigUint64Array ' +
    'ArrayBuffer SharedArrayBuffer DataView Atomics globalThis process Buffer AbortController ' +
    'setTimeout setInterval setImmediate clearTimeout clearInterval queueMicrotask isNaN parseInt'
  ).split(' '),
)

/** Whether nobody may take that name. */
export function isReserved(name: string): boolean {
  return RESERVED.has(name)
}

/** A cell ready to run. */
export interface Rewritten {
  readonly kind: 'rewritten'
  readonly code: string
  /** Names the cell declares at its top level. */
  readonly names: readonly string[]
  /** Whether the cell has a value: its last statement is an expression. */
  readonly yields: boolean
  /** The offset in the JavaScript for an offset in `code`. */
  readonly origin: (offset: number) => number
}

/** A cell ready to run, or the first thing in it that cannot be. */
export type RewriteResult = Rewritten | { readonly kind: 'mistake'; readonly mistake: Diagnostic }

/** Rewrites the cell of that number. Loads the parser on first use. `isPlain`: for an engine that
 *  knows no await at the top; a cell that awaits there becomes a function. */
export async function rewriteCell(
  js: string,
  cell: number,
  isPlain = false,
): Promise<RewriteResult> {
  const { parse } = await import('acorn')
  let program: Program
  try {
    program = parse(js, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowAwaitOutsideFunction: true,
      checkPrivateFields: true,
    })
  } catch (thrown) {
    return { kind: 'mistake', mistake: parseMistake(js, thrown) }
  }
  return new Rewriter(js, program, cell).result(isPlain)
}

function parseMistake(js: string, thrown: unknown): Diagnostic {
  if (!(thrown instanceof SyntaxError) || !('pos' in thrown)) throw thrown
  const start = Math.min(Number(thrown.pos), js.length)
  const isDecorator = js[start] === '@'
  const message = isDecorator ? DECORATOR : thrown.message.replace(/ \(\d+:\d+\)$/, '')
  return { code: 'nb.syntax', severity: 'error', message, span: { start, end: start + 1 } }
}

const DECORATOR = 'no engine runs decorators yet; call the function: A = log(A)'

/** Text of the result; `from` is where it stood in the source, undefined when it was made. */
interface Piece {
  readonly text: string
  readonly from: number | undefined
}

/** Declarations by node type; only `export default` ones have no name. */
type FunctionNode = Extract<AnyNode, { type: 'FunctionDeclaration' }>
type ClassNode = Extract<AnyNode, { type: 'ClassDeclaration' }>

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
  /** What closes an expression comes before what ends its statement at the same place. */
  readonly rank: -1 | 0 | 1
}

class Rewriter {
  readonly #js: string
  readonly #program: Program
  readonly #cell: number
  readonly #edits: Edit[] = []
  readonly #names = new Map<string, number>()
  readonly #functions: { readonly name: string; readonly node: Node }[] = []
  #mistake: Diagnostic | undefined
  #awaits = false

  constructor(js: string, program: Program, cell: number) {
    this.#js = js
    this.#program = program
    this.#cell = cell
  }

  result(isPlain: boolean): RewriteResult {
    for (const statement of this.#program.body) this.#topLevel(statement)
    this.#inside(this.#program, undefined)
    const isFunction = isPlain && this.#awaits
    if (isFunction) this.#return(this.#program.body.at(-1))
    if (this.#mistake !== undefined) return { kind: 'mistake', mistake: this.#mistake }
    this.#edits.sort((a, b) => a.start - b.start || a.end - b.end || a.rank - b.rank)
    const pieces = this.#pieces(isFunction)
    return {
      kind: 'rewritten',
      code: pieces.map((piece) => piece.text).join(''),
      names: [...this.#names].sort(([, a], [, b]) => a - b).map(([name]) => name),
      yields: this.#program.body.at(-1)?.type === 'ExpressionStatement',
      origin: originIn(pieces),
    }
  }

  #topLevel(statement: AnyNode): void {
    switch (statement.type) {
      case 'VariableDeclaration':
        if (statement.kind !== 'var') this.#variables(statement, ';(')
        break
      case 'FunctionDeclaration':
        this.#function(statement, statement)
        break
      case 'ClassDeclaration':
        this.#class(statement)
        break
      case 'ImportDeclaration':
        this.#import(statement)
        break
      case 'ExportNamedDeclaration':
        this.#export(statement)
        break
      case 'ExportDefaultDeclaration':
      case 'ExportAllDeclaration':
        this.#refuse(statement, 'a cell has nobody to export to')
        break
    }
  }

  /** `var` reaches out of blocks, but not out of functions. */
  #inside(node: AnyNode, parent: AnyNode | undefined, isHidden = false): void {
    this.#anywhere(node)
    const isAwait = node.type === 'AwaitExpression' || node.type === 'ImportDeclaration'
    if (!isHidden && (isAwait || (node.type === 'ForOfStatement' && node.await)))
      this.#awaits = true
    const isVar = node.type === 'VariableDeclaration' && node.kind === 'var'
    if (isVar && !isHidden) this.#var(node, parent)
    for (const child of childrenOf(node)) {
      const hides = isFunction(child) || child.type === 'StaticBlock'
      this.#inside(child, node, isHidden || hides)
    }
  }

  /** What is changed wherever it stands. */
  #anywhere(node: AnyNode): void {
    if (node.type === 'ImportExpression')
      this.#replace(node.start, node.start + 'import'.length, IMPORT_FUNCTION)
    if (node.type === 'MetaProperty' && node.meta.name === 'import')
      this.#replace(node.start, node.end, META_NAME)
    for (const { at, text, rank } of gatesOf(this.#js, node, this.#cell, GATES))
      this.#insert(at, text, rank)
  }

  #var(node: VariableDeclaration, parent: AnyNode | undefined): void {
    const isOnlyStatement = isBody(parent, node)
    const inHead = parent !== undefined && /^For/.test(parent.type) && !isOnlyStatement
    if (!inHead) {
      this.#variables(node, isOnlyStatement ? '(' : ';(')
      return
    }
    this.#replace(node.start, node.declarations[0]?.start ?? node.start, '')
    for (const { id } of node.declarations) this.#declare(id)
  }

  #variables(node: VariableDeclaration, opening: string): void {
    this.#replace(node.start, node.declarations[0]?.start ?? node.start, opening)
    for (const declarator of node.declarations) {
      this.#declare(declarator.id)
      const isBare = declarator.init === null || declarator.init === undefined
      if (isBare && node.kind === 'let') this.#insert(declarator.end, ' = void 0')
    }
    const ends = this.#js[node.end - 1] === ';'
    this.#insert(ends ? node.end - 1 : node.end, ends ? ')' : ');')
  }

  #function(node: FunctionNode, whole: Node): void {
    if (node.id === null) return
    this.#name(node.id)
    this.#functions.push({ name: node.id.name, node })
    this.#replace(whole.start, node.start, '')
    this.#replace(node.id.start, node.id.end, '')
  }

  #class(node: ClassNode): void {
    if (node.id === null) return
    this.#name(node.id)
    this.#insert(node.start, `;${node.id.name} = `)
    this.#insert(node.end, ';')
  }

  #import(node: ImportDeclaration): void {
    const call = `await ${IMPORT_FUNCTION}(${JSON.stringify(node.source.value)})`
    const wholes: string[] = []
    const members: string[] = []
    for (const specifier of node.specifiers) {
      const local = specifier.local.name
      this.#name(specifier.local)
      if (specifier.type === 'ImportNamespaceSpecifier') wholes.push(local)
      else if (specifier.type === 'ImportDefaultSpecifier') members.push(`default: ${local}`)
      else members.push(`${exportedName(specifier.imported)}: ${local}`)
    }
    const pattern = members.length > 0 ? `{ ${members.join(', ')} } = ` : ''
    const targets = wholes.map((name) => `${name} = `).join('')
    this.#replace(node.start, node.end, `;(${pattern}${targets}${call});`)
  }

  #export(node: ExportNamedDeclaration): void {
    const { declaration } = node
    if (node.source !== null && node.source !== undefined)
      this.#refuse(node, 'a cell has nobody to export to')
    else if (declaration === null || declaration === undefined)
      this.#replace(node.start, node.end, '')
    else if (declaration.type === 'FunctionDeclaration') this.#function(declaration, node)
    else {
      this.#replace(node.start, declaration.start, '')
      this.#topLevel(declaration)
    }
  }

  #refuse(node: Node, message: string): void {
    const span = { start: node.start, end: node.end }
    this.#mistake ??= { code: 'nb.syntax', severity: 'error', message, span }
  }

  #declare(pattern: Pattern): void {
    for (const id of namesIn(pattern)) this.#name(id)
  }

  #name(id: Identifier): void {
    if (!this.#names.has(id.name)) this.#names.set(id.name, id.start)
    if (!isReserved(id.name)) return
    const message = `the shell itself needs ${id.name}; give this another name`
    const span = { start: id.start, end: id.end }
    this.#mistake ??= { code: 'nb.reserved-name', severity: 'error', message, span }
  }

  #replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text, rank: 1 })
  }

  #insert(at: number, text: string, rank: Edit['rank'] = 1): void {
    this.#edits.push({ start: at, end: at, text, rank })
  }

  #return(last: AnyNode | undefined): void {
    if (last?.type !== 'ExpressionStatement') return
    this.#insert(last.start, 'return (', -1)
    this.#insert(this.#js[last.end - 1] === ';' ? last.end - 1 : last.end, ')', 0)
  }

  #pieces(isFunction: boolean): readonly Piece[] {
    const opening = `${isFunction ? '(async () => {' : ''}"use strict";`
    const pieces: Piece[] = [{ text: opening, from: undefined }]
    for (const { name, node } of this.#functions) {
      pieces.push({ text: `${name} = `, from: undefined })
      pieces.push({ text: this.#js.slice(node.start, node.start + 1), from: node.start })
      this.#copy(pieces, node.start + 1, node.end - 1)
      pieces.push({ text: '};', from: undefined })
    }
    let at = 0
    for (const { node } of this.#functions) {
      this.#copy(pieces, at, node.start)
      pieces.push({ text: ';', from: undefined })
      at = node.end
    }
    this.#copy(pieces, at, this.#js.length)
    if (isFunction) pieces.push({ text: '\n})()', from: undefined })
    return pieces
  }

  /** Copies a range of the source, edited. */
  #copy(pieces: Piece[], start: number, end: number): void {
    let at = start
    for (const edit of this.#edits) {
      if (edit.start < start || edit.end > end || edit.start < at) continue
      pieces.push({ text: this.#js.slice(at, edit.start), from: at })
      pieces.push({ text: edit.text, from: undefined })
      at = edit.end
    }
    pieces.push({ text: this.#js.slice(at, end), from: at })
  }
}

function originIn(pieces: readonly Piece[]): (offset: number) => number {
  return (offset) => {
    let start = 0
    let last = 0
    for (const { text, from } of pieces) {
      if (from !== undefined && offset < start + text.length)
        return from + Math.max(0, offset - start)
      if (from !== undefined) last = from + text.length
      start += text.length
    }
    return last
  }
}

function exportedName(
  node: ImportDeclaration['specifiers'][number] extends infer S
    ? S extends { imported: infer I }
      ? I
      : never
    : never,
): string {
  return node.type === 'Identifier' ? node.name : JSON.stringify(node.value)
}

function isFunction(node: AnyNode): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)
}

/** Whether `node` is the one statement that follows `if (...)`, `for (...)`, `label:` and the
 *  like. */
function isBody(parent: AnyNode | undefined, node: AnyNode): boolean {
  if (parent === undefined) return false
  const only = [
    'body' in parent ? parent.body : undefined,
    'consequent' in parent ? parent.consequent : undefined,
    'alternate' in parent ? parent.alternate : undefined,
  ]
  return only.includes(node as never)
}

/** The nodes below a node, in source order. */
function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter(
      (value): value is AnyNode => typeof value === 'object' && value !== null && 'type' in value,
    )
}
