// The steps of a cell of TypeScript: types stripped, parsed, and each name resolved to its scope.
//
//   source  ->  JavaScript  ->  syntax tree, scopes  ->  Step[] in the order in which they run
//
// A source that cannot be parsed has no steps.
import { type AnyNode, type Program, parse } from 'acorn'
import { type Position, positionOf } from '../../base/span.js'
import { askedIn } from '../../session/asked.js'
import { stripTypesNow } from '../../session/strip.js'
import { dropPromptSign } from '../../session/words.js'
import { isCallable, isMention, isPlain, type Unit, unitsOf } from './code-units.js'
import {
  ACTING_MEMBERS,
  ACTS,
  CLOCK,
  drawnBy,
  isFreePath,
  isLookingPath,
  PAST,
} from './machine-names.js'
import { type NamePlace, type NameUse, placesOf, usesIn } from './name-use.js'
import { type Step, type Touched, UNTOUCHED } from './step.js'
import { isFunction, isIn, memberName, SyntaxTree } from './syntax-tree.js'

/** What is in a cell of TypeScript. */
export interface CodeSteps {
  readonly steps: readonly Step[]
  /** Where it asks for values of names of the session, in order. */
  readonly places: readonly NamePlace[]
  /** Texts that stand in it. */
  readonly literals: readonly string[]
  /** Members of `params` it reads; `*` for all. */
  readonly params: ReadonlySet<string>
  /** Names of all members it reads or calls: `run` of `machine.run('1s')`. */
  readonly members: ReadonlySet<string>
  /** Names of the session it uses, wherever. */
  readonly names: ReadonlySet<string>
  /** Those of them that are not used for what needs no machine alone. */
  readonly asks: ReadonlySet<string>
  /** Whether it loads modules. */
  readonly imports: boolean
  /** Whether it runs text as code: nobody can say what it touches. */
  readonly isOpaque: boolean
}

/** Reads a cell of TypeScript. */
export function codeSteps(source: string): CodeSteps {
  const { js, lineOf } = javaScriptOf(source)
  const program = parsed(js)
  const tree = new SyntaxTree(program)
  const all = usesIn(program, tree)
  const asking = all.filter(
    ({ name, member, isLocal }) => isLocal || member === undefined || !isFreePath(name, member),
  )
  const uses = [
    ...asking.flatMap((use) => drawing(use, tree)),
    ...tree.nodes.flatMap((node) => actIn(node, tree)),
  ]
  const ours = uses.filter(({ isLocal }) => !isLocal)
  return {
    steps: unitsOf(program).map((unit) => stepOf(unit, tree, uses)),
    places: placesOf(all, tree, ({ start }) => lineOf(start)),
    literals: tree.nodes.flatMap(textsOf),
    params: new Set(ours.flatMap((use) => (use.name === 'params' ? [use.member ?? '*'] : []))),
    members: new Set(tree.nodes.flatMap((node) => memberName(node) ?? [])),
    names: new Set(all.flatMap(({ name, isLocal }) => (isLocal ? [] : [name]))),
    asks: new Set(ours.map(({ name }) => name)),
    imports: tree.nodes.some(({ type }) => /^Import(Declaration|Expression)$/.test(type)),
    isOpaque: ours.some(({ name }) => name === 'eval' || name === 'Function'),
  }
}

/** A use, and what else it is one of: the machine's past, chance, the clock. */
function drawing(use: NameUse, tree: SyntaxTree): readonly NameUse[] {
  const { name, node, member, isLocal } = use
  if (isLocal || isOfAnyTime(tree.parentOf(node))) return [use]
  if (isLookingPath(name, member)) return [{ ...use, name: PAST }]
  const drawn = drawnBy(name, member)
  if (drawn === undefined) return [use]
  const time = drawn === CLOCK ? [{ ...use, name: PAST }] : []
  return [use, ...time, { ...use, name: drawn, mutates: true }]
}

/** `new Date(0)`, which asks no clock. */
function isOfAnyTime(parent: AnyNode | undefined): boolean {
  return parent?.type === 'NewExpression' && parent.arguments.length > 0
}

