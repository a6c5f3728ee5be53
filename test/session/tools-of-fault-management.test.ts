// fmadm, fmdump and fmstat on a host whose cache errs and whose card answers late, as the prompt
// runs them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { SimMachine } from '../../src/backend/sim/sim-machine.js'
import { encodeLogRecord, logHeader } from '../../src/fma/fmd/log-format.js'
import type { FaultManagement } from '../../src/fma/host/fault-management.js'
import type { Command } from '../../src/session/command.js'
import { faultCommands } from '../../src/session/commands/fault-commands.js'
import { Traces } from '../../src/session/traces.js'
import { managed, managementOf, seconds } from '../fma/host/managed.js'

const FOLDER = mkdtempSync(join(tmpdir(), 'xpv-logs-'))
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

let machine: SimMachine
let management: FaultManagement
let commands: ReadonlyMap<string, Command>

/** Four corrected errors of a cache, ten seconds apart. */
beforeEach(() => {
  const made = managed({ era: 'metal' })
  machine = made.machine
  management = made.management
  machine.checks.run('cache level=1 pcpu=1 every=10s times=4')
  seconds(machine, 90)
  const found = faultCommands({
    ...{ machine: () => machine, fma: () => management, traces: new Traces() },
    directory: () => FOLDER,
  })
  commands = new Map(found.map((command) => [command.name, command]))
})

interface Said {
  readonly out: string
  readonly error: string
  readonly status: number
}

async function run(line: string, after?: () => boolean): Promise<Said> {
  const [name = '', ...argv] = line.split(' ')
  const said = { out: '', error: '', status: 0 }
  const abort = new AbortController()
  const ended = (): boolean => after?.() === true || abort.signal.aborted
  const command = commands.get(name)
  if (command === undefined) throw new Error(`no ${name}`)
  said.status = await command.run(argv, {
    write: (text) => {
      said.out += text
    },
    warn: (text) => {
      said.error += text
    },
    signal: abort.signal,
    interrupted: ended,
    columns: 80,
  })
  return said
}

const uuid = (): string => management.manager.cases()[0]?.uuid ?? ''

