// Fenced cells: a notebook's session in a process of its own that may do only what was granted.
//
//   fencedSession(place, fence, context)  ->  NotebookSession      the cells run behind IPC
//
// Notebooks with the same fence share a process, one after another. It is killed when it does not
// answer to Ctrl-C, and with us; it is given no variables of the environment that may be secrets.
//
// Holds: what comes from it is text: nothing it says makes us do anything but store and print.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { XpvError } from '../base/error.js'
import { readDotEnv } from '../config/config.js'
import { fenceFlags } from '../notebook/permission/fence.js'
import type { Want } from '../notebook/permission/want.js'
import type { CellOutcome, NotebookSession } from '../notebook/run.js'
import { redacted, redactor } from '../session/secrets.js'
import type { HostAnswer, HostBeginning, HostRequest } from './cell-host.js'
import type { Context } from './context.js'
import { leaveInterrupted } from './exit-status.js'
import type { notebookSession } from './notebook-session.js'
import { packageRoot } from './package-root.js'

/** What a notebook's cells may do, and where they are. */
export interface Fence {
  readonly grants: readonly Want[]
  /** Absolute paths that may be read besides those granted. */
  readonly reads: readonly string[]
  readonly directory: string
}

/** Opens a session behind a fence. Throws what opening its machine throws. */
export async function fencedSession(
  place: Parameters<typeof notebookSession>[0],
  fence: Fence,
  context: Context,
): Promise<NotebookSession> {
  const host = hostFor(fence, context)
  await host.ask('open', [place])
  const redact = redactor(process.env, readDotEnv(process.cwd()))
  return {
    evaluate: async (cell, timeoutMs) => {
      const limit = timeoutMs === undefined ? undefined : host.limit(timeoutMs)
      try {
        const outcome = outcomeOf(await host.ask('evaluate', [cell, timeoutMs]))
        // Its clock began a little later than ours.
        const isLate = outcome.kind === 'interrupted' && limit?.isTold() === true
        return redacted(isLate ? late(timeoutMs ?? 0, outcome.text) : outcome, redact)
      } catch (error) {
        if (!(error instanceof XpvError)) throw error
        return { kind: 'error', error: error.code, text: `${error.code}: ${error.message}` }
      } finally {
        limit?.end()
      }
    },
    close: () => void host.ask('close', []).catch(() => {}),
  }
}

function late(timeoutMs: number, said: string): CellOutcome {
  const text = `${said}nb.timeout: the cell took longer than ${timeoutMs} ms`
  return { kind: 'error', error: 'nb.timeout', text }
}

/** What a process says that runs cells of anybody: texts, or it is nothing. */
function outcomeOf(said: unknown): CellOutcome {
  const part = (name: string): string => {
    const value: unknown = typeof said === 'object' && said !== null && Reflect.get(said, name)
    return typeof value === 'string' ? value : ''
  }
  const kind = part('kind')
  const [error, text, svg] = ['error', 'text', 'svg'].map(part)
  return {
    kind: kind === 'ok' || kind === 'interrupted' ? kind : 'error',
    ...{ error: error ?? '', text: text ?? '' },
    ...(svg === '' ? {} : { svg }),
  }
}

/** Hosts that run, oldest first. */
const hosts = new Map<string, Host>()
const MOST_HOSTS = 2
/** Milliseconds a process may take to hear that its cell shall end: one that computes does not. */
const DEAF_MS = 2000
/** Milliseconds a cell has to end by itself once it was told. */
const GRACE_MS = 10_000

function hostFor(fence: Fence, context: Context): Host {
  const flags = fenceFlags({ ...fence, reads: [...ownFiles(), ...fence.reads] }, NODE)
  const key = JSON.stringify([flags, fence.directory, fence.grants])
  const known = hosts.get(key)
  if (known?.isThere) return known
  const [oldest] = hosts.keys()
  if (hosts.size >= MOST_HOSTS && oldest !== undefined) {
    hosts.get(oldest)?.end()
    hosts.delete(oldest)
  }
  const host = new Host(flags, fence, context)
  hosts.set(key, host)
  return host
}

const NODE = process.versions.node

/** One process. Owns it: `end`. */
class Host {
  readonly #child: ChildProcess
  readonly #asked = new Map<number, { done(value: unknown): void; failed(error: Error): void }>()
  readonly #onExit = (): void => this.end()
  readonly #onInterrupt: () => void
  #last = 0
  #said = ''
  /** Why we ended it. */
  #why: XpvError | undefined

