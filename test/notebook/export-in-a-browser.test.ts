// Exported pages in a real browser: nothing is said, nothing is asked for, nothing runs; the page
// never scrolls sideways, on a telephone or a wide screen; on paper all is open.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser, noBrowser } from './browser.js'
import { exported } from './exported.js'
import { HOSTILE, HOSTILE_SVG } from './hostile.js'

const NOTEBOOKS = join(import.meta.dirname, '..', '..', 'notebooks')
const LESSONS = readdirSync(NOTEBOOKS).filter((name) => name.endsWith('.xpv.md'))
const MISSING = noBrowser()
if (MISSING !== undefined) console.warn(`export-in-a-browser.test.ts is skipped: ${MISSING}`)

describe.skipIf(MISSING !== undefined)(`in Chromium${MISSING ? ` (${MISSING})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-pages-'))
  let browser: Browser
  beforeAll(async () => {
    browser = new Browser()
    await browser.open()
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  const page = (name: string): string => pathToFileURL(join(folder, `${name}.html`)).href
  async function written(name: string, text: string): Promise<string> {
    writeFileSync(join(folder, `${name}.html`), (await exported(text, folder)).html)
    return page(name)
  }

  it.each(LESSONS)('%s: silent, alone, as wide as the window', async (name) => {
    const address = await written(name, readFileSync(join(NOTEBOOKS, name), 'utf8'))
    for (const width of [360, 1440]) {
      await browser.look({ width, dark: width === 360 })
      expect(await browser.visit(address)).toEqual({ asked: [], said: [] })
      expect(await browser.run('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      const font = await browser.run('getComputedStyle(document.body).color')
      expect(font).toBe(width === 360 ? 'rgb(220, 218, 213)' : 'rgb(34, 37, 42)')
    }
  })

  it('hostile pieces and pictures run nothing and ask nobody', async () => {
    mkdirSync(join(folder, 'nb.out'))
    const pictures = HOSTILE_SVG.map((svg, i) => {
      writeFileSync(join(folder, 'nb.out', `${i}.svg`), svg)
      return `![picture ${i}](nb.out/${i}.svg)\n\n`
    })
    const text = HOSTILE.map((piece, i) => {
      const cell = `\`\`\`\`\`\`ts xpv #c${i}\n${piece}\n\`\`\`\`\`\`\n\n`
      return `${piece}\n\n${cell}\`\`\`\`\`\`xpv-out #c${i} sha=0\n${piece}\n\`\`\`\`\`\`\n\n`
    })
    const address = await written(
      'hostile',
      `---\nxpv: 1\n---\n${pictures.join('')}${text.join('')}`,
    )
    await browser.look({ width: 360 })
    expect(await browser.visit(address)).toEqual({ asked: [], said: [] })
    expect(await browser.run('typeof pwned')).toBe('undefined')
    expect(await browser.run('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    const alien = 'script,iframe,object,embed,form,input,base,foreignObject,use,image,animate,set'
    expect(await browser.run(`document.querySelectorAll('${alien}').length`)).toBe(0)
    const handlers = await browser.run(
      '[...document.querySelectorAll("*")].flatMap((e) => [...e.attributes])' +
        '.filter((a) => /^on/i.test(a.name) || a.name === "style").length',
    )
    expect(handlers).toBe(0)
    const schemes = await browser.run(
      '[...new Set([...document.querySelectorAll("a")].map((a) => a.protocol))].sort().join()',
    )
    expect(schemes).toBe('file:,http:,https:')
  })

  it('the policy alone would hold, were a script to get in', async () => {
    const { html } = await exported('---\nxpv: 1\n---\n# x\n')
    const broken = html.replace('<h1', "<script>document.title = 'ran'</script><h1")
    writeFileSync(join(folder, 'broken.html'), broken)
    const { said } = await browser.visit(page('broken'))
    expect(said.join()).toContain('Content Security Policy')
    expect(await browser.run('document.title')).toBe('x')
  })

  it('on paper what is folded is open, and colours are those of the day', async () => {
    const cell = '```ts xpv #a hide\nhidden\n```\n\n```ts xpv #b answer\nanswered\n```\n'
    const address = await written('paper', `---\nxpv: 1\n---\n${cell}`)
    const height = `[...document.querySelectorAll('pre')].map((e) => e.checkVisibility({
      contentVisibilityAuto: true }) && e.getBoundingClientRect().height > 10).join()`
    await browser.look({ width: 700, dark: true })
    await browser.visit(address)
    expect(await browser.run(height)).toBe('false,false')
    await browser.look({ width: 700, dark: true, media: 'print' })
    await expect.poll(() => browser.run(height)).toBe('true,true')
    expect(await browser.run('getComputedStyle(document.body).color')).toBe('rgb(34, 37, 42)')
  })
})
