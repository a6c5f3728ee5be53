import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { generateXentrace } from '../../bench/xentrace-generator.js'
import { openRecording } from '../../src/backend/replay/open.js'
import { Progress, progressText, type Work } from '../../src/cli/progress.js'
import { ReplayProgress } from '../../src/cli/replay-progress.js'
import { CTRL_C, onlyOnTerminals, type Ran, type Step } from '../shell/pty.js'

const PROGRAM = `node_modules/.cache/xpv-test/progress-${process.pid}.mjs`
const RECORDING = `node_modules/.cache/xpv-test/progress-${process.pid}.xt`
const LINE = '\u001b7\u001b[?7lreplay big.xt: 40%, 1.0 GB/s, 1 s left\u001b[K\u001b[?7h\u001b8'
const LATER = LINE.replace('40%', '60%')
const ERASE = '\u001b[K'

beforeAll(() =>
  build({
    entryPoints: ['test/cli/progress-fixture.ts'],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'esm',
  }),
)
afterAll(() => {
  for (const path of [PROGRAM, RECORDING]) rmSync(path, { force: true })
})

/** What a place was told, by a clock that is turned by hand. */
function handPlace(isOpen = true) {
  const told: string[] = []
  const clock = { nowMs: 0 }
  const place = {
    isOpen: () => isOpen,
    show: (line: string) => void told.push(line),
    clear: () => void told.push('cleared'),
  }
  return { told, clock, progress: new Progress(place, () => clock.nowMs) }
}

const CELLS: Work = { title: 'a.xpv.md', unit: 'cells', total: 4 }

it('says nothing for 300 ms, then at most every 100 ms, and clears its line', () => {
  const { told, clock, progress } = handPlace()
  const task = progress.begin(CELLS)
  for (const [nowMs, done] of [
    [299, 1],
    [300, 2],
    [399, 2],
    [400, 3],
  ] as const) {
    clock.nowMs = nowMs
    task.at(done)
  }
  task.end()
  expect(told).toEqual([
    'a.xpv.md: 50%, 2 of 4 cells, 1 s left',
    'a.xpv.md: 75%, 3 of 4 cells, 1 s left',
    'cleared',
  ])
})

it('clears the line as soon as all is done, once', () => {
  const { told, clock, progress } = handPlace()
  const task = progress.begin(CELLS)
  clock.nowMs = 1000
  task.at(1)
  task.at(4)
  task.end()
  expect(told).toEqual(['a.xpv.md: 25%, 1 of 4 cells, 3 s left', 'cleared'])
})

it('shows nothing where nothing may be shown, nor while somebody edits', () => {
  const closed = handPlace(false)
  const edited = handPlace()
  edited.progress.onlyWhile(() => false)
  for (const { clock, progress } of [closed, edited]) {
    const task = progress.begin(CELLS)
    clock.nowMs = 1000
    task.at(1)
    task.end()
  }
  expect([...closed.told, ...edited.told]).toEqual([])
})

it.each([
  [{ title: 'x', unit: 'bytes', total: 4e6 }, 1e6, 2000, 'x: 25%, 500 kB/s, 6 s left'],
  [{ title: 'x', unit: 'bytes', total: 1e12 }, 1e9, 1000, 'x: 0%, 1.0 GB/s, 17 min left'],
  [{ title: 'x', unit: 'ns', total: 1e9 }, 5e8, 2e7, 'x: 50%, 6 h left'],
  [{ title: 'x', unit: 'cells', total: 9 }, 0, 500, 'x: 0%, 0 of 9 cells'],
] as const)('tells %o', (work, done, tookMs, text) => {
  expect(progressText(work, done, tookMs)).toBe(text)
})

it('follows a recording while it is opened and on each pass', () => {
  generateXentrace(RECORDING, { sizeBytes: 4e6, seed: 1 })
  const { told, clock, progress } = handPlace()
  const following = new ReplayProgress(RECORDING, progress)
  const { onRead, onPass } = following.hooks
  const machine = openRecording(RECORDING, {
    onRead: (path, until) => {
      clock.nowMs += 400
      onRead?.(path, until)
    },
    ...(onPass === undefined ? {} : { onPass }),
  })
  following.opened()
  const opening = told.splice(0)
  const stream = machine.observe()
  while (stream.next() !== undefined);
  machine.close()
  expect(opening[0]).toMatch(/^opening progress-\d+\.xt: \d+%, \d+ kB\/s, \d+ \w+ left$/)
  expect(opening.at(-1)).toBe('cleared')
  expect(told[0]).toMatch(/^replay progress-\d+\.xt: \d+%, \d+ kB\/s, \d+ \w+ left$/)
  expect(told.at(-1)).toBe('cleared')
})

it('puts nothing into a pipe', () => {
  const { stdout, stderr } = spawnSync(process.execPath, [PROGRAM], { encoding: 'utf8' })
  expect([stdout, stderr]).toEqual(['open line|printed\n', ''])
})

function onTerminal(words: readonly string[], term: string, ...steps: readonly Step[]): Ran {
  const argv = ['test/shell/on-a-terminal.py', JSON.stringify(steps), process.execPath, PROGRAM]
  const env = { ...process.env, TERM: term }
  return JSON.parse(spawnSync('python3', [...argv, ...words], { encoding: 'utf8', env }).stdout)
}

onlyOnTerminals('stands behind an open line, and is gone before anything is printed', () => {
  const { transcript } = onTerminal([], 'xterm')
  expect(transcript).toBe(`open line|${LINE}${ERASE}printed\r\n${LATER}${ERASE}`)
})

onlyOnTerminals('is cleared by Ctrl-C', () => {
  const steps = [{ expect: 'hanging' }, { wait: 0.2 }, { send: CTRL_C }]
  const { transcript, status } = onTerminal(['--hang'], 'xterm', ...steps)
  expect(transcript.split('^C')[1]?.replaceAll(ERASE, '')).toBe('')
  expect(transcript.endsWith(ERASE)).toBe(true)
  expect(status).toBe(130)
})

onlyOnTerminals('is cleared by Ctrl-C while nothing else is heard, which ends the program', () => {
  const steps = [{ expect: 'stuck' }, { wait: 1.5 }, { send: CTRL_C }]
  const { transcript, status } = onTerminal(['--stuck'], 'xterm', ...steps)
  expect(transcript.endsWith(`^C${ERASE}`)).toBe(true)
  expect(status).toBe(-2)
})

onlyOnTerminals('leaves a dumb terminal alone', () => {
  expect(onTerminal([], 'dumb').transcript).toBe('open line|printed\r\n')
})
