// `machine.writeXentrace` and the command `xentrace`: the run of a simulated machine as a file, of
// the past or of what comes.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { xentraceCommand } from '../../src/cli/xentrace-command.js'
import { historyOf } from '../../src/machine/history.js'
import { bytesSource } from '../../src/trace/byte-source.js'
import { openXentrace } from '../../src/trace/xentrace/xentrace-file.js'
import { xpv } from './xpv-process.js'

const folder = mkdtempSync(join(tmpdir(), 'xpv-xentrace-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Ran {
  readonly out: string
  /** Classes of the records, and how long they last, where a file was written. */
  readonly classes: readonly string[]
  readonly seconds: number
}

/** Runs the command on a machine that is up for two seconds, its past kept. */
async function xentrace(...argv: readonly string[]): Promise<Ran> {
  const machine = createSimulator({ era: 'xen-4.17' })
  historyOf(machine)
  machine.run(2_000_000_000)
  let out = ''
  const io = {
    write: (text: string) => {
      out += text
    },
    warn: () => {},
    signal: new AbortController().signal,
    interrupted: () => false,
    columns: 80,
  }
  await xentraceCommand(
    () => machine,
    () => folder,
  ).run(argv, io)
  const bytes = readFileSync(join(folder, argv.at(-1) ?? ''))
  const { volumes, firstTsc = 0n, lastTsc = 0n } = openXentrace(bytesSource('x', bytes)).survey()
  const classes = new Set([...volumes.values()].flatMap((of) => [...of.keys()]))
  return { out, classes: [...classes].sort(), seconds: Number(lastTsc - firstTsc) / 2.6e9 }
}

describe('what is written', () => {
  it('without -D and -T: the past', async () => {
    const { seconds, classes, out } = await xentrace('past.xt')
    expect(seconds).toBeGreaterThan(1.8)
    expect(seconds).toBeLessThan(2)
    expect(classes).toEqual(['pv', 'sched'])
    expect(out).toContain('past.xt: ')
    expect(out).toContain('  xenalyze --cpu-hz 2.6G --summary past.xt\n')
  })

  it('with -D and -T: what comes', async () => {
    expect((await xentrace('-D', '-T', '3', 'coming.xt')).seconds).toBeGreaterThan(2.8)
    expect((await xentrace('-D', '-T', '3', 'coming.xt')).seconds).toBeLessThan(3)
  })

  it('with -T alone: both', async () => {
    expect((await xentrace('-T', '3', 'both.xt')).seconds).toBeGreaterThan(4.8)
  })

  it.each([
    { name: 'a class', mask: 'sched', classes: ['sched'] },
    { name: 'a number', mask: '0x20f000', classes: ['pv'] },
    { name: 'all', mask: 'all', classes: ['pv', 'sched'] },
  ])('with -e: $name', async ({ mask, classes }) => {
    expect((await xentrace('-e', mask, '-S', '256', 'masked.xt')).classes).toEqual(classes)
  })
})

it.each([
  { name: 'no file', argv: [], code: 'xentrace.usage' },
  { name: 'two files', argv: ['a', 'b'], code: 'xentrace.usage' },
  { name: 'an unknown option', argv: ['-q', 'a'], code: 'xentrace.usage' },
  { name: '-D without an end', argv: ['-D', 'a'], code: 'xentrace.usage' },
  { name: 'no seconds', argv: ['-T', 'soon', 'a'], code: 'xentrace.usage' },
  { name: 'an unknown class', argv: ['-e', 'everything', 'a'], code: 'xentrace.usage' },
  { name: 'no such folder', argv: ['no/such/folder/a'], code: 'file.unwritable' },
])('refused: $name', async ({ argv, code }) => {
  await expect(xentrace(...argv)).rejects.toMatchObject({ code })
  expect(existsSync(join(folder, 'a'))).toBe(false)
})

it('a file that is something else is not overwritten', async () => {
  const path = join(folder, 'letter.txt')
  writeFileSync(path, 'dear reader')
  await expect(xentrace('letter.txt')).rejects.toMatchObject({ code: 'file.exists' })
  expect(readFileSync(path, 'utf8')).toBe('dear reader')
})

describe('at the prompt', () => {
  const written = (code: string, machine = 'sim') => xpv(['--machine', machine, '-e', code])

  it('a run is written, and opens again', () => {
    const path = join(folder, 'prompt.xt')
    const code = `machine.run('1s'); machine.writeXentrace('${path}');
      open('${path}', { hz: '2.6G' }); on('xdt:sched::wake').count().rows().length`
    expect(written(code)).toMatchObject({ status: 0, out: '1\n' })
  })

  it('the next seconds are written', () => {
    const path = join(folder, 'next.xt')
    const code = `machine.writeXentrace('${path}', { for: '500ms' }).records > 100`
    expect(written(code)).toMatchObject({ status: 0, out: 'true\n' })
  })

  it.each([
    { name: 'no file', code: '!machine.writeXentrace()', says: 'xentrace.usage' },
    {
      name: 'no time',
      code: "machine.writeXentrace('x', { for: 'ever' })",
      says: 'xentrace.usage',
    },
    { name: 'nothing yet', code: "machine.writeXentrace('x')", says: 'xentrace.nothing' },
  ])('refused: $name', ({ code, says }) => {
    const run = written(code)
    expect(run.status).not.toBe(0)
    expect(run.err).toContain(says)
  })

  it('a machine without a hypervisor has no trace', () => {
    const run = written("machine.writeXentrace('x', { for: '1s' })", 'sim:metal')
    expect(run.err).toContain('there is no hypervisor')
  })
})
