// What a stranger wrote is text on an exported page: nothing of it runs, loads, or hides. The pages
// are read here tag by tag; export-in-a-browser.test.ts asks a real browser.
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { safeAddress } from '../../src/notebook/export/html/address.js'
import { cleanSvg } from '../../src/notebook/export/html/svg.js'
import { exported, tagsOf } from './exported.js'
import { ADDRESSES, HOSTILE, HOSTILE_SVG } from './hostile.js'

const FRONT = '---\nxpv: 1\n---\n'
const ELEMENTS = new Set(
  (
    'html head meta title link style body main nav footer section details summary figure div pre ' +
    'code span p h1 h2 h3 h4 h5 h6 ul ol li blockquote hr table thead tbody tr th td strong em del ' +
    'br a img dl dt dd svg g path rect line circle ellipse polygon polyline text tspan title desc'
  ).split(' '),
)
const ATTRIBUTES = new Set(
  (
    'lang charset http-equiv content name rel href class id open tabindex start src alt role ' +
    'aria-label xmlns width height viewBox x y x1 x2 y1 y2 d fill stroke'
  ).split(' '),
)

/** What is on a page that must not be there. */
function objections(html: string): readonly string[] {
  const tags = tagsOf(html)
  const found = tags.filter(({ name }) => !ELEMENTS.has(name)).map(({ name }) => `<${name}>`)
  for (const { name, attributes } of tags) {
    for (const [key, value] of Object.entries(attributes)) {
      if (!ATTRIBUTES.has(key)) found.push(`${name} ${key}`)
      const isAddress = key === 'href' && value !== 'data:,'
      if (isAddress && !/^(https?:\/\/|mailto:|[^:]*([/?#]|$))/i.test(value)) found.push(value)
      if (isAddress && /^[\s/\\]*[/\\][/\\]/.test(value)) found.push(value)
      if (key === 'src' && !value.startsWith('data:image/')) found.push(value)
    }
  }
  if (/[^\P{Cc}\n\t]/u.test(html)) found.push('a control character')
  if (/[\u202a-\u202e\u2066-\u2069]/.test(html)) found.push('text turned around')
  return found
}

/** A notebook that has `piece` wherever a notebook can have text. */
function withEverywhere(piece: string): string {
  const line = piece.replace(/\s+/g, ' ')
  const word = piece.replace(/\s+/g, '').replaceAll('`', '') || 'x'
  const fence = '`'.repeat(12)
  return (
    `---\nxpv: 1\ntitle: ${JSON.stringify(line)}\nxpv-version: ${JSON.stringify(line)}\n` +
    `backend: { machine: ${JSON.stringify(line)} }\nnode: ${line}\n` +
    `inputs: [{ path: ${JSON.stringify(line)}, sha256: ${JSON.stringify(line)}, bytes: 1 }]\n---\n` +
    `# ${piece}\n\n${piece}\n\n- ${piece}\n\n> ${piece}\n\n` +
    ['ts', 'd', 'esc', 'sh'].map((l) => `${fence}${l} xpv #${l}${word}\n${piece}\n${fence}\n`) +
    `\n${fence}xpv-out #sh${word} sha=${word} svg=${word}\n${piece}\n${fence}\n\n` +
    `${fence}xpv-out #gone${word} sha=1\n${piece}\n${fence}\n\n## ${piece}\n\n${piece}`
  )
}

describe('hostile pieces, everywhere at once', () => {
  it.each(HOSTILE.map((piece, i) => [i, piece] as const))('%i', async (_, piece) => {
    const { html } = await exported(withEverywhere(piece))
    expect(objections(html)).toEqual([])
  })

  it('any of them joined in any way', async () => {
    const text = fc.array(
      fc.oneof(
        fc.constantFrom(...HOSTILE),
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.constantFrom('\n', '\n\n', '```', '~~~', '    ', '> ', '- ', '|', '`', '](', '<', '\\'),
      ),
      { maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(text, async (pieces) => {
        const { html } = await exported(`${FRONT}${pieces.join('')}`)
        expect(objections(html)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})

describe('addresses', () => {
  it.each(ADDRESSES)('%j leads nowhere that runs or is another host', (address) => {
    const kept = safeAddress(address)
    if (kept === undefined) return
    const base = 'https://here.test/folder/page.html'
    const whole = new URL(kept, base)
    expect(whole.origin, kept).toBe('https://here.test')
  })

  it.each([
    ['https://xenproject.org/x?a=1&b=2#c', 'https://xenproject.org/x?a=1&b=2#c'],
    ['HTTP://a.test', 'HTTP://a.test'],
    ['mailto:a@b.test', 'mailto:a@b.test'],
    ['#cell', '#cell'],
    ['02-next.xpv.md', '02-next.xpv.md'],
    ['../docs/d.md#x', '../docs/d.md#x'],
    ['a?b=c:d', 'a?b=c:d'],
    ['x&amp;y', 'x&y'],
  ])('%s is kept', (address, kept) => expect(safeAddress(address)).toBe(kept))
})

describe('pictures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-pictures-'))
  const outside = mkdtempSync(join(tmpdir(), 'xpv-outside-'))
  mkdirSync(join(folder, 'nb.out'))
  afterAll(() => {
    for (const each of [folder, outside]) rmSync(each, { recursive: true })
  })

  it.each(HOSTILE_SVG.map((svg, i) => [i, svg] as const))('svg %i', async (i, svg) => {
    const name = `${i}`.padStart(16, '0')
    writeFileSync(join(folder, 'nb.out', `${name}.svg`), svg)
    const text = `${FRONT}![x](nb.out/${name}.svg)\n`
    const { html } = await exported(text, folder)
    expect(objections(html)).toEqual([])
    expect(html).not.toMatch(/pwned\.test|url\(/)
  })

  it('what is drawn stays, cleaned', () => {
    const own =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 24" width="64" height="24">\n' +
      '<g transform="translate(1 2)"><rect x="1.5" width="3" height="4" fill="#2f6fab" id="a">' +
      '<title>a &lt; b</title></rect></g><path d="M1 2L3 4" stroke="currentColor"/></svg>'
    expect(cleanSvg(own, 'n"')).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="24" role="img" ' +
        'aria-label="n&quot;" viewBox="0 0 64 24"><g transform="translate(1 2)">' +
        '<rect x="1.5" width="3" height="4" fill="#2f6fab"><title>a &lt; b</title></rect></g>' +
        '<path d="M1 2L3 4" stroke="currentColor"></path></svg>',
    )
  })

  it.each([
    ['../secret.png', 'above the folder'],
    ['nb.out/../../secret.png', 'above it, by way of its outputs'],
    ['other/secret.png', 'another folder'],
    ['link.png', 'a link that leads out'],
    ['nb.out/link.png', 'a link among the outputs'],
    ['/etc/hostname', 'an absolute path'],
    ['text.png', 'no picture, whatever its name'],
    ['.hidden.png', 'a hidden file'],
  ])('%s: %s is not read', async (path) => {
    const png = Buffer.from('\u0089PNG\r\n\u001a\nsecret', 'latin1')
    mkdirSync(join(folder, 'other'), { recursive: true })
    for (const each of ['other/secret.png', '.hidden.png']) writeFileSync(join(folder, each), png)
    writeFileSync(join(folder, '..', 'secret.png'), png)
    writeFileSync(join(folder, 'text.png'), 'secret')
    writeFileSync(join(outside, 'secret.png'), png)
    for (const each of ['link.png', 'nb.out/link.png']) {
      rmSync(join(folder, each), { force: true })
      symlinkSync(join(outside, 'secret.png'), join(folder, each))
    }
    const { html } = await exported(`${FRONT}![a picture](${path})\n`, folder)
    rmSync(join(folder, '..', 'secret.png'))
    expect(html).toContain('<em>a picture</em>')
    expect(html).not.toContain('data:image')
  })

  it('one beside the notebook is put into the page', async () => {
    writeFileSync(join(folder, 'own.gif'), Buffer.from('GIF89a rest', 'latin1'))
    const { html } = await exported(`${FRONT}![own](own.gif)\n`, folder)
    expect(html).toContain('<img src="data:image/gif;base64,R0lGODlhIHJlc3Q=" alt="own">')
  })
})

it('the policy lets in the one style sheet, by its hash, and nothing else', async () => {
  const { html } = await exported(`${FRONT}# x\n`)
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  expect(html).toContain(
    `content="default-src 'none'; style-src 'sha256-${hash}'; img-src data:; ` +
      `base-uri 'none'; form-action 'none'"`,
  )
  expect(style).not.toMatch(/url\(|@import|<|expression/)
})
