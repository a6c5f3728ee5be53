// A notebook opened at a real terminal: edited there, taken back, left with a warning.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect } from 'vitest'
import { CTRL_C, CTRL_D, line, onlyOnTerminals, PROMPT, type Step } from './pty.js'

const NOTEBOOK = `---
xpv: 1
title: Sums
---

\`\`\`ts xpv #list
const list = [1, 2]
\`\`\`

\`\`\`ts xpv #sum
list.reduce((a, b) => a + b, 0)
\`\`\`

\`\`\`ts xpv #endless
for (;;);
\`\`\`
`

const STEPS: readonly Step[] = [
  { expect: 'nothing has run here' },
  PROMPT,
  line('.run'),
  { expect: '#endless' },
  { wait: 0.3 },
  { send: CTRL_C },
  { expect: 'stopped at #endless' },
  PROMPT,
  line('.edit list'),
  { expect: 'const list = [1, 2]' },
  { send: '\u007f, 30]\r' },
  { expect: 'now stale: #sum (.run stale)' },
  PROMPT,
  line('.run stale'),
  { expect: '33' },
  PROMPT,
  { send: CTRL_D },
  { expect: 'changes that are not saved' },
  PROMPT,
  line('.undo'),
  { expect: 'taken back' },
  PROMPT,
  line('.undo'),
  { expect: 'taken back: const list' },
  PROMPT,
  line('list.length'),
  { expect: '2' },
  PROMPT,
  { send: CTRL_D },
  { expect: 'changes that are not saved' },
  PROMPT,
  { send: CTRL_D },
]

onlyOnTerminals('an opened notebook is run, edited, taken back and left', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-notebook-'))
  try {
    const path = join(folder, 'sums.xpv.md')
    writeFileSync(path, NOTEBOOK)
    const words = ['--no-force-async-hooks-checks', 'bin/xpv.mjs', '--no-types', path]
    const argv = ['test/shell/on-a-terminal.py', JSON.stringify(STEPS), process.execPath, ...words]
    const env = { ...process.env, XDG_STATE_HOME: folder, TERM: 'xterm', NO_COLOR: '1' }
    const { stdout, stderr } = spawnSync('python3', argv, { encoding: 'utf8', env })
    expect(stderr).toBe('')
    const ran = JSON.parse(stdout)
    const screen = stripVTControlCharacters(ran.transcript)
    expect(ran.problem, screen).toBe(null)
    expect(ran.status).toBe(0)
    expect(readFileSync(path, 'utf8')).toBe(NOTEBOOK)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
