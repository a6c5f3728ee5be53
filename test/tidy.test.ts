// The mechanical rules of our style, with messages that say what to do.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const TRACKED = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '')
const SOURCES = TRACKED.filter((file) => file.startsWith('src/') && file.endsWith('.ts'))

/** Files that may be longer than 400 lines, each with the reason. */
const LONG: Readonly<Record<string, string>> = {}

const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** Every line of every source that breaks a rule, as `file:line: what to do`. */
function breaches(files: readonly string[], rule: (line: string) => string | undefined): string[] {
  return files.flatMap((file) =>
    text(file)
      .split('\n')
      .flatMap((line, i) => {
        const advice = rule(line)
        return advice === undefined ? [] : [`${file}:${i + 1}: ${advice}`]
      }),
  )
}

it('file names are kebab-case and say what is inside', () => {
  const bad = SOURCES.filter(
    (file) =>
      !/^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.ts$/.test(basename(file)) ||
      /^(utils?|helpers?|common|misc)\.ts$/.test(basename(file)),
  )
  expect(bad, 'name a file after the one noun in it').toEqual([])
})

it('every source opens with a header that says what it is', () => {
  const bad = SOURCES.filter((file) => !text(file).startsWith('// '))
  expect(bad, 'open with: what goes in, what comes out, what always holds').toEqual([])
})

it('a source has at most 400 lines, unless listed with a reason', () => {
  const bad = SOURCES.filter((file) => text(file).split('\n').length > 401 && !(file in LONG))
  expect(bad, 'look for the second noun and split, or list the file in LONG').toEqual([])
  const needless = Object.keys(LONG).filter((file) => !SOURCES.includes(file))
  expect(needless, 'LONG names files that are gone').toEqual([])
})

it('lines have at most 100 columns', () => {
  const long = breaches(SOURCES, (line) =>
    line.length > 100 && !/https?:/.test(line) ? `${line.length} columns: break it` : undefined,
  )
  expect(long).toEqual([])
})

it('no default exports, no any, no silenced checks', () => {
  const found = breaches(SOURCES, (line) => {
    if (/^export default\b/.test(line)) return 'export by name'
    if (/(:|<|\bas) any\b/.test(line.replace(/'[^']*'|\/\/.*$/g, ''))) {
      return 'say the type, or unknown at the edge'
    }
    if (/@ts-(ignore|nocheck|expect-error)|biome-ignore|eslint-disable/.test(line)) {
      return 'mend it instead of silencing it'
    }
    return undefined
  })
  expect(found).toEqual([])
})

it('pcpu or vcpu, never a bare cpu; ProbeEvent or Ereport, never a bare event', () => {
  const declared =
    /\b(?:const|let|function|class|interface|type)\s+(cpu|cpus|event|events|Cpu|Event)\b/
  const found = breaches(SOURCES, (line) => {
    const name = declared.exec(line)?.[1]
    return name === undefined ? undefined : `"${name}" does not say which: pcpu, vcpu, ProbeEvent …`
  })
  expect(found).toEqual([])
})

it('every export says what it yields', () => {
  const bare = SOURCES.flatMap((file) => {
    const lines = text(file).split('\n')
    return lines.flatMap((line, i) => {
      if (!/^export (?:abstract )?(?:async )?(?:function\*?|class) /.test(line)) return []
      const above = lines[i - 1] ?? ''
      return /\*\/\s*$|^export .*;?$/.test(above) ? [] : [`${file}:${i + 1}: ${line.slice(0, 60)}`]
    })
  })
  expect(bare, 'write a doc comment: yields, shape, units, failures, source').toEqual([])
})

it('nothing is left unfinished', () => {
  const code = TRACKED.filter((file) => /^(src|test|bench|scripts|bin)\/.*\.(ts|mjs)$/.test(file))
  const words = new RegExp(
    `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`,
  )
  expect(breaches(code, (l) => (words.test(l) ? 'finish it or leave it out' : undefined))).toEqual(
    [],
  )
})

it('the lock file names no download host', () => {
  expect(text('package-lock.json')).not.toMatch(/"resolved": "https?:/)
})

it('every dependency is pinned to one version', () => {
  const { dependencies, devDependencies } = JSON.parse(text('package.json'))
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)),
  )
  expect(loose).toEqual([])
})
