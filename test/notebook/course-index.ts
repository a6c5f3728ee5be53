// The index of the course: a page made of what the lessons' front matter says.
//
//   00-the-origin.xpv.md (title, teaches, minutes, machine)  ->  a row of notebooks/README.md
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { exercisesOf } from '../../src/notebook/exercise/exercise.js'
import { parseNotebook } from '../../src/notebook/format.js'

const INTRODUCTION = `# The course

Lessons on xVM, DTrace and fault management, each to be read here, or to be worked through:

    xpv notebooks/00-the-origin.xpv.md     opens it; .run runs it, .answer lists its exercises
    xpv check notebooks                    runs all of them again and compares every byte

This page is made of their front matter (\`npm run test:update\` writes it).
`

/** The page for the lessons of a folder. Throws when one does not say what it teaches. */
export function courseIndex(folder: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith('.xpv.md'))
  const rows = names.sort().map((name) => rowOf(name, readFileSync(join(folder, name), 'utf8')))
  const head = '| lesson | teaches | minutes | exercises | machine |\n|---|---|---|---|---|\n'
  return `${INTRODUCTION}\n${head}${rows.join('')}`
}

function rowOf(name: string, text: string): string {
  const { document } = parseNotebook(text)
  const yaml: unknown = parse(document.head.replace(/^---$/gm, ''))
  const teaches = partOf(yaml, 'teaches')
  const minutes = partOf(yaml, 'minutes')
  if (typeof teaches !== 'string' || typeof minutes !== 'number') {
    throw new Error(`${name} wants teaches: TEXT and minutes: NUMBER in its front matter`)
  }
  const { title, machine = 'sim' } = document.front
  const where = machine.replace(/^(\.\.\/)+/, '').replace(/^examples\/recordings\//, 'recording ')
  const exercises = exercisesOf(document).length
  const cells = [`[${title}](${name})`, teaches, minutes, exercises, where]
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |\n`
}

function partOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
