// The programs of examples/, whole: their output as it was read and found right, and their numbers
// against counts that nothing of ours made (the text of the captures, xenalyze's dump).
//
// XPV_UPDATE=1 writes the outputs again; read the diff before you commit.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { dtrace, inRepository } from './dtrace-run.js'

/** Recordings of those that do not run over the creation of a domain. */
const RECORDINGS: Readonly<Record<string, string>> = {
  'failures.d': 'xl-migrate',
  'wake-latency.d': 'contended',
  'vcpu-stints.d': 'contended',
}

const examples = readdirSync(inRepository('examples')).filter((name) => name.endsWith('.d'))
const recordingOf = (example: string): string => RECORDINGS[example] ?? 'xl-create'

async function output(example: string): Promise<string> {
  const words = ['-q', '-s', inRepository('examples', example)]
  const run = await dtrace(words, { recording: recordingOf(example) })
  expect(run.status).toBe(0)
  return run.out
}

it.each(examples)('%s prints what it printed', async (example) => {
  const text = await output(example)
  const path = inRepository('test/cli/examples', example.replace(/\.d$/, '.out'))
  if (process.env['XPV_UPDATE'] === '1') writeFileSync(path, text)
  expect(existsSync(path), `${path}: XPV_UPDATE=1 writes it`).toBe(true)
  expect(text).toBe(readFileSync(path, 'utf8'))
})

/** Numbers under names. */
type Counts = Readonly<Record<string, number>>

function tally(rows: Iterable<readonly [name: string, count: number]>): Counts {
  const counts: Record<string, number> = {}
  for (const [name, count] of rows) counts[name] = (counts[name] ?? 0) + count
  return counts
}

const words = (text: string): string[][] =>
  text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim().split(/\s+/)]))

/** Records of a capture's text: who, what, and the rest of the line. */
function captured(recording: string): { comm: string; what: string; rest: string }[] {
  const text = readFileSync(
    inRepository('examples/recordings', recording, 'privcmd.ftrace.txt'),
    'utf8',
  )
  const record = /^ *(.+)-\d+ +\[\d+\] \S+ +[\d.]+: (\w+): (.*)$/gm
  return Array.from(text.matchAll(record), ([, comm = '', what = '', rest = '']) => ({
    comm,
    what,
    rest,
  }))
}

const dump = (name: string): string =>
  gunzipSync(readFileSync(inRepository('test/oracle', `${name}.dump-all.txt.gz`))).toString()

it('hypercalls-by-domain.d counts what xenalyze dumps', async () => {
  const calls = dump('create').matchAll(/ d(\d+)v\d+ hypercall +([0-9a-f]+)/g)
  const dumped = tally(Array.from(calls, ([, domid, op]) => [`${domid} ${`0x${op}`}`, 1]))
  const rows = words(await output('hypercalls-by-domain.d')).slice(1)
  const printed = tally(
    rows.map(([domid, op, n]) => [`${domid} 0x${Number(op).toString(16)}`, Number(n)]),
  )
  expect(printed).toEqual(dumped)
})

it('every-second.d counts the hypercalls that xenalyze dumps', async () => {
  const dumped = [...dump('create').matchAll(/ d\d+v\d+ hypercall +[0-9a-f]+/g)].length
  const rows = words(await output('every-second.d'))
  const printed = rows.filter(([provider, name]) => provider === 'pv' && name === 'hypercall')
  // Calls before the first tick and after the last are not in a report.
  const reported = printed.reduce((sum, row) => sum + Number(row[2]), 0)
  expect(reported).toBeLessThanOrEqual(dumped)
  expect(reported).toBeGreaterThan(dumped * 0.9)
})

it('who-asks.d counts the calls that the capture shows', async () => {
  const records = captured('xl-create')
  const rows = words(await output('who-asks.d'))
  for (const what of ['domctl', 'sysctl']) {
    const shown = tally(records.filter((r) => r.what === what).map((r) => [r.comm, 1]))
    const printed = tally(
      rows.filter((row) => row[1] === what).map((row) => [row[0] ?? '', Number(row[3])]),
    )
    expect(printed).toEqual(shown)
  }
})

it('hypercall-latency.d has a value for each call that the capture shows', async () => {
  const shown = captured('xl-create').filter((r) => r.what === 'domctl').length
  const blocks = (await output('hypercall-latency.d')).split(/\n(?= {2}\w)/)
  const rows = blocks.filter((block) => /^\s+domctl /.test(block)).join('\n')
  const counts = [...rows.matchAll(/\|[@ ]{40} (\d+)/g)].map((row) => Number(row[1]))
  expect(counts.reduce((sum, n) => sum + n, 0)).toBe(shown)
})

