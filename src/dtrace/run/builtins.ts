// The built-in variables of a firing, one at a time: what each means, for the interpreter.
//
// Holds: what a recording cannot know (whose user, which zone) is a fault, not a zero; of the
// consumer, in whose name BEGIN and END fire, it is known. What is known to be absent (stacks, an
// errno) is 0.
import { assertNever } from '../../base/assert.js'
import { ERROR_ID } from '../probe/catalog.js'
import type { BuiltinName } from '../program/program.js'
import { type Consumer, ownValue, type UnrecordedName } from './consumer.js'
import { type EngineParts, notRecorded, type Place } from './engine.js'
import type { Value } from './subroutine.js'

/** The value of a built-in in a firing. Throws the fault of one that was not recorded. */
export function builtinValue(
  name: BuiltinName,
  { batch, row, ecb }: Place,
  { clock, toNs, consumer }: Pick<EngineParts, 'clock' | 'toNs' | 'consumer'>,
): Value {
  const ticks = batch.ticks[row] ?? 0
  switch (name) {
    case 'timestamp':
    case 'vtimestamp':
      return BigInt(toNs(ticks))
    case 'walltimestamp':
      return BigInt(toNs(ticks)) + (clock.unit === 'ns' ? clock.zero : 0n)
    case 'xdt_timestamp':
      return BigInt(ticks) + clock.zero
    case 'cpu':
    case 'pcpu':
    case 'domid':
    case 'tid':
    case 'pid':
      return BigInt(batch[name][row] ?? 0)
    case 'vcpuid':
      return BigInt(batch.vcpu[row] ?? 0)
    case 'execname':
      return batch.strings[batch.execname[row] ?? 0] ?? ''
    case 'probeprov':
      return ecb.probe.provider
    case 'probemod':
      return ecb.probe.module
    case 'probefunc':
      return ecb.probe.function
    case 'probename':
      return ecb.probe.name
    case 'epid':
      return BigInt(ecb.epid)
    case 'id':
      return BigInt(ecb.probe.id)
    case 'ipl':
    case 'errno':
    case 'stackdepth':
    case 'ustackdepth':
    case 'caller':
    case 'ucaller':
      return 0n
    case 'ppid':
    case 'uid':
    case 'gid':
    case 'zonename':
    case 'root':
    case 'cwd':
    case 'uregs':
      return consumersOwn(name, ecb.probe.id, consumer)
    default:
      return assertNever(name)
  }
}

function consumersOwn(name: UnrecordedName, probe: number, consumer: Consumer | undefined): Value {
  const own = probe < ERROR_ID ? ownValue(consumer, name) : undefined
  if (own === undefined) throw notRecorded(name)
  return typeof own === 'number' ? BigInt(own) : own
}
