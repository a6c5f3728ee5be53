// Prompt: how long until somebody at a terminal may type, against node's own prompt.
//
// Each contestant runs under script(1), which gives it a terminal, until its prompt appears; then it
// is killed. A busy machine makes everybody wait: what was computed by then is told beside the time.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { installed } from './rounds.js'
import { benchTyping } from './typing.js'

const ROUNDS = 15
const NODE = process.execPath
const CONTESTANTS = [
  { name: 'node', command: NODE, prompt: '> ' },
  {
    name: 'xpv',
    command: `${NODE} --no-force-async-hooks-checks bin/xpv.mjs`,
    prompt: 'xpv> ',
  },
]

interface Appearance {
  readonly wallMs: number
  readonly computedMs: number
}

/** Times both prompts in turn and prints how many of node's times xpv takes. Budget: 1.3. */
export async function benchPrompt(): Promise<void> {
  if (process.platform !== 'linux' || !installed('script')) return
  const rounds: Appearance[][] = CONTESTANTS.map(() => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, { command, prompt }] of CONTESTANTS.entries())
      rounds[i]?.push(await appearance(command, prompt))
  }
  process.stdout.write("\nprompt ready, in node's own (budget 1.3)\n")
  CONTESTANTS.forEach(({ name }, i) => {
    const wall = medianOf(rounds[i], 'wallMs')
    const computed = medianOf(rounds[i], 'computedMs')
    const wallRatio = (wall / medianOf(rounds[0], 'wallMs')).toFixed(2)
    const computedRatio = (computed / medianOf(rounds[0], 'computedMs')).toFixed(2)
    process.stdout.write(
      `  ${wallRatio}  ${wall.toFixed(0)} ms, CPU ${computedRatio}  ${computed.toFixed(0)} ms  ${name}\n`,
    )
  })
  await benchTyping()
}

/** Starts a command at a terminal; yields the time until its prompt is there. */
function appearance(command: string, prompt: string): Promise<Appearance> {
  const started = performance.now()
  const host = spawn('script', ['-qefc', `exec ${command}`, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '1' },
  })
  return new Promise((resolve, reject) => {
    let seen = ''
    host.on('error', reject)
    host.on('close', () => reject(new Error(`${command} ended without a prompt: ${seen}`)))
    host.stdout.on('data', (bytes) => {
      seen += bytes
      if (!seen.includes(prompt)) return
      const wallMs = performance.now() - started
      const child = childOf(host.pid ?? 0)
      resolve({ wallMs, computedMs: computedMsOf(child) })
      host.removeAllListeners('close')
      host.stdout.removeAllListeners('data')
      process.kill(child, 'SIGKILL')
    })
  })
}

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0])
}

/** Time on a core of all threads of a process, from the kernel's own books. */
function computedMsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const ns = threads.map((tid) => readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8'))
  return ns.reduce((sum, line) => sum + Number(line.split(' ')[0]), 0) / 1e6
}

function medianOf(rounds: readonly Appearance[] | undefined, of: keyof Appearance): number {
  const sorted = (rounds ?? []).map((each) => each[of]).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
