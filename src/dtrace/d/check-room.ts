// What the code of a program would have no room for: tuples with too many keys, scratch memory that
// a constant says is too much.
//
// Source: libdtrace dt_cg.c (dt_cg_arglist; on Linux dt_cg_subr_alloca_impl).
import type { Span } from '../../base/span.js'
import type { Expr } from '../program/program.js'
import type { CallNode } from './ast.js'
import type { CheckContext } from './checked.js'

/** Fails where a tuple has more keys than there are registers for one. An aggregation's are in
 *  registers on Linux only. */
export function checkTuple(
  cx: CheckContext,
  keys: number,
  of: 'array' | 'aggregation',
  span: Span,
): void {
  const { tupleRegisters, dialect } = cx.scope
  const isLinux = dialect === 'linux'
  if (of === 'aggregation' && !isLinux) return
  if (keys <= tupleRegisters + (isLinux ? 1 : 0)) return
  const message = 'Insufficient tuple registers to generate code'
  cx.diagnostics.failToGenerate(span, message, `-x tregs=${keys} makes room`)
}

/** Subroutines that take scratch memory, by which argument says how much. */
const TAKES_SCRATCH: ReadonlyMap<string, number> = new Map([
  ['alloca', 0],
  ['copyin', 1],
])

/** Fails where a call asks for more scratch memory than there can ever be. Linux alone says so
 *  before the program runs. */
export function checkScratch(cx: CheckContext, node: CallNode, value: Expr): void {
  if (value.kind !== 'call' || cx.scope.dialect !== 'linux') return
  const size = value.args[TAKES_SCRATCH.get(value.name) ?? -1]
  if (size?.kind !== 'int') return
  const bytes = BigInt.asUintN(64, size.value)
  const { scratchBytes } = cx.scope
  if (bytes <= scratchBytes) return
  const message = `alloca(${bytes}) size larger than scratchsize ${scratchBytes}`
  cx.diagnostics.fail(node.span, 'D_ALLOCA_SIZE', message, '-x scratchsize raises it')
}