describe('fmadm', () => {
  it('faulty shows the pcpu that was taken out of service, and of which host it is', async () => {
    const { out, status } = await run('fmadm faulty')
    expect(status).toBe(0)
    expect(out.split('\n')[3]).toBe(`Apr 06 08:00:31 ${uuid()}  GMCA-8000-LF   Major     `)
    expect(out).toMatch(/^Host {8}: xvm1\nPlatform {4}: xpv-sim\tChassis_id {2}: \S+\n/m)
    expect(out).toContain(
      'Affects     : cpu:///cpuid=1\n                  faulted and taken out of service\n',
    )
  })

  it('what is repaired is no longer shown, and is back in service', async () => {
    expect(await run('fmadm repaired cpu:///cpuid=1')).toEqual({
      ...{ out: 'fmadm: recorded repair to of cpu:///cpuid=1\n', error: '', status: 0 },
    })
    seconds(machine, 10)
    expect((await run('fmadm faulty')).out).toBe('')
    expect((await run('fmadm faulty -a -r')).out).toBe(`${'cpu:///cpuid=1'.padEnd(69)} ok\n`)
    expect((await run('fmdump')).out.match(/\b[A-Z]\w+ed$/gm)).toEqual([
      ...['Diagnosed', 'Isolated', 'Repaired', 'Resolved'],
    ])
  })

  it('a case can be repaired and acquitted, in part and as a whole', async () => {
    const id = uuid()
    expect((await run(`fmadm acquit cpu:///cpuid=1 ${id}`)).out).toBe(
      'fmadm: recorded acquital of cpu:///cpuid=1\n',
    )
    expect((await run('fmadm faulty -a -v')).out).toContain('                  acquitted\n')
    expect((await run(`fmadm acquit ${id}`)).out).toBe(`fmadm: recorded acquital of ${id}\n`)
    expect((await run(`fmadm repair ${id}`)).out).toBe(`fmadm: recorded repair to ${id}\n`)
    expect((await run('fmadm -q replaced cpu:///cpuid=1')).out).toBe('')
  })

  it.each([
    ['repaired cpu:///cpuid=2', 'record repair to cpu:///cpuid=2', 'known to be faulty'],
    ['repaired hc://x', 'record repair to hc://x', 'known to be faulty'],
    ['replaced SLOT', 'record replacement of SLOT', 'known to be faulty'],
    ['acquit 1-2', 'record acquital of 1-2', 'known to be faulty'],
    ['flush nobody', 'flush nobody', 'known to be faulty'],
    ['reset nobody', 'reset module nobody', 'module is not loaded in fault manager'],
    ['reset fmd-self-diagnosis', 'reset module fmd-self-diagnosis', 'cannot be unloaded'],
    ['reset -s x eft', 'reset serd engine x', 'serd engine not present in module'],
    ['load nothing.esc', 'load nothing.esc', 'cannot be accessed by fault manager'],
    ['load /usr/lib/fm/fmd/plugins/io-retire.so', 'load /usr/lib', 'name is already loaded'],
    ['unload nobody', 'unload nobody', 'module is not loaded in fault manager'],
    ['unload fmd-self-diagnosis', 'unload fmd-self-diagnosis', 'cannot be unloaded'],
    ['rotate syslog', 'rotate syslog', 'invalid log file name'],
    ['rotate errlog', 'rotate errlog', 'failed to rotate log file (consult fmd(1M) log)'],
    ['gc nobody', 'garbage-collect module nobody', 'module is not loaded in fault manager'],
  ])('%s is refused in its words', async (words, what, why) => {
    const { error, status } = await run(`fmadm ${words}`)
    expect(error.startsWith(`fmadm: failed to ${what}`)).toBe(true)
    expect(error.endsWith(`${why}\n`)).toBe(true)
    expect(status).toBe(1)
  })

  it('an agent that is unloaded acts no more, until it is loaded again; so on forks', async () => {
    const agent = 'cpumem-retire'
    expect((await run(`fmadm unload ${agent}`)).out).toBe(
      `fmadm: module '${agent}' unloaded from fault manager\n`,
    )
    machine.checks.run('cache level=1 pcpu=2 every=10s times=4')
    const fork = machine.fork() as SimMachine
    for (const each of [machine, fork]) seconds(each, 90)
    const asked = (of: FaultManagement) => of.acts.filter(({ what }) => what.kind !== 'tell').length
    expect([management, managementOf(fork)].map(asked)).toEqual([1, 1])
    expect((await run('fmadm config')).out).not.toContain(agent)
    const path = `/usr/lib/fm/fmd/plugins/${agent}.so`
    expect((await run(`fmadm load ${path}`)).out).toBe(
      `fmadm: module '${path}' loaded into fault manager\n`,
    )
    machine.checks.run('cache level=1 pcpu=3 every=10s times=4')
    seconds(machine, 90)
    expect(asked(management)).toBe(2)
  })

  it('rules of a file are another engine beside eft; mistakes in them load nothing', async () => {
    const engine = 'engine serd.x@chip/core/strand, N=1, T=1h;'
    const rules = `${engine}
      event fault.x@chip/core/strand, engine=serd.x@chip/core/strand, retire=0;
      event ereport.cpu.generic-x86.l1dcache@chip/core/strand { within(1s) };
      prop fault.x@chip/core/strand -> ereport.cpu.generic-x86.l1dcache@chip/core/strand;`
    writeFileSync(join(FOLDER, 'site.esc'), rules)
    writeFileSync(join(FOLDER, 'broken.esc'), `${engine} event fault.x;`)
    expect((await run('fmadm load site.esc')).status).toBe(0)
    const { error, status } = await run('fmadm load broken.esc')
    expect([status, error.split('\n').at(-2)]).toEqual([
      ...[1, 'fmadm: failed to load broken.esc: module failed to load (consult fmd(1M) log)'],
    ])
    machine.checks.run('cache level=1 pcpu=2 every=10s times=2')
    seconds(machine, 60)
    expect((await run('fmadm config')).out).toMatch(/^site +1\.16 +active +eft with the rules/m)
    const [, found] = management.manager.cases()
    expect(found?.module).toBe('site')
    expect((await run('fmstat')).out).toMatch(/^site +2 +3 /m)
    expect((await run('fmadm unload a/b')).error).toBe(
      'fmadm: module must be specified using basename only\n',
    )
  })

  it.each([
    ['load', 'Usage: fmadm'],
    ['unload x y', 'Usage: fmadm'],
    ['rotate', 'Usage: fmadm'],
    ['wrong', 'fmadm: illegal subcommand -- wrong\nUsage: fmadm'],
    ['-x', 'fmadm: illegal option -- x\nUsage: fmadm'],
    ['faulty -x', 'faulty: illegal option -- x\nUsage: fmadm'],
    ['faulty -n', 'faulty: option requires an argument -- n\nUsage: fmadm'],
    ['faulty more', 'Usage: fmadm'],
    ['repaired', 'Usage: fmadm'],
    ['config more', 'Usage: fmadm'],
    ['-R x config', 'fmadm: -R goes with faulty and rotate'],
  ])('%s is wrong usage', async (words, told) => {
    const { error, status } = await run(`fmadm ${words}`)
    expect(error.startsWith(told)).toBe(true)
    expect(status).toBe(2)
  })

  it('modules and SERD engines begin anew', async () => {
    expect((await run('fmadm reset eft')).out).toBe('fmadm: eft module has been reset\n')
    machine.checks.run('cache level=1 pcpu=2')
    seconds(machine, 15)
    const [engine] = management.manager.serdEngines('eft')
    expect(engine?.ereports.length).toBe(1)
    const name = engine?.name ?? ''
    expect((await run('fmstat -s -m eft')).out).toContain(`${name}  >3    3d   1 `)
    expect(commands.get('fmadm')?.complete?.(['reset', '-s'])).toEqual([name])
    expect((await run(`fmadm reset -s ${name} eft`)).out).toBe(
      `fmadm: eft serd engine '${name}' has been reset\n`,
    )
    expect((await run('fmstat -s -m eft')).out).not.toContain('   1 ')
  })

  it('config lists who is at work', async () => {
    const { out } = await run('fmadm config')
    expect(out).toMatch(/^eft {22}\S+ +active {2}\S/m)
    expect(out.split('\n').slice(1, -1)).toEqual(out.split('\n').slice(1, -1).sort())
  })

  it('Tab knows subcommands, diagnoses, what they name, modules', () => {
    const wordsAfter = (...words: string[]) => commands.get('fmadm')?.complete?.(words) ?? []
    expect(wordsAfter()).toContain('faulty')
    expect(wordsAfter('faulty', '-u')).toEqual([uuid()])
    expect(wordsAfter('acquit')).toContain(uuid())
    expect(wordsAfter('repaired')).toContain('cpu:///cpuid=1')
    expect(wordsAfter('reset')).toContain('eft')
  })
})

