// One source of the fuzz: compiled, run for a moment in both engines, printed in all ways.
import { printDiagnostic } from '../../src/base/diagnostic.js'
import { XpvError } from '../../src/base/error.js'
import { type Compilation, compile, type DSource } from '../../src/dtrace/d/compile.js'
import { printCompileError, printCompileErrors } from '../../src/dtrace/d/print-error.js'
import { recordJson, resultJson } from '../../src/dtrace/print/json.js'
import { TextPrinter } from '../../src/dtrace/print/text.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import type { Program } from '../../src/dtrace/program/program.js'
import { programToD } from '../../src/dtrace/program/to-d.js'
import { type Row, runOn } from '../run/build.js'
import { Dice, randomSource } from './source-maker.js'

/** Of processor time: other work on the machine does not count. */
const LONGEST_MS = 2000

const FIRED = standardCatalog().probes.filter((p) => p.provider === 'xdt')

/** A second of firings of xdt's probes. */
const ROWS: readonly Row[] = Array.from({ length: 60 }, (_, i) => ({
  ticks: i * 1_000_000,
  probe: FIRED[(i * 7) % FIRED.length]?.id ?? 0,
  pcpu: i % 3,
  domid: i % 4,
  execname: i % 2 === 0 ? 'xl' : '',
  args: [i, -i, 1n << 40n, undefined, 0],
}))

const OPTION_SETS: readonly (readonly (readonly [string, string])[])[] = [
  [],
  [['dialect', 'linux']],
  [
    ['zdefs', ''],
    ['defaultargs', ''],
    ['argref', ''],
  ],
  [
    ['strsize', '8'],
    ['dynvarsize', '256'],
    ['aggsize', '512'],
    ['bufsize', '512'],
  ],
  [
    ['dialect', 'linux'],
    ['flowindent', ''],
    ['aggsortrev', ''],
  ],
]

const PARTS: readonly DSource['part'][] = ['script', 'script', 'script', 'name', 'provider']

/** Compiles and runs the source of a seed; what is wrong with how that went. */
export function mistakeOf(seed: number): string | undefined {
  const text = randomSource(seed)
  const wrong = mistakeIn(text, seed)
  return wrong === undefined ? undefined : report(seed, text, wrong)
}

/** The same for a source of one's own; `seed` chooses the options. */
export function mistakeIn(text: string, seed: number): string | undefined {
  const dice = new Dice(seed ^ 0x5eed)
  const options = new Map(dice.of(OPTION_SETS))
  const started = process.cpuUsage()
  let wrong: string | undefined
  try {
    const compilation = compile([{ part: dice.of(PARTS), text, file: 'fuzz.d' }], {
      catalog: standardCatalog(),
      macros: ['one', '2'],
      options,
    })
    if (compilation.kind === 'errors') wrong = unexplained(compilation, text)
    else perform(compilation.program, options)
  } catch (error) {
    if (!(error instanceof XpvError)) wrong = error instanceof Error ? error.stack : String(error)
  }
  const { user, system } = process.cpuUsage(started)
  const tookMs = (user + system) / 1000
  if (wrong === undefined && tookMs > LONGEST_MS) wrong = `took ${Math.round(tookMs)} ms`
  return wrong
}

function report(seed: number, text: string, wrong: string): string {
  const shown = text.length > 600 ? `${text.slice(0, 600)}... (${text.length})` : text
  const why = wrong.split('\n').slice(0, 8).join('\n')
  return `XPV_SEED=${seed} XPV_FUZZ=1: ${why}\n--- source\n${shown}`
}

/** What is missing in how mistakes are told: each has a code, words, and a place in the source. */
function unexplained(
  errors: Extract<Compilation, { kind: 'errors' }>,
  text: string,
): string | undefined {
  printCompileError(errors, { errtags: true })
  printCompileErrors(errors)
  for (const d of errors.diagnostics) {
    printDiagnostic(text, d)
    if (!/^d\.[a-z0-9-]+$/.test(d.code)) return `no code: ${d.code}`
    if (d.message.trim() === '') return `no message: ${d.code}`
    if (!(d.line >= 0)) return `no line: ${d.message}`
    if (d.span === undefined) return `no place: ${d.message}`
    const { start, end } = d.span
    if (!(0 <= start && start <= end && end <= text.length)) return `place outside: ${d.message}`
  }
  return errors.diagnostics.length === 0 ? 'refused without a mistake' : undefined
}

/** Runs a program in both engines, and prints it in all ways. */
function perform(program: Program, options: ReadonlyMap<string, string>): void {
  for (const engine of ['generated', 'interpreter'] as const) {
    const dialect = options.get('dialect') === 'linux' ? 'linux' : 'illumos'
    const settings = new Map([...options, ...program.options])
    const printer = new TextPrinter({
      write: () => {},
      warn: () => {},
      quiet: engine === 'interpreter',
      dialect,
      options: settings,
    })
    const contexts = [{ pcpu: 1, domid: 1, vcpu: 0 }]
    const { records, result } = runOn(program, ROWS, {
      engine,
      options,
      catalog: standardCatalog(),
      contexts,
    })
    for (const record of records) {
      printer.record(record)
      JSON.stringify(recordJson(record, dialect, settings))
    }
    printer.finish(result)
    JSON.stringify(resultJson(result, settings))
  }
  programToD(program)
}
