// A desk around a plain session, driven as a shell would: lines in, what is printed out.
import { join } from 'node:path'
import { connect } from '../../src/cli/connect.js'
import { CurrentMachine } from '../../src/cli/current-machine.js'
import { Desk } from '../../src/cli/desk.js'
import { EMPTY } from '../../src/cli/desk-cells.js'
import { type DeskMachine, machineFor } from '../../src/cli/desk-machine.js'
import { loadNotebook } from '../../src/cli/notebook-files.js'
import { type OpenSession, openSession } from '../../src/cli/session.js'
import type { DeskPlace, DeskWord } from '../../src/shell/notebook-words.js'
import { reportResult } from '../../src/shell/report.js'
import { isShellWord } from '../../src/shell/shell-word.js'
import { makeTheme } from '../../src/shell/theme.js'

/** A prompt with a notebook. */
export interface TestDesk {
  readonly desk: Desk
  /** Types lines one after another; yields what is printed. */
  type(...lines: readonly string[]): Promise<string>
  /** How often a session was opened. */
  readonly opened: () => number
  close(): void
}

/** Opens one in a folder, with the notebook of that name if one is told. */
export async function deskIn(folder: string, name?: string): Promise<TestDesk> {
  let printed = ''
  let count = 1
  let open: OpenSession = sessionIn(folder)
  const own: DeskMachine = {
    ...{ spec: undefined, hz: undefined, seed: undefined },
    ...{ directory: folder, params: {} },
  }
  const host = {
    session: () => open.session,
    current: () => open.current,
    renew: async () => open.close(),
    silently: <T>(work: () => Promise<T>) => work(),
    columns: () => 80,
    machineFor: (document: Parameters<typeof machineFor>[0], path: string) =>
      machineFor(document, path, {}),
  }
  const place: DeskPlace = {
    tell: (text) => {
      printed += text
    },
    report: (result) => reportResult(result, makeTheme(false)),
    reopen: async () => {
      open = sessionIn(folder)
      count += 1
      return open.session
    },
  }
  const path = name === undefined ? undefined : join(folder, name)
  const document = path === undefined ? EMPTY : loadNotebook(path)
  const desk = new Desk(host, own, document, path)
  let edited: Extract<Awaited<ReturnType<Desk['obey']>>, { kind: 'edit' }> | undefined
  const typeLine = async (line: string): Promise<void> => {
    if (!isShellWord(line, false)) {
      const result = await open.session.evaluate(line, { ...edited?.how, final: true })
      edited = undefined
      const marks = desk.afterCell()
      printed += `${reportResult(result, makeTheme(false))}${marks === '' ? '' : `${marks}\n`}`
      return
    }
    const [, word = '', argument = ''] = /^\.(\w+)\s*(.*)$/s.exec(line) ?? []
    const answer = await desk.obey(word as DeskWord, argument, place)
    if (answer.kind === 'edit') edited = answer
    printed += answer.kind === 'edit' ? `[${answer.text}]\n` : answer.text
  }
  return {
    desk,
    type: async (...lines) => {
      printed = ''
      for (const line of lines) await typeLine(line)
      return printed
    },
    opened: () => count,
    close: () => open.close(),
  }
}

function sessionIn(directory: string): OpenSession {
  const silent = (): void => {}
  const current = new CurrentMachine(undefined, (spec) => connect(spec), undefined)
  return openSession(current, { write: silent, warn: silent, columns: () => 80, directory })
}
