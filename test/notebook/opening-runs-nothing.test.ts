// Opening a notebook runs nothing of it: whoever looks at a stranger's notebook, checks its types,
// exports or converts it, meets text. Each cell would leave a file behind if it ran.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { xpv } from '../cli/xpv-process.js'

let folder = ''
let marks = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-opening-'))
  marks = join(folder, 'marks')
  mkdirSync(marks)
  const mark = (name: string): string => join(marks, name)
  writeFileSync(
    join(folder, 'n.xpv.md'),
    `---
xpv: 1
title: "\${require('fs').writeFileSync('${mark('title')}', '')}"
allow: [run, net]
---

\`\`\`ts xpv #code
import { writeFileSync } from 'node:fs'
writeFileSync('${mark('code')}', '')
\`\`\`

\`\`\`ts xpv #side
import './evil.ts'
\`\`\`

\`\`\`d xpv #program
#pragma D option destructive
BEGIN { system("touch ${mark('program')}"); }
\`\`\`

\`\`\`sh xpv #command
dtrace -c 'touch ${mark('command')}' -n BEGIN
\`\`\`

<script>fetch('file://${mark('script')}')</script>
`,
  )
  writeFileSync(
    join(folder, 'evil.ts'),
    `import { writeFileSync } from 'node:fs'\nwriteFileSync('${mark('imported')}', '')\n`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

it.each([
  { name: 'xpv NB', words: ['n.xpv.md'], input: '.cells\n.show code\n1 + 1\n' },
  { name: '.load', words: [], input: '.load n.xpv.md\n1 + 1\n' },
  { name: 'check, without a terminal', words: ['check', 'n.xpv.md'], input: '' },
  { name: 'run, without a terminal', words: ['run', 'n.xpv.md'], input: 'y\n' },
  { name: 'export', words: ['export', '-o', 'out.html', 'n.xpv.md'], input: '' },
  { name: 'convert', words: ['convert', 'n.xpv.md', 'out.ipynb'], input: '' },
])('$name', ({ words, input }) => {
  xpv(words, { cwd: folder, input })
  expect(readdirSync(marks)).toEqual([])
})

it('and the marks are made when it is run with all granted', () => {
  xpv(['run', '--allow', 'all', 'n.xpv.md'], { cwd: folder })
  expect(readdirSync(marks)).toEqual(expect.arrayContaining(['code', 'imported']))
})
