// What runs the cells of a test: V8's prompt mode, or a plain vm where XPV_TEST_ENGINE says so.
import { VmEvaluator } from '../../src/session/vm-evaluator.js'

const isPlain = process.env['XPV_TEST_ENGINE'] === 'vm'

/** The option of a session that says so. */
export const engine = isPlain ? { engine: () => new VmEvaluator() } : {}