describe('fmdump', () => {
  it('shows diagnoses, with -e ereports, with -e -u those of a diagnosis', async () => {
    const id = uuid()
    expect((await run('fmdump')).out).toBe(
      `TIME                 UUID                                 SUNW-MSG-ID EVENT
Apr 06 08:00:31.0000 ${id} GMCA-8000-LF Diagnosed
Apr 06 08:00:31.0000 ${id} GMCA-8000-LF Isolated
`,
    )
    const errors = (await run('fmdump -e')).out.split('\n')
    expect(errors.length).toBe(6)
    expect(errors[1]).toBe('Apr 06 08:00:00.0000 ereport.cpu.generic-x86.l1dcache')
    const referred = (await run(`fmdump -e -u ${id}`)).out.split('\n')
    expect(referred.at(-2)).toBe('Apr 06 08:00:30.0000 ereport.cpu.generic-x86.l1dcache')
  })

  it('takes options and filters in any order', async () => {
    const last = await run('fmdump -t 61s -c ereport.cpu.* -e')
    expect(last.out.split('\n').length).toBe(3)
    expect((await run('fmdump -e -T 08:00:11 -t 08:00:01')).out.split('\n').length).toBe(3)
    expect((await run('fmdump -e -n bank_number=0x7')).out).toBe('TIME                 CLASS\n')
    expect((await run('fmdump -Vj -e -c *.l1dcache')).out.split('\n').length).toBe(5)
    const refers = /^ {2}Apr 06 .* ereport\.cpu\.generic-x86\.l1dcache/gm
    expect((await run(`fmdump -V -u ${uuid()}`)).out.match(refers)?.length).toBe(8)
  })

  it('-A has all logs, in the order in which things happened', async () => {
    const lines = (await run('fmdump -A')).out.split('\n').slice(0, -1)
    expect(lines.map((line) => line.slice(7, 20))).toEqual(
      lines.map((line) => line.slice(7, 20)).sort(),
    )
    expect(lines[0]).toContain('ereport.cpu')
    expect(lines.at(-1)).toContain('ireport.fmd.acted')
  })

  it('-m is what people were told', async () => {
    const { out } = await run('fmdump -m')
    expect(out).toMatch(/^PLATFORM: xpv-sim, CSN: \S+, HOSTNAME: xvm1$/m)
    expect(out).toContain(`EVENT-ID: ${uuid()}\n`)
  })

  it('-f goes on until somebody wants an end', async () => {
    machine.checks.run('cache level=1 pcpu=2 at=5s every=10s times=2')
    const { out } = await run('fmdump -ef', () => management.log('error').length >= 6)
    expect(out.split('\n').filter((line) => line.includes('ereport')).length).toBe(6)
  })

  it.each([
    ['-x', 'fmdump: illegal option -- x\nUsage: fmdump', 2],
    ['-ei', 'Usage: fmdump', 2],
    ['-A -e', 'fmdump: -A excludes all of -e, -i, -I, -m and -u\n', 2],
    ['a b', 'fmdump: illegal argument -- b\n', 2],
    ['-R x y', 'fmdump: -R option is not appropriate when file operand is present\n', 2],
    ['-t noon', 'fmdump: illegal time format -- noon\n', 2],
    ['-n a=\\(', 'fmdump: unexpected regular expression in \\(\n', 2],
    ['-e -m', 'fmdump: -m mode is not supported for log of type error: /var/fm/fmd/errlog\n', 2],
    ['nobody', 'fmdump: failed to open nobody: No such file or directory\n', 1],
    ['-R nobody', 'fmdump: failed to open nobody/var/fm/fmd/fltlog: No such file', 1],
    ['.', 'fmdump: failed to open .: Is a directory\n', 1],
  ])('%s is refused', async (words, told, status) => {
    const said = await run(`fmdump ${words}`)
    expect(said.error.startsWith(told)).toBe(true)
    expect(said.status).toBe(status)
  })

  it('a log without a record is told to be empty', async () => {
    const made = managed({ era: 'metal' })
    management = made.management
    expect(await run('fmdump')).toEqual({
      out: 'TIME                 UUID                                 SUNW-MSG-ID EVENT\n',
      error: 'fmdump: warning: /var/fm/fmd/fltlog is empty\n',
      status: 0,
    })
  })
})

