// Providers as programs declare them: their probes, and the types that those hand over.
//
//   provider web { probe hit__start(struct conn *c, int n) : (conninfo_t *c); };
//
// A declaration makes no probes: it says what those of a provider look like. Of a provider that is
// there already it must say the same.
// Source: the D language guide, "Statically Defined Tracing for User Applications"; libdtrace
// dt_parser.c (dt_node_probe, dt_node_provider, dt_cook_provider), dt_decl.c (dt_decl_prototype).
import type { Span } from '../../base/span.js'
import type { ProbeCatalog } from '../probe/catalog.js'
import type { DType } from '../program/types.js'
import type { ParameterNode, ProviderNode, ProviderProbeNode } from './ast.js'
import { unknownValue } from './check-inline.js'
import { checkPrototype } from './check-prototype.js'
import { translatorFor } from './check-translator.js'
import type { CheckContext } from './checked.js'
import { isSameType, isStorable } from './compatible.js'
import type { ProbePrototype } from './scope.js'

/** Bytes of a provider's and a probe's name, their end included. */
const MOST_NAME = 64
const MOST_PARAMETERS = 255

/** Declares a provider, or compares it with the one there is. */
export function checkProvider(cx: CheckContext, node: ProviderNode, catalog: ProbeCatalog): void {
  const { diagnostics, scope } = cx
  const probes = new Map<string, ProbePrototype>()
  const prototypes = node.probes.map((p) => ({ name: probeName(cx, p), ...prototypeOf(cx, p) }))
  checkProviderName(cx, node)
  const declared = scope.provider(node.name)
  const known = catalog.probes.filter((p) => p.provider === node.name)
  for (const [i, { name, ...prototype }] of prototypes.entries()) {
    const at: At = { provider: node.name, probe: name, span: node.probes[i]?.span ?? node.span }
    if (declared !== undefined) compare(cx, at, declared.probes.get(name), prototype)
    else if (known.length > 0)
      compareCount(cx, at, known.find((p) => p.name === name)?.args, prototype)
    else if (probes.has(name))
      diagnostics.fail(at.span, 'D_PROV_PRDUP', `probe redeclared: ${node.name}:::${name}`)
    else probes.set(name, prototype)
    checkTranslations(cx, at, node.probes[i], prototype)
  }
  if (declared === undefined) scope.declareProvider({ name: node.name, probes })
}

interface At {
  readonly provider: string
  readonly probe: string
  readonly span: Span
}

/** The name as clauses know it: two underscores are a hyphen. */
function probeName(cx: CheckContext, { name, span }: ProviderProbeNode): string {
  const hyphened = name.replaceAll('__', '-')
  const bad = (what: string): never =>
    cx.diagnostics.fail(span, 'D_PROV_BADNAME', `probe name may not ${what}: ::${hyphened}`)
  if (name.includes('`')) bad('contain scoping operator')
  if (hyphened.length >= MOST_NAME) bad(`exceed ${MOST_NAME - 1} characters`)
  return hyphened
}

function checkProviderName(cx: CheckContext, { name, span }: ProviderNode): void {
  const bad = (what: string): never =>
    cx.diagnostics.fail(span, 'D_PROV_BADNAME', `provider name may not ${what}: ${name}`)
  if (name.includes('`')) bad('contain scoping operator')
  if (name.length >= MOST_NAME) bad(`exceed ${MOST_NAME - 1} characters`)
  if (/[0-9]$/.test(name)) bad('end with a digit')
}

function prototypeOf(cx: CheckContext, node: ProviderProbeNode): ProbePrototype {
  const native = checkParameters(cx, node.native, node.span, 'input')
  if (node.translated === node.native) return { native, translated: native }
  const names = new Set(node.native.map((p) => p.name))
  for (const [i, { name, span }] of node.translated.entries()) {
    if (name === undefined || names.has(name)) continue
    const message = `parameter is not declared in probe output prototype: ${name}`
    cx.diagnostics.fail(span, 'D_DECL_PROTO_FORM', `${message}, parameter #${i + 1}`)
  }
  const translated = checkParameters(cx, node.translated, node.span, 'output')
  return { native, translated }
}

/** The parameters' types; none for a sole `void`. */
function checkParameters(
  cx: CheckContext,
  parameters: readonly ParameterNode[],
  span: Span,
  which: 'input' | 'output',
): readonly DType[] {
  const list = { parameters, variadic: false, span }
  const allows = which === 'input' ? (['void', 'nameless'] as const) : (['void'] as const)
  const types = checkPrototype(cx, list, { what: `probe ${which}`, allows })
  if (types.length <= MOST_PARAMETERS) return types
  const message = `probe ${which} prototype exceeds ${MOST_PARAMETERS} parameters`
  return cx.diagnostics.fail(span, 'D_PROV_PRARGLEN', message)
}

/** Compares with the same probe as it was declared before. */
function compare(
  cx: CheckContext,
  at: At,
  before: ProbePrototype | undefined,
  now: ProbePrototype,
): void {
  compareCount(cx, at, before?.translated, now)
  for (const [i, type] of (before?.translated ?? []).entries()) {
    const current = now.translated[i] ?? type
    if (isSameType(type, current)) continue
    const what = `probe ${at.provider}:::${at.probe} output prototype argument #${i + 1} mismatch`
    mismatch(cx, at, `${what}:`, [current.name, type.name])
  }
}

function compareCount(
  cx: CheckContext,
  at: At,
  before: readonly unknown[] | undefined,
  { translated }: ProbePrototype,
): void {
  const full = `${at.provider}:::${at.probe}`
  if (before === undefined) {
    const both = [`probe ${full} defined`, `probe ${full} not defined`] as const
    mismatch(cx, at, `provider interface mismatch: ${at.provider}`, both)
  } else if (before.length !== translated.length) {
    const both = [args(translated.length), args(before.length)] as const
    mismatch(cx, at, `probe ${full} output prototype mismatch:`, both)
  }
}

const args = (n: number): string => `${n} arg${n === 1 ? '' : 's'}`

function mismatch(
  cx: CheckContext,
  at: At,
  what: string,
  [now, before]: readonly [now: string, before: string],
): never {
  const message = `${what}\n\t current: ${now}\n\tprevious: ${before}`
  return cx.diagnostics.fail(at.span, 'D_PROV_INCOMPAT', message)
}

/** Each translated argument needs a translator, or to be of the native type. */
function checkTranslations(
  cx: CheckContext,
  at: At,
  node: ProviderProbeNode | undefined,
  { native, translated }: ProbePrototype,
): void {
  if (node === undefined || native === translated) return
  for (const [i, to] of translated.entries()) {
    const named = node.native.findIndex((p) => p.name === node.translated[i]?.name)
    const from = native[named < 0 ? i : named]
    if (from === undefined) continue
    const input = unknownValue(from)
    const output = to.kind === 'int' ? to.pointee : to
    if (translatorFor(cx, input, output) !== undefined || isStorable(input, to)) continue
    const what = `translator for ${at.provider}:::${at.probe} output argument #${i + 1}`
    const message = `${what} from ${from.name} to ${to.name} is not defined`
    cx.diagnostics.fail(at.span, 'D_PROV_PRXLATOR', message)
  }
}
