// What an exported page has: contents, anchors, folded code, marks, a run record; colours that can
// be read; and how large it is before anything is in it.
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { table } from '../../src/base/table.js'
import { lineSvg } from '../../src/chart/svg.js'
import { DATA, DAY, NIGHT } from '../../src/notebook/export/html/colours.js'
import { indexPage } from '../../src/notebook/export/html/index-page.js'
import { exported, tagsOf } from './exported.js'

const ROOT = join(import.meta.dirname, '..', '..')
const LESSONS = readdirSync(join(ROOT, 'notebooks')).filter((name) => name.endsWith('.xpv.md'))
const MOST_BYTES = 60 * 1024

const NOTEBOOK = `---
xpv: 1
title: What was seen
xpv-version: 0.1.0
node: ">=20.19"
backend: { kind: sim, machine: "sim:xvm-3.1", seed: 7 }
params: { era: { type: string, default: xvm, doc: an era } }
inputs:
  - { path: ../a.xt, sha256: ${'ab'.repeat(32)}, bytes: 12 }
---
# What was seen

See [the next](02-next.xpv.md), [Xen](https://xenproject.org) and [below][r].

## One

\`\`\`ts xpv #one
const a = 1 // one
\`\`\`

\`\`\`xpv-out #one sha=1
1
\`\`\`

### Two

\`\`\`d xpv #two hide
xpv:::{ @ = count(); }
\`\`\`

\`\`\`xpv-out #two sha=2
2
\`\`\`

## One

\`\`\`sh xpv #three answer
fmadm faulty
\`\`\`

\`\`\`xpv-out #three sha=3
three
\`\`\`

[r]: #two
`

describe('a page', () => {
  it('lists headings of the second and third depth, each with an anchor of its own', async () => {
    const { html, title, lead } = await exported(NOTEBOOK)
    expect(title).toBe('What was seen')
    expect(lead).toBe('See the next, Xen and below.')
    const contents = /<nav[\s\S]*?<\/nav>/.exec(html)?.[0] ?? ''
    expect(contents.match(/href="[^"]*"/g)).toEqual([
      'href="#one-2"',
      'href="#two-2"',
      'href="#one-3"',
    ])
    const ids = tagsOf(html).flatMap(({ attributes }) => attributes['id'] ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(['one', 'two', 'three', 'one-2', 'one-3']))
  })

  it('folds what is hidden, and an answer with what it printed', async () => {
    const { html } = await exported(NOTEBOOK)
    const [one, two, three] = html.match(/<section[\s\S]*?<\/section>/g) ?? []
    expect(one).toMatch(/<details class="code" open>/)
    expect(one).toContain('<span class="c">// one</span>')
    expect(two).toMatch(/<details class="code"><summary>.*<\/details>\n<div class="out/s)
    expect(three).toMatch(/<details><summary>Answer .*three<\/pre><\/div>\n<\/details>\n<\/sec/s)
  })

  it('says what it was made from, and nothing of when or where', async () => {
    const { html } = await exported(NOTEBOOK)
    const record = /<footer>[\s\S]*<\/footer>/.exec(html)?.[0].replace(/<[^>]*>/g, '|') ?? ''
    for (const said of ['0.1.0', 'sim:xvm-3.1', 'xvm-3.1', '7', '&gt;=20.19', 'era = xvm'])
      expect(record).toContain(`|${said}|`)
    expect(record).toContain(`../a.xt, 12 bytes|sha256 ${'ab'.repeat(32)}`)
    expect((await exported(NOTEBOOK)).html).toBe(html)
  })

  it('marks what is stale, where it stands and at the top', async () => {
    const states = new Map([
      ['one', 'stale'],
      ['two', 'fresh'],
      ['three', 'out-of-order'],
    ] as const)
    const { html } = await exported(NOTEBOOK, undefined, states)
    expect(html).toMatch(/<h1[^>]*>What was seen<\/h1>\n<nav[\s\S]*<\/nav>\n<p class="stale">2 /)
    expect(html).toContain('#one</a><span class="state">stale: made from something else</span>')
    expect(html).toContain('#three</a><span class="state">older than a cell above it</span>')
    expect(html.match(/class="state"/g)).toHaveLength(2)
  })

  it('has a title of its own when its prose has none', async () => {
    const { html, title } = await exported('---\nxpv: 1\n---\n```ts xpv #a\n1\n```\n')
    expect(title).toBe('A notebook')
    expect(html).toContain('<h1>A notebook</h1>')
  })

  it('a chart of the outputs takes the place of its text; a cut text can be unfolded', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'xpv-charts-'))
    afterAll(() => rmSync(folder, { recursive: true }))
    const chart = lineSvg(
      table(
        ['t', 'n'],
        [1, 2, 3].map((n) => [n, n * n]),
      ),
    )
    const whole = Array.from({ length: 300 }, (_, i) => `line ${i}\n`).join('')
    const files = [
      [chart, 'svg'],
      [whole, 'txt'],
    ] as const
    mkdirSync(join(folder, 'nb.out'))
    const [svg, text] = files.map(([content, end]) => {
      const name = createHash('sha256').update(content).digest('hex').slice(0, 16)
      writeFileSync(join(folder, 'nb.out', `${name}.${end}`), content)
      return name
    })
    const { html } = await exported(
      '---\nxpv: 1\n---\n```ts xpv #c\nx\n```\n\n' +
        `\`\`\`xpv-out #c sha=1 svg=${svg} text=${text}\nas text\n\`\`\`\n`,
      folder,
    )
    tagsOf(html)
    expect(html.match(/<svg /g)).toHaveLength(1)
    expect(html).toContain('stroke="#2f6fab"')
    expect(html).toMatch(/<summary>as text<\/summary><div class="out short"><pre[^>]*>as text</)
    expect(html).toMatch(/<summary>all 300 lines<\/summary>.*line 0\n.*line 299\n<\/pre>/s)
  })
})