  constructor(flags: readonly string[], fence: Fence, context: Context) {
    this.#child = spawn(process.execPath, [...flags, join(packageRoot(), 'dist', 'cell-host.js')], {
      cwd: fence.directory,
      env: harmless(process.env),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    })
    this.#onInterrupt = () => {
      this.end()
      leaveInterrupted(context)
    }
    this.#child.on('message', (answer) => {
      if (isAnswer(answer)) this.#hear(answer)
    })
    this.#child.on('exit', (status, signal) => this.#leave(signal ?? `status ${status}`))
    this.#child.on('error', (error) => this.#leave(error.message))
    this.#child.stderr?.on('data', (text) => {
      this.#said = `${this.#said}${text}`.slice(-2000)
    })
    process.on('exit', this.#onExit)
    process.on('SIGINT', this.#onInterrupt)
    const has = (kind: Want['kind']): boolean => fence.grants.some((want) => want.kind === kind)
    const isFree = has('run') || has('live')
    const beginning: HostBeginning = {
      config: { ...context.config, evaluator: 'vm' },
      ...{ isOnline: has('net'), isFree, isLive: has('live') },
    }
    void this.ask('begin', [beginning]).catch(() => {})
  }

  get isThere(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Asks for something. Throws `XpvError`: what the host threw, or `nb.host` when it is gone. */
  async ask(method: HostRequest['method'], args: readonly unknown[]): Promise<unknown> {
    if (!this.isThere) throw this.#gone('before')
    const id = ++this.#last
    this.#hold(true)
    try {
      return await new Promise((done, failed) => {
        this.#asked.set(id, { done, failed })
        this.#child.send({ id, method, args } satisfies HostRequest, (error) => {
          if (error !== null) failed(this.#gone(error.message))
        })
      })
    } finally {
      this.#asked.delete(id)
      if (this.#asked.size === 0) this.#hold(false)
    }
  }

  /** Has the cell that runs end after that time: it is told so. When its process does not even
   *  hear that, or the cell goes on, the process is ended, and what comes later in it with it. */
  limit(timeoutMs: number): { isTold(): boolean; end(): void } {
    let timer: NodeJS.Timeout
    const kill = (): void => {
      this.#why = new XpvError('nb.timeout', `the cell took longer than ${timeoutMs} ms`)
      this.end()
    }
    const later = (ms: number, then: () => void): void => {
      clearTimeout(timer)
      timer = setTimeout(then, ms)
    }
    let isOver = false
    let isTold = false
    timer = setTimeout(() => {
      isTold = true
      later(DEAF_MS, kill)
      const heard = (): void => (isOver ? undefined : later(GRACE_MS, kill))
      this.ask('interrupt', []).then(heard, () => {})
    }, timeoutMs)
    return {
      isTold: () => isTold,
      end: () => {
        isOver = true
        clearTimeout(timer)
      },
    }
  }

  end(): void {
    process.off('exit', this.#onExit)
    process.off('SIGINT', this.#onInterrupt)
    this.#child.kill('SIGKILL')
  }

  /** We wait for it only while it was asked for something. */
  #hold(isAsked: boolean): void {
    const streams = [this.#child, this.#child.channel, this.#child.stderr]
    for (const each of streams) {
      const turn: unknown = each && Reflect.get(each, isAsked ? 'ref' : 'unref')
      if (typeof turn === 'function') Reflect.apply(turn, each, [])
    }
  }

  #hear({ id, value, error }: HostAnswer): void {
    const asked = this.#asked.get(id)
    if (error === undefined) asked?.done(value)
    else asked?.failed(refusalOf(error))
  }

  #leave(how: string): void {
    process.off('exit', this.#onExit)
    process.off('SIGINT', this.#onInterrupt)
    for (const { failed } of this.#asked.values()) failed(this.#why ?? this.#gone(how))
    this.#why = undefined
  }

  #gone(how: string): XpvError {
    const said = this.#said.trim().split('\n').at(-1) ?? ''
    const why = said === '' ? how : `${how}: ${said}`
    return new XpvError('nb.host', `the process of the cells has ended (${why})`)
  }
}

/** What a host threw, as texts. */
function refusalOf({ code, message, hint }: NonNullable<HostAnswer['error']>): XpvError {
  return new XpvError(String(code), String(message), hint === undefined ? hint : String(hint))
}

function isAnswer(said: unknown): said is HostAnswer {
  if (typeof said !== 'object' || said === null || !('id' in said)) return false
  const error: unknown = Reflect.get(said, 'error')
  return error === undefined || (typeof error === 'object' && error !== null)
}

/** What of our own package cells need to start, to import and to open examples. */
function ownFiles(): string[] {
  const root = packageRoot()
  const own = ['dist', 'package.json', 'examples', 'node_modules'].map((name) => join(root, name))
  const around = root.split(sep).lastIndexOf('node_modules')
  const beside =
    around < 0
      ? []
      : [
          root
            .split(sep)
            .slice(0, around + 1)
            .join(sep),
        ]
  return [...own, ...beside]
    .filter((path) => existsSync(path))
    .flatMap((path) => [path, realpathSync(path)])
}

/** The environment without what may be a secret: settings of ours and of the system. */
function harmless(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|TMPDIR|TZ|LANG|LC_\w+|NO_COLOR|XPV_\w+)$/
  return Object.fromEntries(Object.entries(environment).filter(([name]) => names.test(name)))
}
