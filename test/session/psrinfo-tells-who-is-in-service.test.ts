import { expect, it } from 'vitest'
import type { HostAccess } from '../../src/machine/host-access.js'
import { psrinfoCommand } from '../../src/session/commands/psrinfo.js'

/** Mon Dec 10 08:00:00 UTC 2007. */
const BOOTED_NS = 1_197_273_600_000_000_000n
const known = <T>(value: T) => ({ kind: 'known' as const, value, provenance: { kind: 'sim' } })

/** A host of so many sockets, cores and threads, of which pcpu 1 is faulted and pcpu 2 off-line. */
function host(sockets: number, cores: number, threads: number): HostAccess {
  const items = Array.from({ length: sockets * cores * threads }, (_, pcpu) => ({
    pcpu,
    isOnline: known(pcpu !== 1 && pcpu !== 2),
    isFaulted: pcpu === 1,
    sinceNs: pcpu === 1 ? 31_000_000_000 : 0,
    place: known({
      socket: Math.floor(pcpu / (cores * threads)),
      core: Math.floor(pcpu / threads) % cores,
    }),
  }))
  const processor = { vendor: 'intel', family: 6, model: 44, stepping: 2, brand: 'Xeon X5680' }
  return {
    pcpus: () => ({ items }),
    bootedNs: () => known(BOOTED_NS),
    now: () => known(90_000_000_000),
    hypervisor: () => ({ clockHz: known(2.667e9), processor: known(processor) }),
  } as unknown as HostAccess
}

async function psrinfo(line: string, access: HostAccess) {
  const said = { out: '', error: '', status: 0 }
  const argv = line.split(' ').filter((word) => word !== '')
  said.status = await psrinfoCommand(() => access).run(argv, {
    write: (text) => {
      said.out += text
    },
    warn: (text) => {
      said.error += text
    },
    signal: new AbortController().signal,
    interrupted: () => false,
    columns: 80,
  })
  return said
}

it('has a line each: in service, taken out of it, or faulty', async () => {
  const { out } = await psrinfo('', host(1, 4, 1))
  expect(out).toBe(
    '0\ton-line   since 12/10/2007 08:00:00\n' +
      '1\tfaulted   since 12/10/2007 08:00:31\n' +
      '2\toff-line  since 12/10/2007 08:00:00\n' +
      '3\ton-line   since 12/10/2007 08:00:00\n',
  )
  expect((await psrinfo('1 3', host(1, 4, 1))).out.split('\n').length).toBe(3)
})

it('-v tells when this was so, and of what kind it is', async () => {
  expect((await psrinfo('-v 1', host(1, 4, 1))).out).toBe(
    `Status of virtual processor 1 as of: 12/10/2007 08:01:30
  faulted since 12/10/2007 08:00:31.
  The i386 processor operates at 2667 MHz,
\tand has an i387 compatible floating point processor.
`,
  )
})

// 0x206C2: model 44 is 2 in the field of extended models and 12 in that of models.
it('-pv tells what packages are made of', async () => {
  expect((await psrinfo('-pv', host(2, 2, 2))).out).toBe(
    `The physical processor has 2 cores and 4 virtual processors (0-3)
  The core has 2 virtual processors (0-1)
  The core has 2 virtual processors (2-3)
    x86 (GenuineIntel 206C2 family 6 model 44 step 2 clock 2667 MHz)
      Xeon X5680
The physical processor has 2 cores and 4 virtual processors (4-7)
  The core has 2 virtual processors (4-5)
  The core has 2 virtual processors (6-7)
    x86 (GenuineIntel 206C2 family 6 model 44 step 2 clock 2667 MHz)
      Xeon X5680
`,
  )
  expect((await psrinfo('-pv 0', host(2, 2, 1))).out).toBe(
    `The physical processor has 2 virtual processors (0-1)
  x86 (GenuineIntel 206C2 family 6 model 44 step 2 clock 2667 MHz)
\tXeon X5680
`,
  )
})

it.each([
  ['-p', '2\n'],
  ['-s 1', '0\n'],
  ['-s 3', '1\n'],
  ['-sp 1', '0\n'],
  ['-t', '4\n'],
  ['-t -c', '4\n'],
  ['-t -p', '2\n'],
  ['-t -S faulted', '1\n'],
  ['-t -S on-line', '2\n'],
])('psrinfo %s', async (line, expected) => {
  expect((await psrinfo(line, host(2, 2, 1))).out).toBe(expected)
})

it.each([
  ['9', 'psrinfo: processor 9: Invalid argument\n'],
  ['-x', 'psrinfo: illegal option -- x\nusage: \n'],
  ['-s', 'psrinfo: must specify exactly one processor if -s used\nusage: \n'],
  ['-t 1', 'psrinfo: cannot specify CPUs with -t\nusage: \n'],
  ['-c', 'psrinfo: cannot specify -S or -c without -t\nusage: \n'],
])('psrinfo %s is wrong usage', async (line, told) => {
  const { error, status } = await psrinfo(line, host(2, 2, 1))
  expect(error.startsWith(told)).toBe(true)
  expect(status).toBe(2)
})
