// Permission: what a notebook may do in this run, settled before any of it runs.
//
//   front matter's allow:, --allow, the user's word  ->  grants, grounds  ->  a fenced session
//
// Holds: a notebook that declares nothing is asked nothing; what it then tries all the same fails
// in its cell (nb.denied). One that declares what it wants runs only when all of it is granted.
import { dirname, resolve } from 'node:path'
import { XpvError } from '../base/error.js'
import { type Cell, cellsOf, type NotebookDocument } from '../notebook/document.js'
import { isMachineWord } from '../notebook/machine-word.js'
import { groundsOf, runByOthers } from '../notebook/permission/grounds.js'
import {
  isGranted,
  parseGrants,
  parseWant,
  printWant,
  sayWant,
  visible,
  type Want,
} from '../notebook/permission/want.js'
import type { NotebookSession } from '../notebook/run.js'
import type { Context } from './context.js'
import { fencedSession } from './fenced-cells.js'
import type { notebookSession } from './notebook-session.js'
import { packageRoot } from './package-root.js'
import { canAsk, isAgreed } from './yes-no.js'

/** A notebook that shall run. */
export interface ToRun {
  readonly document: NotebookDocument
  readonly path: string
  /** Words of `--allow`. */
  readonly allow: readonly string[]
  /** Where they were typed. */
  readonly typedIn: string
  /** The machine it will be on, as `--machine` takes it, seen from the session's folder. */
  readonly machine: string
}

/** Opens the session a notebook runs in: behind a fence, unless `all` was granted. Throws
 *  `XpvError` `nb.denied` when something that it declares was not, and what opening throws. */
export async function permittedSession(
  run: ToRun,
  place: Parameters<typeof notebookSession>[0],
  context: Context,
): Promise<NotebookSession> {
  const asked = settled.then(() => settledGrants(run))
  settled = asked.catch(() => {})
  const grants = await asked
  if (isGranted({ kind: 'all' }, grants)) {
    return inFolder(place, context)
  }
  const grounds = groundsOf(run.document, resolve(run.typedIn, run.path), packageRoot())
  const named = context.spec === undefined || isMachineWord(context.spec) ? [] : [run.machine]
  const reads = [...grounds, ...named.map((path) => resolve(place.directory, path))]
  return fencedSession(
    place,
    { grants, reads, directory: place.directory, name: run.path },
    context,
  )
}

/** A session in this process, which goes to the notebook's folder meanwhile: one at a time. */
async function inFolder(
  place: Parameters<typeof notebookSession>[0],
  context: Context,
): Promise<NotebookSession> {
  const { notebookSession } = await import('./notebook-session.js')
  const from = process.cwd()
  process.chdir(place.directory)
  try {
    const session = await notebookSession(place, context)
    const close = (): void => {
      session.close()
      process.chdir(from)
    }
    return { ...session, close }
  } catch (error) {
    process.chdir(from)
    throw error
  }
}

/** Asked one after another: nobody answers two questions at once. */
let settled: Promise<unknown> = Promise.resolve()

/** What is granted, once nothing that is declared is left open. */
async function settledGrants(run: ToRun): Promise<readonly Want[]> {
  const grants = parseGrants(run.allow, run.typedIn)
  const wants = wantsOf(run)
  if (!isGranted({ kind: 'all' }, grants)) refuseDangers([...wants, ...grants], run)
  const open = wants.filter((want) => !isGranted(want, grants))
  if (open.length === 0) return grants
  if (canAsk() && (await isAgreed(questionOf(run, open)))) return [...grants, ...open]
  throw refusal(run, open)
}

/** What others run later is not granted by `write:`. */
function refuseDangers(wants: readonly Want[], { path, typedIn }: ToRun): void {
  for (const want of wants) {
    const danger = want.kind === 'write' ? runByOthers(want.path) : undefined
    if (danger === undefined) continue
    const message = `${path}: ${printWant(want, typedIn)} reaches ${danger}, which others run`
    throw new XpvError('nb.denied', message, '--allow write:FOLDER of its own, or all')
  }
}

/** What the notebook declares, and the live machine it is for. */
export function wantsOf({ document, path, typedIn, machine }: ToRun): Want[] {
  const folder = dirname(resolve(typedIn, path))
  const declared = document.front.allow.map((word) => parseWant(word, folder))
  const isLive = isMachineWord(machine) && !machine.startsWith('sim')
  const live: Want = { kind: 'live' }
  return isLive && !isGranted(live, declared) ? [...declared, live] : declared
}

/** What is asked at the terminal. */
function questionOf(run: ToRun, open: readonly Want[]): string {
  const lines = open.map((want) => `  ${sayWant(want, run.typedIn)}${cellsText(want, run)}\n`)
  return `${run.path} wants to\n${lines.join('')}Shall it, this once? [y/N] `
}

function refusal(run: ToRun, open: readonly Want[]): XpvError {
  const { path, typedIn } = run
  const said = open.map((want) => `${sayWant(want, typedIn)}${cellsText(want, run)}`).join('; ')
  const words = open.map((want) => printWant(want, typedIn)).join(',')
  return new XpvError('nb.denied', `${path} wants to ${said}`, `--allow ${words}`)
}

/** The cells that seem to be what wants it: a reader shall know where to look. */
function cellsText(want: Want, { document }: ToRun): string {
  const cells = cellsOf(document).filter((cell) => seemsToWant(cell, want, document))
  const names = cells.map(({ id }) => visible(`#${id}`))
  return names.length === 0 ? '' : ` (${names.length === 1 ? 'cell' : 'cells'} ${names.join(' ')})`
}

function seemsToWant({ source }: Cell, want: Want, { front }: NotebookDocument): boolean {
  if (want.kind === 'net') return /\b(fetch|WebSocket|https?|net|dgram|dns|tls)\b/.test(source)
  if (want.kind === 'run')
    return /child_process|\bsystem\s*\(|\bspawn|\bexec|\s-[cC]\s/.test(source)
  if (want.kind === 'live') return /['"`](live|ssh:)/.test(source)
  const words = front.allow.flatMap((word) => /^(?:read|write):(.+)$/.exec(word)?.[1] ?? [])
  return words.some((word) => source.includes(word))
}
