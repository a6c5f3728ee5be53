// What README and docs show of `xpv fmd` and `xpv esc` at a shell, command by command: each runs
// again in a folder of its own, and prints what stands there; `...` leaves the rest out.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { ROOT, xpv } from './xpv-process.js'

const FOLDER = mkdtempSync(join(tmpdir(), 'xpv-docs-'))
symlinkSync(join(ROOT, 'examples'), join(FOLDER, 'examples'))
const rules = /```c\n(.*?site.*?)```/s.exec(pageOf('docs/eversholt.md'))?.[1] ?? ''
writeFileSync(join(FOLDER, 'site.esc'), rules)

afterAll(() => rmSync(FOLDER, { recursive: true }))

function pageOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Commands of a page with what stands below each: blocks that are indented, from `$` on. */
function shellBlocks(page: string): readonly (readonly [command: string, shown: string])[] {
  const blocks = [
    ...page.matchAll(/^ {4}\$ (?:npx )?(xpv (?:fmd|esc) .*)\n((?: {4}(?!\$).*\n)*)/gm),
  ]
  return blocks.flatMap(([, command = '', below = '']) => {
    const lines = below.split('\n').map((line) => line.slice(4))
    return below === '' ? [] : [[command, lines.join('\n')] as const]
  })
}

it.each(
  ['README.md', 'docs/fma.md', 'docs/eversholt.md'].flatMap((path) =>
    shellBlocks(pageOf(path)).map(([command, shown]) => ({ path, command, shown })),
  ),
)('$path: $command', ({ command, shown }) => {
  const [words = '', word] = command.split(' | grep ')
  const { out } = xpv(words.split(' ').slice(1), { cwd: FOLDER })
  const lines = out.split(/(?<=\n)/)
  const printed = lines.filter((line) => word === undefined || line.includes(word)).join('')
  const kept = shown.endsWith('...\n') ? shown.slice(0, -'...\n'.length) : undefined
  expect(kept === undefined ? printed : printed.slice(0, kept.length)).toBe(kept ?? shown)
})
