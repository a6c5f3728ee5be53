// Tables of objects where there is little room: what tells rows apart and what people look for
// stays; what is left out says so.
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { hostObjects } from '../../src/machine/host-objects.js'
import { renderValue } from '../../src/session/render.js'

function host() {
  const machine = createSimulator({ era: 'xvm-mca', seed: 1 })
  machine.command(['xm', 'create', 'web1'])
  machine.run(123_456_789)
  return hostObjects(() => machine)
}

const { domains, pcpus, hostbridge } = host()

const shownIn = (value: unknown, columns: number): readonly string[] =>
  (renderValue(value, columns)?.['text/plain'] ?? '').split('\n')

const headsIn = (value: unknown, columns: number): string =>
  shownIn(value, columns)[0]?.replace(/ {2,}/g, ', ') ?? ''

it.each([
  [80, 'domid, name, type, state, memory, vcpus, ran, created, weight'],
  [60, 'domid, name, type, state, memory, vcpus, ran, …'],
  [50, 'domid, name, state, memory, vcpus, …'],
])('domains in %i columns', (columns, heads) => {
  expect(headsIn(domains, columns)).toBe(heads)
})

it.each([
  [80, 'pcpu, online, socket, core, thread, runs, idle, busy (%)'],
  [50, 'pcpu, online, socket, runs, idle, busy (%), …'],
  [36, 'pcpu, online, runs, busy (%), …'],
])('pcpus in %i columns', (columns, heads) => {
  expect(headsIn(pcpus, columns)).toBe(heads)
})

it.each([
  [80, 'domid, vcpu, state, pcpu, running, runnable, blocked, migrations, affinity'],
  [60, 'vcpu, state, pcpu, running, runnable, blocked, …'],
])('vcpus in %i columns', (columns, heads) => {
  expect(headsIn(domains[1]?.vcpus, columns)).toBe(heads)
})

it.each([80, 60, 45])('the hostbridge in %i columns: whole ids, no line longer', (columns) => {
  const lines = shownIn(hostbridge, columns)
  expect(lines.filter((line) => line.length > columns)).toEqual([])
  for (const { id } of hostbridge.functions) expect(lines.join('\n')).toContain(id)
})
