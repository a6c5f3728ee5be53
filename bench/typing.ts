// Typing: how long somebody waits who presses Tab, or Enter behind a trivial cell, at xpv's prompt.
//
// One shell under script(1), which gives it a terminal, is typed at as a person would: keys go in,
// what appears is read. What is asked for can only be told by who knows the types.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const FIRST_ROUNDS = 7
const TABS = 40
const CELLS = 300
const LATE_MS = 5000
const BELL = String.fromCharCode(7)

/** Prints times of Tabs and of cells, with their budgets. */
export async function benchTyping(): Promise<void> {
  process.stdout.write('\ntyping at the prompt, ms\n')
  for (const [typed, seen] of FIRST) {
    const first = await rounds(FIRST_ROUNDS, (shell) => shell.tabAtOnce(typed, seen))
    row(`first Tab, sent with the prompt: ${typed === '' ? 'nothing' : typed}`, median(first), 150)
  }
  const first = await rounds(FIRST_ROUNDS, (shell) => shell.tab('pcpus[0].isOnl', 'ine'))
  row('first Tab, typed at once', median(first), 150)
  const settled = await rounds(FIRST_ROUNDS, async (shell) => {
    await pause(500)
    return shell.tab('machine.fork().now', 'Ns')
  })
  row('first Tab after half a second, typed', median(settled), 150)
  const shell = new Shell()
  await shell.ready()
  await pause(1500)
  await shell.run("const word = 'text'", /xpv> $/)
  await tabsAndCells(shell, '')
  for (let cell = 0; cell < CELLS; cell++) await shell.run(`const n${cell} = ${cell}`, /xpv> $/)
  await tabsAndCells(shell, `, after ${CELLS} cells`)
  shell.close()
}

async function tabsAndCells(shell: Shell, when: string): Promise<void> {
  const tabs: number[] = []
  for (let i = 0; i < TABS; i++) {
    const [typed, rest] = TYPED[i % TYPED.length] ?? ['', '']
    tabs.push(await shell.tab(typed, rest))
  }
  row(`later Tab, median${when}`, median(tabs), 30)
  row(`later Tab, p95${when}`, quantile(tabs, 0.95), 30)
  const cells: number[] = []
  for (let i = 0; i < 15; i++) cells.push(await shell.run(`${i} + 7000`, `\n${7000 + i}\r`))
  row(`trivial cell with its check${when}`, median(cells), 30)
}

/** What is typed first, and what Tab shows then. Of the last only the open session knows. */
const FIRST: readonly (readonly [string, string])[] = [
  ['', 'dtrace'],
  ['mach', 'ine'],
  ['pcpus[0].msr.', 'IA32_APIC_BASE'],
  ["on('xpv:", 'privcmd'],
  ['xm ', 'create'],
  ["dtrace -n 'xpv", ':'],
  ['[1].copyW', 'ithin'],
]

/** What is typed, and what Tab adds: all of it behind calls, where only types can tell. */
const TYPED: readonly (readonly [string, string])[] = [
  ['machine.fork().now', 'Ns'],
  ['domains.at(0).memoryB', 'ytes'],
  ["xm.create('web1').handl", 'e'],
  ['word.trim().toUpper', 'Case'],
  ['fma.faulty().at(0).suspec', 'ts'],
]

function row(name: string, ms: number, budget: number): void {
  process.stdout.write(`  ${ms.toFixed(1).padStart(7)}  ${name} (budget ${budget})\n`)
}

async function rounds(
  count: number,
  measure: (shell: Shell) => Promise<number>,
): Promise<readonly number[]> {
  const found: number[] = []
  for (let round = 0; round < count; round++) {
    const shell = new Shell()
    await shell.ready()
    found.push(await measure(shell))
    shell.close()
  }
  return found
}

/** One shell at a terminal, without a history of its own. */
class Shell {
  readonly #state = mkdtempSync(join(tmpdir(), 'xpv-bench-'))
  readonly #host: ChildProcessWithoutNullStreams
  #seen = ''
  #look: () => void = () => {}

  constructor() {
    const command = `exec ${process.execPath} --no-force-async-hooks-checks bin/xpv.mjs`
    this.#host = spawn('script', ['-qefc', command, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm', NO_COLOR: '1', XDG_STATE_HOME: this.#state },
    })
    this.#host.stdout.on('data', (bytes) => {
      this.#seen += bytes
      this.#look()
    })
  }

  ready(): Promise<number> {
    return this.#until(/xpv> /)
  }

  /** The time from Tab to what it adds, pressed again as long as a bell answers, for types may not
   *  be there yet; the line is taken away again. */
  async tab(typed: string, rest: string): Promise<number> {
    this.#send(typed)
    await this.#until(typed.slice(-4))
    await pause(30)
    const began = performance.now()
    do {
      this.#seen = ''
      this.#send('\t')
      await this.#until(new RegExp(`${rest}|${BELL}`))
    } while (this.#seen.includes(BELL) && performance.now() - began < LATE_MS)
    const ms = performance.now() - began
    await pause(30)
    this.#send('\x15')
    await pause(30)
    return ms
  }

  /** The time until a Tab is answered that was pressed as the prompt appeared. */
  tabAtOnce(typed: string, seen: string): Promise<number> {
    this.#seen = ''
    this.#send(`${typed}\t`)
    return this.#until(seen)
  }

  /** The time from Enter to what a cell prints. */
  async run(cell: string, printed: string | RegExp): Promise<number> {
    this.#send(cell)
    await this.#until(cell.slice(-4))
    await pause(10)
    this.#seen = ''
    this.#send('\r')
    const ms = await this.#until(printed)
    await pause(10)
    return ms
  }

  close(): void {
    this.#host.kill('SIGKILL')
    rmSync(this.#state, { recursive: true, force: true })
  }

  #send(keys: string): void {
    this.#host.stdin.write(keys)
  }

  #until(what: string | RegExp): Promise<number> {
    const began = performance.now()
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`never saw ${what}: ${JSON.stringify(this.#seen.slice(-400))}`))
      }, LATE_MS)
      this.#look = () => {
        const text = plain(this.#seen)
        const found = typeof what === 'string' ? text.includes(what) : what.test(text)
        if (!found) return
        clearTimeout(late)
        this.#look = () => {}
        resolve(performance.now() - began)
      }
      this.#look()
    })
  }
}

/** What a terminal is told, without what moves and colours. */
function plain(text: string): string {
  const mark = String.fromCharCode(27)
  return text.replaceAll(new RegExp(`${mark}\\[[0-9;?]*[A-Za-z]`, 'g'), '')
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

const median = (values: readonly number[]): number => quantile(values, 0.5)

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
