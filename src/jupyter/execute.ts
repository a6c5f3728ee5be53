// Executing a cell: what a request asks, what clients see of it, what it is answered.
//
//   execute_request  ->  execute_input, stream ..., execute_result | error  ->  execute_reply
//
// Holds: a silent one shows nothing, has no number and leaves `_`. One without store_history runs
// as any, but the count stays. A failed command is an error, as in a notebook of ours.
// Source: Jupyter's messaging documentation, "Execute".
import { chdir } from 'node:process'
import { XpvError } from '../base/error.js'
import type { CellResult } from '../session/cell.js'
import type { Session } from '../session/session.js'
import { type CellText, cellText } from './cell-text.js'
import { dataOf, errorOf, INTERRUPTED, statusOf } from './data.js'
import type { Inputs } from './history.js'
import type { KernelSession } from './kernel-session.js'
import type { Content } from './message.js'
import type { Publisher } from './publisher.js'

/** What an execution needs of the kernel. */
export interface ExecuteHost {
  readonly publisher: Publisher
  readonly inputs: Inputs
  /** The number of the session's last cell: one that was not stored has a number there too. */
  lastCell(): number
  /** The session, on the machine that a cell asks for. */
  session(machine: CellText['machine']): Promise<KernelSession>
}

/** Executes; yields the reply's content. Never rejects for what a cell does. */
export async function execute(content: Content, host: ExecuteHost): Promise<Content> {
  const { code, silent = false, user_expressions: expressions = {} } = content
  const isSilent = silent === true
  const isStored = !isSilent && content['store_history'] !== false
  const { inputs, publisher } = host
  if (typeof code !== 'string' || code.trim() === '')
    return { ...OK, execution_count: inputs.count, user_expressions: {} }
  const number = Math.max(inputs.count, host.lastCell()) + 1
  const count = isStored ? number : inputs.count
  if (isStored) inputs.add(count, code)
  if (!isSilent) publisher.say('execute_input', { code, execution_count: count })
  const { folder, machine, language, name, source } = cellText(code)
  if (folder !== undefined) goTo(folder)
  const { session } = await host.session(machine)
  const result = await session.evaluate(source, {
    ...(language === undefined ? {} : { language }),
    ...(name === undefined ? {} : { name }),
    ...(isSilent ? { quiet: true } : { number }),
    final: true,
  })
  publisher.end()
  if (!isSilent) show(result, count, session, host)
  const failure = failureOf(result)
  if (failure !== undefined) return { status: 'error', execution_count: count, ...failure }
  const values = await expressed(expressions, session)
  return { ...OK, execution_count: count, user_expressions: values }
}

/** Throws `XpvError` `file.no-folder`. */
function goTo(folder: string): void {
  try {
    chdir(folder)
  } catch {
    throw new XpvError('file.no-folder', `there is no folder ${folder}`, '%cd ..')
  }
}

const OK: Content = { status: 'ok', payload: [] }

function show(result: CellResult, count: number, session: Session, host: ExecuteHost): void {
  const { publisher, inputs } = host
  const shown = result.kind === 'ok' || result.kind === 'interrupted' ? result.shown : undefined
  if (shown !== undefined) {
    const data = dataOf(shown, session.redact)
    publisher.say('execute_result', { execution_count: count, data, metadata: {} })
    if (count === inputs.count) inputs.answer(String(data['text/plain'] ?? ''))
  }
  const failure = failureOf(result)
  if (failure !== undefined) publisher.say('error', failure)
}

function failureOf(result: CellResult): Content | undefined {
  switch (result.kind) {
    case 'ok':
      return result.status === 0 ? undefined : statusOf(result.status)
    case 'error':
      return errorOf(result.error)
    case 'interrupted':
      return INTERRUPTED
    case 'incomplete':
      return statusOf(1)
  }
}

/** The values of a client's own expressions, each by itself. */
async function expressed(expressions: unknown, session: Session): Promise<Content> {
  if (typeof expressions !== 'object' || expressions === null) return {}
  const values: Record<string, unknown> = {}
  for (const [name, source] of Object.entries(expressions))
    values[name] = await expressedOne(String(source), session)
  return values
}

async function expressedOne(source: string, session: Session): Promise<Content> {
  const result = await session.evaluate(source, { language: 'ts', final: true, quiet: true })
  const failure = failureOf(result)
  if (failure !== undefined) return { status: 'error', ...failure }
  const shown = result.kind === 'ok' ? result.shown : undefined
  const data = dataOf(shown ?? { 'text/plain': 'undefined' }, session.redact)
  return { status: 'ok', data, metadata: {} }
}
