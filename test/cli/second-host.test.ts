// The second host at the prompt: guests migrate there, and it is asked like any machine.
import { describe, expect, it } from 'vitest'
import { xpv } from './xpv-process.js'

const run = (era: string, code: string) => xpv(['--machine', `sim:${era}`, '-e', code])

describe.each([
  { era: 'xvm-3.1', tool: 'xm', guest: 'web1' },
  { era: 'xen-3.1-upstream', tool: 'xm', guest: 'db1' },
])('$era', ({ era, tool, guest }) => {
  it('a guest migrates, and is on one host alone', () => {
    const code = `machine.command('${tool} create ${guest}');
      machine.command('${tool} migrate ${guest} xvm2');
      [machine, machine.peer].map((host) => host.command('${tool} list').stdout.includes('${guest}'))`
    expect(run(era, code)).toMatchObject({ status: 0, out: expect.stringContaining('false, true') })
  })

  it('what the second host was asked is seen there', () => {
    const code = `machine.peer; machine.command('${tool} create ${guest}');
      machine.command('${tool} migrate ${guest} xvm2');
      machine.peer.on('xpv:::dom-create-start').by('execname').count().rows()`
    expect(run(era, code)).toMatchObject({ status: 0, out: expect.stringMatching(/xend +1\n/) })
  })
})

it('both hosts have the same time', () => {
  const code = `machine.run('2s'); const { peer } = machine; machine.run('1s'); peer.nowNs`
  expect(run('xen-4.17', code)).toMatchObject({ status: 0, out: '1000000000\n' })
})

it('a recording has no second host', () => {
  const { status, err } = xpv(['--machine', 'examples/recordings/idle', '-e', 'machine.peer'])
  expect(status).not.toBe(0)
  expect(err).toContain('machine.read-only')
})
