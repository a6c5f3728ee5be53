// Tame cells: those of which it can be seen, without running them, that they stay with the machine.
//
//   pcpus[0].banks                 tame
//   import fs from 'node:fs'       it imports node:fs
//   x[key](code)                   it picks members by what is computed
//
// The prompt has no fence (`fence.ts`): what runs there may do all that its user may. So cells of a
// notebook that are not tame are asked about before they run there.
//
// Holds: errs on the side of asking. Tame is a look, not a fence: what reads a file by a function
// of the session reads below the folder.
import { type AnyNode, type Identifier, type Node, parse } from 'acorn'
import { stripTypesNow } from '../../session/strip.js'
import type { Cell } from '../document.js'

/** What is known of where cells run. */
export interface TameWorld {
  /** Names that cells have declared. */
  readonly declared: ReadonlySet<string>
  /** On a simulated machine -c runs nothing of the real one. */
  readonly isSimulated: boolean
}

/** Why a cell is not tame; undefined when it is. */
export function whyNotTame(
  { language, source }: Pick<Cell, 'language' | 'source'>,
  world: TameWorld,
): string | undefined {
  if (language === 'sh') return ofLines(source, world)
  if (language === 'd') return ofProgram(source)
  if (language === 'esc') return /#\s*include/.test(source) ? 'it includes files' : undefined
  return ofCode(source, world)
}

