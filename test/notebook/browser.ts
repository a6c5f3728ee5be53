// A headless Chromium, driven over two pipes: what a page says, asks for, and measures.
//
// Source: the Chrome DevTools Protocol; --remote-debugging-pipe reads commands from descriptor 3
// and answers on 4, each ended by NUL.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

const CHROMIUM = '/usr/bin/chromium'
const OPTIONS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --mute-audio ' +
  '--disable-background-networking --disable-component-update --disable-sync --hide-scrollbars ' +
  '--remote-debugging-pipe'

/** Why there is no browser here; undefined when there is one. */
export function noBrowser(): string | undefined {
  if (!existsSync(CHROMIUM)) return `there is no ${CHROMIUM}`
  const { status } = spawnSync(CHROMIUM, ['--version'], { timeout: 20_000 })
  return status === 0 ? undefined : `${CHROMIUM} --version ends with ${status}`
}

/** How a page is looked at. */
export interface View {
  readonly width: number
  readonly dark?: boolean
  readonly media?: 'screen' | 'print'
}

/** What happened while a page was loaded. */
export interface Visit {
  /** Addresses asked for, the page's own not among them. */
  readonly asked: readonly string[]
  /** What was written to the console, thrown, or shown as a dialog. */
  readonly said: readonly string[]
}

type Message = Readonly<Record<string, unknown>>
type Answer = (result: Message) => void

/** One browser with one page. Close it. */
export class Browser {
  readonly #folder = mkdtempSync(join(tmpdir(), 'xpv-chromium-'))
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, Answer>()
  readonly #events: { readonly method: string; readonly params: Message }[] = []
  #last = 0
  #session: string | undefined
  #rest = ''

  constructor() {
    const words = [...OPTIONS.split(' '), `--user-data-dir=${this.#folder}`, 'about:blank']
    const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] as const
    this.#process = spawn(CHROMIUM, words, { stdio: [...stdio] })
    const from = this.#process.stdio[4] as Readable
    from.setEncoding('utf8').on('data', (text: string) => this.#read(text))
  }

  /** Opens the one page. */
  async open(): Promise<void> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' })
    const attached = await this.send('Target.attachToTarget', { targetId, flatten: true })
    this.#session = String(attached['sessionId'])
    for (const each of ['Page', 'Network', 'Log', 'Runtime']) await this.send(`${each}.enable`)
  }

  async look({ width, dark = false, media = 'screen' }: View): Promise<void> {
    const size = { width, height: 900, deviceScaleFactor: 1, mobile: false }
    await this.send('Emulation.setDeviceMetricsOverride', size)
    const features = [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]
    await this.send('Emulation.setEmulatedMedia', { media, features })
  }

  /** Loads a page and waits until nothing more happens in it. */
  async visit(address: string): Promise<Visit> {
    this.#events.length = 0
    await this.send('Page.navigate', { url: address })
    for (let i = 0; i < 200 && !this.#events.some((e) => e.method === 'Page.loadEventFired'); i++)
      await new Promise((resolve) => setTimeout(resolve, 10))
    await this.run('new Promise((done) => setTimeout(done, 30))')
    const asked = this.#events
      .filter(({ method }) => method === 'Network.requestWillBeSent')
      .map(({ params }) => String((params['request'] as Message)['url']))
      .filter((url) => url !== address && !url.startsWith('data:'))
    const telling = /^(Log\.entryAdded|Runtime\.(consoleAPICalled|exceptionThrown))$/
    const said = this.#events
      .filter(({ method }) => telling.test(method) || method === 'Page.javascriptDialogOpening')
      .map(({ method, params }) => `${method} ${JSON.stringify(params)}`)
    return { asked, said }
  }

  /** The value of an expression in the page. */
  async run(expression: string): Promise<unknown> {
    const options = { expression, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', options)
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return (result as Message)['value']
  }

  send(method: string, params: Message = {}): Promise<Message> {
    const id = ++this.#last
    const session = this.#session === undefined ? {} : { sessionId: this.#session }
    const to = this.#process.stdio[3] as Writable
    to.write(`${JSON.stringify({ id, method, params, ...session })}\0`)
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#process.once('close', resolve))
    this.#session = undefined
    void this.send('Browser.close')
    await closed
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }

  #read(text: string): void {
    const messages = `${this.#rest}${text}`.split('\0')
    this.#rest = messages.pop() ?? ''
    for (const each of messages) {
      const { id, method, params = {}, result = {}, error } = JSON.parse(each)
      if (id === undefined) this.#events.push({ method, params })
      else {
        if (error !== undefined) throw new Error(JSON.stringify(error))
        this.#waiting.get(id)?.(result)
        this.#waiting.delete(id)
      }
    }
  }
}