/** A member that acts, if it is one of the machine's: which, only a walk over the cells knows. */
function actIn(node: AnyNode, tree: SyntaxTree): readonly NameUse[] {
  if (node.type !== 'MemberExpression') return []
  const member = memberName(node)
  const parent = tree.parentOf(node)
  const isCalled = parent?.type === 'CallExpression' && parent.callee === node
  const acts = member === undefined ? node.computed && isCalled : ACTING_MEMBERS.has(member)
  if (!acts) return []
  const flags = { isRead: true, isWrite: false, mutates: false, isLocal: false }
  return [{ name: ACTS, node, member: undefined, ...flags, isSeen: false, isKept: false }]
}

/** A question reads what it asks about, if that is a value; a mark in front that lets a cell run
 *  whatever its types is no part of it. */
function javaScriptOf(source: string): CodeText {
  const asked = askedIn(source)
  if (asked !== undefined) return textOf(asked.isPath ? asked.text : '')
  const text = dropPromptSign(source)
  const stripped = stripTypesNow(text)
  if (stripped.kind === 'stripped') return textOf(stripped.js, stripped.origin)
  const marked = stripTypesNow(text.replace(/^\s*!/, ''))
  return marked.kind === 'stripped' ? textOf(marked.js, marked.origin) : textOf('')
}

/** What is parsed of a cell, and the line of the cell that an offset of it came from. */
interface CodeText {
  readonly js: string
  lineOf(offset: number): number
}

function textOf(js: string, origin = (at: Position): Position => at): CodeText {
  return { js, lineOf: (offset) => origin(positionOf(js, offset)).line }
}

function parsed(js: string): Program {
  const options = { ecmaVersion: 'latest', sourceType: 'module', ranges: true } as const
  try {
    return parse(js, { ...options, allowAwaitOutsideFunction: true })
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return parse('', options)
    throw thrown
  }
}

function stepOf(unit: Unit, tree: SyntaxTree, all: readonly NameUse[]): Step {
  const { node, value, defines, isWeak, isShown } = unit
  const uses = all.filter((use) => isIn(use.node, node))
  const functions = tree.nodes.filter(
    (each) => isFunction(each) && isIn(each, node) && !tree.isRunAtOnce(each),
  )
  const isLater = (use: NameUse): boolean => functions.some((each) => isIn(use.node, each))
  const changesThis = functions.some((each) => tree.changesThis(each))
  const flags = {
    ...{ defines, isWeak, isShown },
    isPlain: value !== undefined && isPlain(value),
    isCallable: value !== undefined && isCallable(value),
    isMention: !isShown && tree.nodes.every((each) => !isIn(each, node) || isMention(each)),
  }
  const later = {
    ...touched(uses.filter(isLater)),
    ...(changesThis ? { changesHanded: true } : {}),
  }
  const now = touched(flags.isCallable ? uses.filter((use) => !isLater(use)) : uses)
  if (node.type === 'ImportDeclaration') return { ...flags, now, later: foreign(node) }
  return { ...flags, now, later }
}

function touched(uses: readonly NameUse[]): Touched {
  const ours = uses.filter(({ isLocal }) => !isLocal)
  const named = (is: (use: NameUse) => boolean): ReadonlySet<string> =>
    new Set(ours.filter(is).map(({ name }) => name))
  return {
    reads: named(({ isRead, mutates }) => isRead || mutates),
    assigns: named(({ isWrite }) => isWrite),
    mutates: named(({ mutates }) => mutates),
    changesHanded: uses.some(({ isSeen }) => isSeen),
    changesOwn: uses.some(({ isKept }) => isKept),
  }
}

/** What an imported module may do when it is called. */
function foreign({ source }: AnyNode & { type: 'ImportDeclaration' }): Touched {
  const isKnown = source.value === 'xpv' || String(source.value).startsWith('node:')
  return isKnown ? UNTOUCHED : { ...UNTOUCHED, changesHanded: true, changesOwn: true }
}

function textsOf(node: AnyNode): readonly string[] {
  if (node.type === 'Literal' && typeof node.value === 'string') return [node.value]
  return node.type === 'TemplateElement' ? [node.value.cooked ?? node.value.raw] : []
}