const OUTSIDE = /(^|[\s='"`:@])(~|\/)|\.\./
const WRITING = /^(xentrace|record|\S*\.(save|export|record))\b/

function ofLines(source: string, { isSimulated }: TameWorld): string | undefined {
  for (const line of source.split('\n').map((each) => each.trim().replace(/^[#$]\s+/, ''))) {
    if (WRITING.test(line)) return 'it writes a file'
    if (/^dtrace\b/.test(line)) {
      if (/\s-[a-zA-Z]*[wCoID]/.test(line)) return 'dtrace may write or act with -w, -o, -C, -I'
      if (/\s-[a-zA-Z]*c/.test(line) && !isSimulated) return 'it starts a program with -c'
      const why = ofProgram(line)
      if (why !== undefined) return why
    }
    const words = line.replace(/'[^']*'|"[^"]*"/g, (text) => (/\s/.test(text) ? '' : text))
    if (OUTSIDE.test(words)) return 'it names a path outside'
  }
  return undefined
}

function ofProgram(source: string): string | undefined {
  const acts = /\b(system|freopen|copyout|copyoutstr|raise|stop|panic|breakpoint|chill)\s*\(/
  if (acts.test(source)) return 'its program acts'
  return /destructive|#\s*include|option\s+output/.test(source)
    ? 'its program may act, or reads files'
    : undefined
}

/** Names of the prompt that stay with the machine. */
const GIVEN = new Set(
  (
    'on d esc arg builtin whyUnknown probes open fma xm xl machine chart explain hex help ' +
    'xen domains dom0 pcpus hostbridge params'
  ).split(' '),
)

/** Names of the language that lead nowhere. */
const SAFE = new Set(
  (
    'Array Number Boolean BigInt Math JSON Map Set Date Error TypeError RangeError Promise ' +
    'Symbol undefined NaN Infinity isNaN isFinite parseInt parseFloat console ' +
    'String Object Intl structuredClone setTimeout clearTimeout DataView Uint8Array Uint32Array ' +
    'BigUint64Array TextDecoder _'
  ).split(' '),
)
/** Names that are there for everybody: declaring one somewhere does not make it harmless. */
const REALM = new Set(Object.getOwnPropertyNames(globalThis))
const LEADING = new Set(
  (
    'constructor __proto__ prototype mainModule caller callee getPrototypeOf setPrototypeOf ' +
    'defineProperty defineProperties getOwnPropertyDescriptor getOwnPropertyDescriptors ' +
    'fromCharCode fromCodePoint raw __lookupGetter__ __defineGetter__ save record'
  ).split(' '),
)

function ofCode(source: string, world: TameWorld): string | undefined {
  const stripped = stripTypesNow(source.trimEnd().replace(/\?{1,2}$/, ''))
  if (stripped.kind !== 'stripped') return 'it cannot be read'
  let nodes: readonly AnyNode[]
  try {
    nodes = below(
      parse(stripped.js, {
        ecmaVersion: 'latest',
        sourceType: 'module',
        allowAwaitOutsideFunction: true,
      }),
    )
  } catch {
    return 'it cannot be read'
  }
  const declared = new Set([...world.declared, ...nodes.flatMap(declaredBy)])
  const known = (name: string): boolean =>
    SAFE.has(name) || GIVEN.has(name) || (declared.has(name) && !REALM.has(name))
  for (const node of nodes) {
    const why = ofNode(node, known)
    if (why !== undefined) return why
  }
  return undefined
}

function ofNode(node: AnyNode, known: (name: string) => boolean): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
      return node.source.value === 'xpv' ? undefined : `it imports ${String(node.source.value)}`
    case 'ImportExpression':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'MetaProperty':
      return 'it imports'
    case 'Identifier':
      if (LEADING.has(node.name)) return `it says ${node.name}`
      return known(node.name) || isLabel(node) ? undefined : `it uses ${node.name}`
    case 'Literal':
      if (typeof node.value !== 'string') return undefined
      if (LEADING.has(node.value)) return `it says ${node.value}`
      return OUTSIDE.test(node.value) || /^(live|ssh:)/.test(node.value)
        ? `it names ${node.value}`
        : undefined
    case 'TemplateElement':
      return OUTSIDE.test(node.value.raw) ? `it names ${node.value.raw}` : undefined
    case 'MemberExpression':
      return node.computed && !isPlainKey(node.property)
        ? 'it picks members by what is computed'
        : undefined
    case 'Property':
    case 'PropertyDefinition':
    case 'MethodDefinition':
      return node.computed ? 'it names members by what is computed' : undefined
    case 'CallExpression':
      return isNamed(node.callee, 'open') && !isPlainPath(node.arguments[0])
        ? 'it opens what is computed'
        : undefined
    default:
      return undefined
  }
}

/** A text whose beginning is to be seen: what follows in it is read by nobody but its machine. */
function isPlainPath(node: AnyNode | undefined): boolean {
  if (node?.type === 'TemplateLiteral') return /^sim[:,]/.test(node.quasis[0]?.value.raw ?? '')
  return node?.type === 'Literal'
}

/** A key that is to be seen, or that is a number whatever it is computed from. */
function isPlainKey(node: AnyNode): boolean {
  if (node.type === 'UnaryExpression') return /^[-+~]$/.test(node.operator)
  if (node.type === 'BinaryExpression') return /^([-*/%&|^]|\*\*|<<|>>>?)$/.test(node.operator)
  return node.type === 'Literal'
}

function isNamed(node: AnyNode, name: string): boolean {
  return node.type === 'Identifier' && node.name === name
}

/** Names of members are no names of things: they were marked on the way down. */
function isLabel(node: Identifier): boolean {
  return labels.has(node)
}

const labels = new WeakSet<Node>()

/** All nodes of a tree, names of members marked. */
function below(root: Node): AnyNode[] {
  const found: AnyNode[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each)
    if (!isNode(value)) return
    mark(value)
    found.push(value)
    for (const part of Object.values(value)) visit(part)
  }
  visit(root)
  return found
}

function mark(node: AnyNode): void {
  if (node.type === 'MemberExpression' && !node.computed) labels.add(node.property)
  const isMember = ['Property', 'PropertyDefinition', 'MethodDefinition'].includes(node.type)
  if (isMember && 'key' in node && !('shorthand' in node && node.shorthand)) labels.add(node.key)
  if ('label' in node && node.label) labels.add(node.label)
}

/** The names a node declares; patterns are told by their parts, which are identifiers. */
function declaredBy(node: AnyNode): readonly string[] {
  if (node.type === 'VariableDeclarator') return namesIn(node.id)
  if (node.type === 'CatchClause') return node.param ? namesIn(node.param) : []
  if (node.type === 'ImportSpecifier') return [node.local.name]
  if (/Function/.test(node.type) && 'params' in node) {
    const own = 'id' in node && node.id ? [node.id.name] : []
    return [...own, ...node.params.flatMap(namesIn)]
  }
  return node.type === 'ClassDeclaration' && node.id ? [node.id.name] : []
}

function namesIn(pattern: AnyNode): readonly string[] {
  return below(pattern).flatMap((node) => (node.type === 'Identifier' ? [node.name] : []))
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}