describe('size', () => {
  it('a page without content, and an index, are far below 60 KB', async () => {
    expect(Buffer.byteLength((await exported('---\nxpv: 1\n---\n')).html)).toBeLessThan(
      MOST_BYTES / 4,
    )
    expect(Buffer.byteLength(indexPage('x', []))).toBeLessThan(MOST_BYTES / 4)
  })

  it.each(LESSONS)('%s: what is not its own text is below 60 KB', async (name) => {
    const text = readFileSync(join(ROOT, 'notebooks', name), 'utf8')
    const { html } = await exported(text, join(ROOT, 'notebooks'))
    const svgs = html.match(/<svg[\s\S]*?<\/svg>/g)?.join('') ?? ''
    const own = Buffer.byteLength(text) + Buffer.byteLength(svgs)
    expect(Buffer.byteLength(html) - own).toBeLessThan(MOST_BYTES)
  })
})

/** Relative luminance and contrast as WCAG 2.1 defines them. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

describe('colours', () => {
  it('contrast: black on white is 21, as the definition says', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  })

  it.each([
    ['day', DAY],
    ['night', NIGHT],
  ])('%s: text has 4.5 on paper and on shade', (_, inks) => {
    const { paper, shade, line, ...texts } = inks
    for (const [name, colour] of Object.entries(texts))
      for (const under of [paper, shade])
        expect(contrast(colour, under), `${name} on ${under}`).toBeGreaterThanOrEqual(4.5)
    expect(contrast(line, paper)).toBeGreaterThan(1.2)
  })

  it('lines and bars of charts have 3 on paper by night', () => {
    for (const [day, night] of Object.entries(DATA)) {
      const isLowest = day === '#9ecae1' // of a heat map: nearest to none
      expect(contrast(night, NIGHT.paper), day).toBeGreaterThanOrEqual(isLowest ? 2 : 3)
    }
  })
})
