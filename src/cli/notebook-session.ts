// A session for notebooks: every cell's output as text, 80 columns wide, without colour, the same
// anywhere.
import { printDiagnostic } from '../base/diagnostic.js'
import type { CellLanguage } from '../notebook/document.js'
import type { CellOutcome, NotebookSession } from '../notebook/run.js'
import type { CellResult } from '../session/cell.js'
import { redacted } from '../session/secrets.js'
import type { Context } from './context.js'
import { currentMachine } from './current-machine.js'
import { leaveInterrupted } from './exit-status.js'
import { openSession } from './session.js'

const COLUMNS = 80
const LANGUAGES = { ts: 'ts', d: 'd', sh: 'command' } as const

/** Opens a fresh session for one notebook. `at.directory` is where its imports start. */
export async function notebookSession(
  at: {
    readonly spec: string | undefined
    readonly hz: number | undefined
    readonly directory: string
  },
  context: Context,
): Promise<NotebookSession> {
  const silent = (): void => {}
  const open = openSession(await currentMachine(context, at.spec, at.hz), {
    write: silent,
    warn: silent,
    columns: () => COLUMNS,
    directory: at.directory,
    evaluator: context.config.evaluator,
  })
  open.session.guard({ onIdleSignal: () => leaveInterrupted(context) })
  return {
    evaluate: async (source, language: CellLanguage) => {
      if (language === 'esc') return rulesChecked(source)
      return redacted(
        outcomeOf(
          await open.session.evaluate(source, { language: LANGUAGES[language], final: true }),
        ),
        open.session.redact,
      )
    },
    close: () => open.close(),
  }
}

/** A cell of rules says what is wrong with them. */
async function rulesChecked(text: string): Promise<CellOutcome> {
  const { compileRules } = await import('../fma/eversholt/compile.js')
  const { knownHeader } = await import('../fma/eversholt/known-headers.js')
  const { isRight, diagnostics } = compileRules({ name: 'rules', text }, knownHeader)
  const told = diagnostics.map((each) => `${printDiagnostic(each.source.text, each, each)}\n`)
  return { kind: isRight ? 'ok' : 'error', error: isRight ? '' : 'fma.rules', text: told.join('') }
}

function outcomeOf(result: CellResult): CellOutcome {
  if (result.kind === 'incomplete') {
    return { kind: 'error', error: 'session.incomplete', text: 'the cell stops in the middle' }
  }
  if (result.kind === 'error') {
    const { code, name, text } = result.error
    return { kind: 'error', error: code ?? name, text: joined(result.output, text) }
  }
  const text = joined(result.output, result.shown?.['text/plain'] ?? '')
  if (result.kind === 'ok' && result.status !== 0) {
    return { kind: 'error', error: `status=${result.status}`, text }
  }
  return { kind: result.kind, error: '', text }
}

/** What was printed, then what was shown, each on lines of its own. */
function joined(output: string, shown: string): string {
  if (shown === '') return output
  return output === '' || output.endsWith('\n') ? `${output}${shown}\n` : `${output}\n${shown}\n`
}
