// What xl prints of a simulated host has the form of what it printed on the recorded ones: the same
// lines, the same labels, the same columns.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'

const captured = (file: string) =>
  readFileSync(join(import.meta.dirname, 'captured-xl', file), 'utf8')
    .trimEnd()
    .split('\n')

function host(era: string): SimMachine {
  const size = { memoryMiB: 4096, dom0MemoryMiB: 1024, sockets: 1, coresPerSocket: 4 }
  return createSimulator({ era, seed: 3, name: 'dom0', ...size })
}

function shown(machine: SimMachine, words: string): readonly string[] {
  const { status, stdout } = machine.command(words.split(' '))
  expect(status).toBe(0)
  return stdout.trimEnd().split('\n')
}

/** A host with the guests of the recorded contended one. */
function withGuests(): SimMachine {
  const machine = host('xen-4.20')
  for (const name of ['web1', 'web2', 'db1']) {
    const words = ['xl', 'create', 'tiny', `name=${name}`, 'memory=160', 'vcpus=2']
    expect(machine.command(words).status).toBe(0)
  }
  machine.run(2_000_000_000)
  return machine
}

/** Digits, dots and letters of states become one sign each: what is left is the form. */
const form = (line: string) => line.replace(/\d+/g, (n) => '9'.repeat(n.length))
const labels = (lines: readonly string[]) => lines.map((line) => line.split(':')[0])

it.each(['info', 'info -n'])('xl %s: the same labels in the same order', (words) => {
  const theirs = captured(words === 'info' ? 'info.txt' : 'info-n.txt')
  const ours = shown(host('xen-4.17'), `xl ${words}`)
  expect(labels(ours)).toEqual(labels(theirs))
})

it('xl info: what the host decides is its own, all else as recorded', () => {
  const own = /^(cpu_mhz|total_memory|free_memory) /
  const theirs = captured('info.txt').filter((line) => !own.test(line))
  const ours = shown(host('xen-4.17'), 'xl info').filter((line) => !own.test(line))
  expect(ours.map((line) => line.trimEnd())).toEqual(theirs.map((line) => line.trimEnd()))
})

/** Where the cells of a table end, or begin where they are left-aligned. */
function edges(line: string): readonly number[] {
  return [...line.matchAll(/\S+/g)].map(({ index, 0: word }) => index + word.length)
}

it('xl list: the same head; numbers end in the same columns', () => {
  const theirs = captured('list.txt')
  const ours = shown(withGuests(), 'xl list')
  expect(ours[0]).toBe(theirs[0])
  expect(ours).toHaveLength(theirs.length)
  ours.slice(1).forEach((line, n) => {
    expect(edges(line).slice(1)).toEqual(edges(theirs[n + 1] ?? '').slice(1))
    expect(line).toMatch(/ [r-][b-][p-][s-][-rscw][d-] /)
  })
})

it('xl vcpu-list: the same head; numbers end in the same columns', () => {
  const theirs = captured('vcpu-list.txt')
  const ours = shown(withGuests(), 'xl vcpu-list')
  expect(ours[0]).toBe(theirs[0])
  expect(ours).toHaveLength(theirs.length)
  for (const line of ours.slice(1)) {
    expect(line).toMatch(/^\S+ +\d+ +\d+ +\d+ {3}[r-][b-]- +\d+\.\d {2}all \/ all$/)
    expect(edges(line).slice(1, 4)).toEqual(edges(theirs[1] ?? '').slice(1, 4))
  }
})

it('xl sched-credit2: as recorded', () => {
  expect(shown(withGuests(), 'xl sched-credit2')).toEqual(captured('sched-credit2.txt'))
})

it('xl list -l: the same JSON but for the number of KiB that dom0 aims at', () => {
  const digits = (lines: readonly string[]) => lines.map((line) => line.replace(/\d{7}/, 'KIB'))
  expect(digits(shown(host('xen-4.17'), 'xl list -l'))).toEqual(digits(captured('list-l.json')))
})

it('xl dmesg: lines of the hypervisor, the recorded ones among them', () => {
  const ours = shown(host('xen-4.17'), 'xl dmesg')
  const theirs = captured('dmesg.txt').map(form)
  expect(ours.every((line) => line.startsWith('(XEN) '))).toBe(true)
  const shared = ours.map(form).filter((line) => theirs.includes(line))
  expect(shared.length / ours.length).toBeGreaterThan(0.7)
})

it('xl dmesg -c: shown once', () => {
  const machine = host('xen-4.17')
  expect(shown(machine, 'xl dmesg -c').length).toBeGreaterThan(10)
  expect(shown(machine, 'xl dmesg')).toEqual([''])
})
