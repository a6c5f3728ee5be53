// Rules of this folder, each with a story: what is sent, how long is waited, and what is diagnosed
// then, as worked out by hand from the algorithm. A line that begins with `>` is said, the lines
// after it are what comes of it.
//
//   > ereport.x.bad chip0/core1/strand0 bank=4
//   > wait 5
//   > why
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fmriToNvlist } from '../../../src/fma/event/fmri.js'
import { type NvValue, nv } from '../../../src/fma/event/nvlist.js'
import type { Case } from '../../../src/fma/fmd/case.js'
import type { Reason } from '../../../src/fma/fmd/reason.js'
import { pairsOf, rulesIn, Scenario, suspectsOf } from './scenario.js'

const HERE = import.meta.dirname
const STORIES = readdirSync(HERE).filter((file) => file.endsWith('.story'))
const UPDATE = process.env['XPV_UPDATE'] !== undefined

it.each(STORIES)('%s', (file) => {
  const text = readFileSync(join(HERE, file), 'utf8')
  const told = tell(file.replace(/\.story$/, '.esc'), text)
  if (UPDATE) writeFileSync(join(HERE, file), told)
  expect(told).toBe(text)
})

function tell(rules: string, story: string): string {
  const scenario = new Scenario(rulesIn(rules))
  const out: string[] = []
  let last: Case | undefined
  for (const line of story.split('\n')) {
    if (line.startsWith('#') || line === '') out.push(line)
    if (!line.startsWith('>')) continue
    out.push(line)
    const [word = '', ...rest] = line.slice(1).trim().split(' ')
    if (word === 'wait') scenario.pass(Number(rest[0]))
    else if (word === 'restart') scenario.restart(rulesIn(rules))
    else if (word === 'why') out.push(...whyOf(last))
    else scenario.send(word, rest[0] ?? '', payloadOf(rest.slice(1)))
    const solved = scenario.solved()
    for (const one of solved) out.push(...shown(one))
    last = solved.at(-1) ?? last
  }
  return out.join('\n')
}

/** `bank=4 name="x" at=chip0/core1` */
function payloadOf(words: readonly string[]): Readonly<Record<string, NvValue>> {
  const members = words.map((word): [string, NvValue] => {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(word) ?? []
    if (/^\d/.test(value)) return [name, nv.uint64(BigInt(value))]
    if (value.startsWith('"')) return [name, nv.string(value.slice(1, -1))]
    return [name, nv.list(fmriToNvlist({ scheme: 'hc', path: pairsOf(value) }))]
  })
  return Object.fromEntries(members)
}

function shown(one: Case): readonly string[] {
  const message = one.state !== 'unsolved' && !one.message ? ['  nobody is told'] : []
  return [`case of ${one.ereports.length}`, ...message, ...suspectsOf(one).map((s) => `  ${s}`)]
}

function whyOf(one: Case | undefined): readonly string[] {
  const reason = one?.state === 'unsolved' ? undefined : one?.reason
  return reason === undefined ? ['nobody knows'] : linesOf(reason, '  ')
}

function linesOf(
  { kind, what, verdict, because, values, children }: Reason,
  indent: string,
): string[] {
  const why = because === undefined ? '' : `: ${because}`
  const with_ = kind === 'serd' ? [] : (values ?? []).map(([name, value]) => `${name} is ${value}`)
  const line = `${indent}${kind} ${what}  ${verdict}${why}${with_.length > 0 ? ` (${with_.join(', ')})` : ''}`
  return [line, ...children.flatMap((child) => linesOf(child, `${indent}  `))]
}