describe('a folder of logs', () => {
  const write = (name: string, log: 'error' | 'fault', tail: readonly number[] = []): void => {
    const records = management.log(log).map(encodeLogRecord)
    writeFileSync(join(FOLDER, name), Buffer.concat([logHeader(), ...records, Buffer.from(tail)]))
  }

  it('is read as the logs of the machine are, with -R, or a file alone', async () => {
    write('errlog', 'error')
    write('fltlog', 'fault')
    for (const options of ['-v', '-eV', '-m', `-e -u ${uuid()}`]) {
      const there = await run(`fmdump ${options}`)
      expect(await run(`fmdump ${options} -R ${FOLDER}`)).toEqual(there)
    }
    expect((await run('fmdump fltlog')).out).toBe((await run('fmdump')).out)
    expect((await run('fmdump -A errlog fltlog')).out.split('\n').length).toBe(7)
    expect((await run(`fmadm -R ${FOLDER} faulty`)).out).toBe((await run('fmadm faulty')).out)
  })

  it('a record that was not written whole is told, and the rest is shown', async () => {
    write('fltlog', 'fault', [0xf5, 0x46, 0x4d])
    const { out, error, status } = await run('fmdump fltlog')
    expect(out.split('\n').length).toBe(4)
    expect(error).toMatch(/^fmdump: warning: skipping record: log file corruption detected: 3 b/)
    expect(status).toBe(3)
  })
})

describe('fmstat', () => {
  it('has a line for each module', async () => {
    const lines = (await run('fmstat')).out.split('\n')
    expect(lines[0]).toBe(
      'module             ev_recv ev_acpt wait  svc_t  %w  %b  open solve  memsz  bufsz',
    )
    // Each ereport once in the case that it opened, and the first three in the last one's too.
    const eft = lines.find((line) => line.startsWith('eft '))
    expect(eft?.slice(0, 66)).toBe(
      'eft                      4       7  0.0    0.0   0   0     0     1',
    )
  })

  it('waits on the machine between reports, and counts what came', async () => {
    const before = machine.access.now()
    const { out } = await run('fmstat 5 2')
    const after = machine.access.now()
    if (before.kind !== 'known' || after.kind !== 'known') throw new Error('no clock')
    expect(after.value - before.value).toBeGreaterThanOrEqual(5e9)
    const rows = out.split('\n').filter((line) => line.startsWith('eft '))
    expect(rows.map((row) => row.slice(18, 34))).toEqual(['       4       7', '       0       0'])
  })

  it('-m is what one module counts', async () => {
    const { out } = await run('fmstat -a -m eft')
    expect(out).toContain('        fmd.accepted 7                ')
    expect((await run('fmstat -m eft')).out).not.toContain('fmd.')
  })

  it.each([
    ['-s', 'fmstat: -s requires -m <module>\n', 2],
    ['-t -m eft', 'fmstat: -t cannot be used with -m or -s\n', 2],
    ['-t -T', 'fmstat: -t and -T are mutually exclusive options\n', 2],
    ['x', 'fmstat: invalid interval argument -- x\n', 2],
    ['1 -1', 'fmstat: invalid count argument -- -1\n', 2],
    ['-d x', 'Usage: fmstat', 2],
    ['-x', 'fmstat: illegal option -- x\nUsage: fmstat', 2],
    ['-m nobody', 'fmstat: failed to retrieve statistics for nobody: specified module is', 1],
  ])('%s is refused', async (words, told, status) => {
    const said = await run(`fmstat ${words}`)
    expect(said.error.startsWith(told)).toBe(true)
    expect(said.status).toBe(status)
  })
})
