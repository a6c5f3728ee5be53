// `xpv export`: notebooks as HTML pages, from their stored outputs. Nothing is run.
//
//   NB                 ->  NB.html beside it        NB -o FILE | -o -  ->  there, or printed
//   NB... | FOLDER -o  ->  a page each in a folder, and index.html
import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { isFolder } from '../backend/replay/file-source.js'
import { XpvError } from '../base/error.js'
import type { Listed } from '../notebook/export/html/index-page.js'
import type { Page } from '../notebook/export/html/page.js'
import { outputFolder } from '../notebook/output-files.js'
import type { Context } from './context.js'
import { DONE } from './exit-status.js'
import { loadNotebook, notebooksAt, writeWhole } from './notebook-files.js'
import { version } from './version.js'

/** One notebook and where its page goes. */
interface Job {
  readonly path: string
  readonly target: string
}

/** Writes the pages; yields the exit status. Throws `XpvError` `cli.usage`, `file.*`, `nb.*`. */
export async function exportNotebooks(
  words: readonly string[],
  output: string | undefined,
  context: Context,
): Promise<number> {
  const site = folderOf(words, output)
  const jobs = jobsOf(words, output, site)
  const pages = new Map(jobs.map(({ path, target }) => [resolve(path), target]))
  const listed: Listed[] = []
  for (const job of jobs) {
    const { html, title, lead } = await pageOf(job, pages, context)
    if (job.target === '-') context.out.write(html)
    else write(job.target, html)
    if (site !== undefined) listed.push({ path: relative(site, job.target), title, lead })
  }
  const targets = jobs.map(({ target }) => target)
  if (site !== undefined && listed.length > 1) targets.push(await index(site, listed))
  if (context.json) context.out.write(`${JSON.stringify(targets)}\n`)
  else if (targets[0] !== '-') for (const target of targets) context.out.write(`${target}\n`)
  return DONE
}

async function pageOf(
  { path, target }: Job,
  pages: ReadonlyMap<string, string>,
  context: Context,
): Promise<Page> {
  const { notebookPage } = await import('../notebook/export/html/page.js')
  const document = loadNotebook(path)
  const folder = dirname(realpathSync(path))
  const outputs = outputFolder(path)
  const { storedStates } = await import('../notebook/graph/states.js')
  const states = storedStates(document)
  const stale = [...states].filter(([, state]) => state === 'stale').map(([id]) => `#${id}`)
  if (stale.length > 0) context.out.warn(`${path}: stale: ${stale.join(', ')} (xpv run ${path})\n`)
  return notebookPage({
    document,
    place: { folder, outputs },
    states,
    version: version(),
    link: (address) => linkFrom(address, path, target, pages),
  })
}

/** A link to another notebook leads to its page, when that is made too; a link to any other file
 *  leads where it led, seen from the page. */
function linkFrom(
  address: string,
  path: string,
  target: string,
  pages: ReadonlyMap<string, string>,
): string {
  const [, file = '', rest = ''] = /^([^?#]*)([\s\S]*)$/.exec(address) ?? []
  if (file === '' || file.startsWith('/') || /^[^/]*:/.test(file)) return address
  const whole = resolve(dirname(path), decoded(file))
  const page = pages.get(whole)
  const from = target === '-' ? '.' : dirname(target)
  const seen = page === undefined ? relative(from, whole) : relative(from, page)
  return `${seen.split('/').map(encodeURIComponent).join('/')}${rest}`
}

function decoded(file: string): string {
  try {
    return decodeURIComponent(file)
  } catch {
    return file
  }
}

/** The folder that pages go to; undefined when each stands by itself. */
function folderOf(words: readonly string[], output: string | undefined): string | undefined {
  const isMany = words.length > 1 || words.some(isFolder)
  if (output === undefined || output === '-') return undefined
  if (isMany || output.endsWith('/')) return output
  return existsSync(output) && statSync(output).isDirectory() ? output : undefined
}

function jobsOf(
  words: readonly string[],
  output: string | undefined,
  site: string | undefined,
): readonly Job[] {
  const found = words.flatMap((word) =>
    notebooksAt(word).map((path) => ({
      path,
      page: pageName(isFolder(word) ? relative(word, path) : basename(path)),
    })),
  )
  if (output === '-' && found.length > 1) throw tooMany(output)
  const jobs = found.map(({ path, page }) => {
    if (site !== undefined) return { path, target: join(site, page) }
    return { path, target: output ?? join(dirname(path), pageName(basename(path))) }
  })
  const twice = jobs.find(({ target }, i) => jobs.findIndex((job) => job.target === target) < i)
  if (twice === undefined) return jobs
  const message = `two notebooks would become ${twice.target}`
  throw new XpvError('cli.usage', message, 'xpv export FOLDER -o SITE/ keeps folders apart')
}

function tooMany(output: string): XpvError {
  return new XpvError('cli.usage', `-o ${output} takes one notebook`, 'xpv export NB... -o SITE/')
}

function pageName(name: string): string {
  return `${name.replace(/(\.xpv)?\.md$/, '')}.html`
}

async function index(site: string, listed: readonly Listed[]): Promise<string> {
  const { indexPage } = await import('../notebook/export/html/index-page.js')
  const target = join(site, 'index.html')
  write(target, indexPage('Notebooks', listed))
  return target
}

function write(target: string, html: string): void {
  try {
    makeFolder(dirname(target))
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const message = `cannot make the folder ${dirname(target)}: ${why}`
    throw new XpvError('file.unwritable', message, `ls -ld ${dirname(dirname(target))}`)
  }
  writeWhole(target, html)
}

/** Makes a folder and those above it, step by step: where none can be made, as in /proc, Node's own
 *  way goes on for ever. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}
