// Both outputs in one pipe, and a reader that is slow: nothing overtakes, no line is torn.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from './xpv-process.js'

it('what is said on standard error comes where it was said', () => {
  const dtrace = `dtrace -c 'xm create web1' -n 'xpv:::{printf("%d", timestamp)}'`
  const command = `"${process.execPath}" "${join(ROOT, 'bin', 'xpv.mjs')}" ${dtrace}`
  const text = execFileSync('sh', ['-c', `${command} 2>&1 | (sleep 1; cat)`], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const lines = text
    .split('\n')
    .filter((line) => !/^( +\d+ +\d+ +\S+:\S+ \d+|xpv: .*|)$/.test(line))
  expect(lines.map((line) => line.replace(/\d+/g, 'N').trimEnd())).toEqual([
    "dtrace: description 'xpv:::' matched N probes",
    'Using config file "/etc/xen/webN".',
    'CPU     ID                    FUNCTION:NAME',
    'Started domain webN',
    'dtrace: pid N has exited',
  ])
})
