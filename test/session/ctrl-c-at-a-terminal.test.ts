// Ctrl-C at a real pseudo-terminal, at the worst of times: the prompt comes back, bindings stay.
// Needs python3 for the terminal; reported as skipped without it.
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'

const PROGRAM = `node_modules/.cache/xpv-test/ctrl-c-${process.pid}.mjs`
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const PROMPT = { expect: 'xpv> ' }

let state: string
beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'xpv-ctrl-c-'))
  await build({
    entryPoints: ['test/shell/fixture.ts'],
    outfile: PROGRAM,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    loader: { '.esc': 'text' },
  })
})
afterAll(() => {
  rmSync(PROGRAM, { force: true })
  rmSync(state, { recursive: true })
})

type Step = { expect: string } | { send: string } | { wait: number }

const line = (text: string): Step => ({ send: `${text}\r` })
/** A key pressed once the loop has begun. */
const ctrlC: readonly Step[] = [{ wait: 0.3 }, { send: CTRL_C }]

async function onTerminal(...steps: readonly Step[]): Promise<void> {
  const all = [PROMPT, ...steps, line('"ke" + "pt" + kept'), { expect: 'kept41' }, PROMPT]
  const argv = ['test/shell/on-a-terminal.py', JSON.stringify([...all, { send: CTRL_D }])]
  const node = [process.execPath, '--no-force-async-hooks-checks', PROGRAM]
  const env = { ...process.env, XDG_STATE_HOME: state, TERM: 'xterm', NO_COLOR: '1' }
  const { stdout } = await promisify(execFile)('python3', [...argv, ...node], { env })
  const ran: { problem: string | null; transcript: string } = JSON.parse(stdout)
  expect(ran.problem, ran.transcript).toBe(null)
}

const kept: readonly Step[] = [line('const kept = 41'), PROMPT]
const hangs = (cell: string): readonly Step[] => [...kept, line(cell), ...ctrlC]
/** A cell that takes a while to be shown and prepared. */
const LARGE = `const many = [${'1,\n'.repeat(12_000)}]; 'lar' + 'ge' + many.length`
const FREED: Step = { expect: 'what cells had left running is ended' }

it.skipIf(spawnSync('python3', ['-V']).status !== 0).concurrent.each<[string, readonly Step[]]>([
  [
    'a cell that waits, and would loop later',
    [...hangs('await sleep(700); for (;;);'), { expect: 'interrupted' }, PROMPT, { wait: 0.8 }],
  ],
  [
    'a loop in an interval',
    [...hangs('const every = setInterval(() => { for (;;); })'), FREED, PROMPT],
  ],
  [
    'a loop that sets its own next turn',
    [
      ...hangs('const f = () => { setTimeout(f); for (;;); }; const t = setTimeout(f)'),
      ...[FREED, PROMPT, { wait: 0.2 }],
    ],
  ],
  [
    'a loop in an immediate',
    [...hangs('var i = setImmediate(() => { for (;;); })'), FREED, PROMPT],
  ],
  [
    'a promise nobody awaits',
    [...hangs('const p = (async () => { await sleep(50); for (;;); })()'), FREED, PROMPT],
  ],
  [
    'microtasks without end behind a cell',
    [...hangs('const p = (async () => { await sleep(50); for (;;) await 0 })()'), FREED, PROMPT],
  ],
  [
    'a blocked thread',
    [
      ...kept,
      line(
        'const t = setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))',
      ),
      ...[{ wait: 1.5 }, { send: CTRL_C }, FREED, PROMPT],
    ],
  ],
  [
    'a loop in a timer, set right behind a cell that was interrupted',
    [
      ...hangs('for (;;);'),
      ...[{ expect: 'interrupted' }, PROMPT, line('setTimeout(() => { for (;;); }, 10); 1')],
      ...[PROMPT, { wait: 0.6 }, { send: CTRL_C }, { wait: 0.3 }],
    ],
  ],
  [
    'a large cell, pasted soon behind one that was interrupted',
    [
      ...hangs('for (;;);'),
      ...[{ expect: 'interrupted' }, PROMPT, { wait: 0.4 }],
      ...[line(`\u001b[200~${LARGE}\u001b[201~`), { expect: 'large12000' }, PROMPT],
    ],
  ],
])('%s', (_, steps) => onTerminal(...steps))
