// The plain evaluator: runs code as a script of node:vm, where V8's inspector is not to be had.
//
//   code  ->  vm.Script in this realm  ->  its value; a cell that awaits is a function (rewrite)
//
// Holds: cells mean the same as with `Evaluator`; only looking at expressions is not possible, for
// nothing here can tell that one has no side effect.
// Source: node:vm.
import { Script } from 'node:vm'
import type { Engine, Outcome } from './evaluator.js'

/** The evaluator that needs no inspector. */
export class VmEvaluator implements Engine {
  readonly isPlain = true

  async run(code: string, url: string): Promise<Outcome> {
    try {
      const script = new Script(code, { filename: url })
      return { kind: 'value', value: await script.runInThisContext({ displayErrors: false }) }
    } catch (thrown) {
      return { kind: 'threw', thrown }
    }
  }

  peek(): unknown {
    return undefined
  }

  close(): void {}
}
