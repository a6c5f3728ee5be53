// The same question at the prompt in D and in TypeScript, and what xenalyze, which nobody here
// wrote, counts in the same recording.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { ROOT, xpv } from './xpv-process.js'

/** Lines of DTrace's aggregations: a number, how often. */
function counts(text: string): Map<string, number> {
  const rows = [...text.matchAll(/^ +(\d+) +(\d+)$/gm)]
  return new Map(rows.map(([, key = '', count]) => [key, Number(count)]))
}

/** Hypercalls by number as `xenalyze --dump-all` has them; it prints a subcall like a hypercall. */
function countedByXenalyze(): Map<string, number> {
  const packed = readFileSync(join(ROOT, 'test', 'oracle', 'create.dump-all.txt.gz'))
  const found = new Map<string, number>()
  for (const [, hex = ''] of gunzipSync(packed)
    .toString()
    .matchAll(/ hypercall +([0-9a-f]+) \(/g)) {
    const number = String(Number.parseInt(hex, 16))
    found.set(number, (found.get(number) ?? 0) + 1)
  }
  return found
}

const RECORDING = ['--machine', 'examples/recordings/xl-create']

const sorted = (of: ReadonlyMap<string, number>) =>
  [...of].sort(([a], [b]) => Number(a) - Number(b))

const IN_D = "dtrace -n 'xdt:pv::hypercall { @[arg1] = count(); }'"

it('hypercalls by number: D, TypeScript and D in TypeScript print the same rows', () => {
  const typed = [
    IN_D,
    "on('xdt:pv::hypercall').by('arg1').count()",
    'd`xdt:pv::hypercall { @[arg1] = count(); }`',
  ]
  const rows = typed.map((line) =>
    xpv(RECORDING, { input: `${line}\n` })
      .out.trim()
      .split('\n'),
  )
  expect(rows[0]?.length).toBe(16)
  expect(rows[1]).toEqual(rows[0])
  expect(rows[2]).toEqual(rows[0])
})

it('hypercalls by number are those of xenalyze', () => {
  const program = 'xdt:pv::hypercall, xdt:pv::subcall { @[arg1] = count(); }'
  const run = xpv(['dtrace', ...RECORDING, '-qn', program])
  expect(run.err).toBe('')
  expect(sorted(counts(run.out))).toEqual(sorted(countedByXenalyze()))
})

it('the lines of the origin can be pasted as they stand', () => {
  const run = xpv(RECORDING, { input: "# dtrace -n 'xpv::: {}'\n# dtrace -l -i 'xpv:::'\n" })
  expect(run.status).toBe(0)
  expect(run.err).toBe("dtrace: description 'xpv::: ' matched 35 probes\n")
  expect(run.out).toContain('  0   6314 privcmd_HYPERVISOR_domctl:dom-create-start \n')
  expect(run.out).toMatch(/^ 6325 +xpv +privcmd /m)
})

it('a trace of another Xen by its file name, from another folder', () => {
  const words = ['--machine', join(ROOT, 'examples/recordings/contended/sched.xt')]
  const program = 'xdt:sched::on-cpu { @ = count(); }'
  const byFile = xpv(['dtrace', ...words, '-qn', program], { cwd: '/' })
  const byFolder = xpv(['dtrace', '--machine', 'examples/recordings/contended', '-qn', program])
  expect(byFile.status).toBe(0)
  expect(byFile.out).toBe(byFolder.out)
  expect(Number(byFile.out)).toBeGreaterThan(100)
})

it('--json has the numbers that the text has', () => {
  const query = "on('privcmd:::entry').by('execname').count()"
  const text = xpv([...RECORDING, '-e', query]).out
  const json = xpv([...RECORDING, '--json', '-e', query]).out
  const rows: { execname: string; count: number }[] = JSON.parse(json)
  const printed = rows.map(({ execname, count }) => `${execname} ${count}`)
  expect(
    text
      .trim()
      .split('\n')
      .map((row) => row.trim().replace(/ +/, ' ')),
  ).toEqual(printed)
  expect(printed).toContain('xl 149')
})