it('failures.d counts the results that the capture shows', async () => {
  const results = captured('xl-migrate').flatMap(({ comm, what, rest }) => {
    const code = what === 'ioctl_ret' ? /ret=(-\d+)/.exec(rest)?.[1] : undefined
    // xsm_op (27), whose returns the program does not ask for, yields -38 throughout.
    return code === undefined || code === '-38' ? [] : [`${comm} ${code}`]
  })
  const rows = words(await output('failures.d'))
  const printed = tally(rows.map(([comm, , , code, n]) => [`${comm} ${code}`, Number(n)]))
  expect(printed).toEqual(tally(results.map((name) => [name, 1])))
})

it('creation.d shows each domain that the capture shows being made', async () => {
  const made = captured('xl-create').filter((r) => r.what === 'domctl' && / dcmd=1 /.test(r.rest))
  const rows = words(await output('creation.d'))
  expect(rows.filter((row) => row.at(-1) === 'dom-create-start')).toHaveLength(made.length)
  expect(rows.filter((row) => row.at(-1) === 'dom-create-end')).toHaveLength(made.length)
})

it('wake-latency.d has a value for each wake-up that xenalyze dumps before a switch', async () => {
  const woken = new Set<string>()
  const waits: [string, number][] = []
  for (const line of dump('sched').split('\n')) {
    const wake = / vcpu_wake (d\d+v\d+)/.exec(line)?.[1]
    if (wake !== undefined) woken.add(wake)
    const next = / sched_switch prev \S+ next (d(\d+)v\d+)/.exec(line)
    if (next?.[1] !== undefined && woken.delete(next[1])) waits.push([next[2] ?? '', 1])
  }
  const blocks = (await output('wake-latency.d'))
    .split(/\n\n/)
    .filter((block) => block.trim() !== '')
  const printed = blocks.map((block): [string, number] => {
    const rows = [...block.matchAll(/\|[@ ]{40} (\d+)/g)]
    return [/\d+/.exec(block)?.[0] ?? '', rows.reduce((sum, row) => sum + Number(row[1]), 0)]
  })
  expect(tally(printed)).toEqual(tally(waits))
})

/** What xenalyze still calls by an older name. */
const RENAMED: Readonly<Record<string, string>> = {
  acm_op: 'xsm_op',
  evtchn_op: 'event_channel_op',
}

it('hypercall-classes.d counts each hypercall by the name that xenalyze gives it', async () => {
  const calls = dump('create').matchAll(/ d\d+v\d+ hypercall +[0-9a-f]+ \((\w+)\)/g)
  const rows = words(await output('hypercall-classes.d')).slice(1)
  expect(tally(rows.map((row) => [row[1] ?? '', Number(row[2])]))).toEqual(
    tally(Array.from(calls, ([, name = '']) => [RENAMED[name] ?? name, 1])),
  )
})

it('slow-calls-only.d shows the calls that took a millisecond in the capture', async () => {
  const text = readFileSync(
    inRepository('examples/recordings/xl-create/privcmd.ftrace.txt'),
    'utf8',
  )
  const began = new Map<string, number>()
  const durations: number[] = []
  for (const [, pid = '', seconds, what] of text.matchAll(
    /-(\d+) +\[\d+\] \S+ +([\d.]+): (\w+): /g,
  )) {
    const us = Math.round(Number(seconds) * 1e6)
    const since = began.get(pid)
    if (what === 'domctl' || what === 'sysctl') began.set(pid, us)
    if (what !== 'ioctl_ret' || since === undefined) continue
    began.delete(pid)
    durations.push(us - since)
  }
  const rows = (await output('slow-calls-only.d')).split('\n')
  const [slow, quick] = ['slow', 'quick'].map((name) =>
    Number(/\d+$/.exec(rows.find((row) => row.startsWith(name)) ?? '')?.[0]),
  )
  expect(slow).toBe(durations.filter((us) => us >= 1000).length)
  expect(quick).toBe(durations.filter((us) => us < 1000).length)
  expect(rows.filter((row) => / asks for /.test(row))).toHaveLength(slow ?? 0)
})

it('vcpu-stints.d counts a stint for each switch away that xenalyze dumps', async () => {
  const runs = new Set<string>()
  const ended: [string, number][] = []
  for (const line of dump('sched').split('\n')) {
    const [, prev, next] = / sched_switch prev (d\d+v\d+) next (d\d+v\d+)/.exec(line) ?? []
    if (prev !== undefined && runs.delete(prev)) ended.push([prev, 1])
    if (next !== undefined) runs.add(next)
  }
  const table = words((await output('vcpu-stints.d')).split('\n\n')[0] ?? '').slice(1)
  const printed = table.map(([domid, vcpu, n]): [string, number] => [
    `d${domid}v${vcpu}`,
    Number(n),
  ])
  expect(tally(printed)).toEqual(tally(ended))
})
