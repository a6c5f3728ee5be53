// Cell processes: those in which cells of notebooks run behind a fence, each for one notebook at a
// time.
//
//   takeProcess(fence, context)  ->  one that waits, with the same fence, or a new one
//   .release()                   ->  it waits for the next notebook
//
// Holds: it is killed when it does not answer to Ctrl-C, and with us; it is given no variables of
// the environment that may be secrets.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { XpvError } from '../base/error.js'
import { fenceFlags } from '../notebook/permission/fence.js'
import type { Want } from '../notebook/permission/want.js'
import type { HostAnswer, HostBeginning, HostRequest } from './cell-host.js'
import type { Context } from './context.js'
import { leaveInterrupted } from './exit-status.js'
import type { Fence } from './fenced-cells.js'
import { packageRoot } from './package-root.js'

/** All that run, and those that wait for a notebook; oldest first. */
const running = new Set<CellProcess>()
const waiting = new Set<CellProcess>()
const MOST_WAITING = 2

/** Milliseconds a process may take to hear that its cell shall end: one that computes does not. */
const DEAF_MS = 2000
/** Milliseconds a cell has to end by itself once it was told. */
const GRACE_MS = 10_000

/** A process behind such a fence, which is nobody else's until it is released. */
export function takeProcess(fence: Fence, context: Context): CellProcess {
  const flags = fenceFlags({ ...fence, reads: [...ownFiles(), ...fence.reads] }, NODE)
  const key = JSON.stringify([flags, fence.directory, fence.grants])
  const found = [...waiting].find((each) => each.key === key && each.isThere)
  if (found === undefined) return new CellProcess(key, flags, { fence, context })
  waiting.delete(found)
  return found
}

const NODE = process.versions.node

/** One process. Owns it: `end`. */
export class CellProcess {
  readonly #child: ChildProcess
  readonly #asked = new Map<number, { done(value: unknown): void; failed(error: Error): void }>()
  readonly #onExit = (): void => this.end()
  readonly #onInterrupt: () => void
  #last = 0
  #said = ''
  /** Why we ended it. */
  #why: XpvError | undefined

  /** What it may do, as a word: processes with the same word are alike. */
  readonly key: string

  constructor(
    key: string,
    flags: readonly string[],
    { fence, context }: { readonly fence: Fence; readonly context: Context },
  ) {
    this.key = key
    running.add(this)
    process.setMaxListeners(Math.max(process.getMaxListeners(), 10 + 2 * running.size))
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

  /** Its notebook is done: it may have another one. */
  release(): void {
    if (!this.isThere) return
    waiting.add(this)
    const [oldest] = waiting
    if (waiting.size > MOST_WAITING) oldest?.end()
  }

  end(): void {
    waiting.delete(this)
    running.delete(this)
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
    waiting.delete(this)
    running.delete(this)
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
