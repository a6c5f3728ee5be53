// The listing of December 2007: what `xpv::: {}` prints while xm destroys and creates a guest.
// Oracle: the listing itself, captures/origin-xm.txt (its layout had blanks squeezed).
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { counted, fired, traced, xm, xmHost } from './xm-host.js'

const LISTING = readFileSync(new URL('captures/origin-xm.txt', import.meta.url), 'utf8')
const CUT = '[... about 100000 lines deleted ...]'

function listed(command: string): readonly string[] {
  const [, rest = ''] = LISTING.split(`# ${command}\n`)
  return (rest.split('\n# ')[0] ?? '').trimEnd().split('\n')
}

/** Rows without dtrace's head, blanks squeezed. */
function rowsOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/ +/g, ' '))
    .filter((line) => /^\d/.test(line))
}

it('xm destroy prints the two lines of the listing', () => {
  const machine = xmHost()
  xm(machine, 'create web1')
  const text = traced(machine, 'xpv::: {}', () => xm(machine, 'destroy web1'))
  expect(rowsOf(text)).toEqual(listed('xm destroy'))
})

it('xm create prints those before and after the cut, and about 100000 in between', () => {
  const machine = xmHost()
  xm(machine, 'create web1')
  xm(machine, 'destroy web1')
  const rows = rowsOf(traced(machine, 'xpv::: {}', () => xm(machine, 'create web1')))
  const whole = listed('xm create')
  const cut = whole.indexOf(CUT)
  const head = whole.slice(0, cut)
  const tail = whole.slice(cut + 1)
  expect(rows.slice(0, head.length)).toEqual(head)
  expect(rows.slice(-tail.length)).toEqual(tail)
  expect(rows.length - head.length - tail.length).toBeGreaterThan(90_000)
  expect(rows.length - head.length - tail.length).toBeLessThan(110_000)
  const between = rows.slice(head.length, -tail.length).map((row) => row.replace(/^1 /, ''))
  const others = between.filter((row) => !row.includes('do_privcmd_mmap'))
  expect(others).toEqual([
    '6296 privcmd_HYPERVISOR_mmuext_op:mmu-ext-op-start',
    '6295 privcmd_HYPERVISOR_mmuext_op:mmu-ext-op-end',
  ])
})

// Entries of the upstream builder for a kernel of 2.5 MiB and a ramdisk of 8 MiB: the images, an
// entry for each page of phys2mach, page tables for what is mapped, 4 pages one by one.
it.each([
  { memory: 128, entries: 2765 },
  { memory: 256, entries: 2829 },
])('a guest of $memory MiB is mapped in $entries entries', ({ memory, entries }) => {
  const line = `create db1 memory=${memory}`
  for (const era of ['xvm-3.1', 'xvm-mca']) {
    const machine = xmHost({ era })
    const counts = counted(fired(machine, () => xm(machine, line)))
    expect(counts['xend mmap-entry']).toBe(entries)
    expect(counts['xend mmap-start']).toBe(entries)
    expect(counts['xenstored mmap-start']).toBeUndefined()
  }
  const upstream = xmHost({ era: 'xen-3.1-upstream' })
  const counts = counted(fired(upstream, () => xm(upstream, line)))
  expect(counts['xend mmap-entry']).toBe(entries)
  expect(counts['xend mmap-start']).toBe(8)
  expect(counts['xenstored mmap-start']).toBe(1)
  expect(counts['xenconsoled mmap-start']).toBe(1)
})

it('a guest with hardware of its own is populated around the hole below 1 MiB', () => {
  const machine = xmHost()
  const rows = fired(machine, () => xm(machine, 'create win1 memory=256'))
  const brief = rows.filter((row) => !row.includes('mmap') && row.endsWith('start'))
  expect(brief).toEqual([
    'xend dom-create-start',
    'xend evtchn-op-start',
    'xend evtchn-op-start',
    'xend populate-physmap-start',
    'xend populate-physmap-start',
    'xend add-to-physmap-start',
    'xend setvcpucontext-start',
    'xend dom-unpause-start',
  ])
  expect(counted(rows)['qemu-dm mmapbatch-start']).toBe(1)
  expect(machine.world.domains()[1]?.pages).toBe(256 * 256 - 0x20)
})

it('the populated pages are what the call returns', () => {
  const machine = xmHost()
  const program = 'xpv:::populate-physmap-end { printf("%d pages", arg0); }'
  expect(traced(machine, program, () => xm(machine, 'create web1'))).toContain('131072 pages')
})
