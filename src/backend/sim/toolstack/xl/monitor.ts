// Monitor: the xl that stays behind for each domain it made, and what it writes in its log.
//
//   create  ->  /var/log/xen/xl-web1.log: 'Waiting for domain web1 (domid 1) to die'
//
// Holds: it is there while its log's last word is that it waits for that domain.
// Source: tools/xl/xl_vmcontrol.c, xl_utils.c (do_daemonize).
import type { Script } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import { seeDeath, watchDeath } from './daemons.js'
import { specOf } from './domain-spec.js'
import type { Steps } from './libxc.js'
import type { Libxl } from './libxl.js'

/** xl forks, and the child goes into the background to wait for the domain's end. */
export function* startMonitor(xl: Libxl, domid: number, name: string): Steps<void> {
  yield { kind: 'run', execname: 'xl', script: forking(xl) }
  yield* waitForEnd(xl.world, domid, name)
  xl.isLeftOpen = true
}

/** An xl in the background begins to wait for a domain's end. */
export function* waitForEnd(world: ToolWorld, domid: number, name: string): Steps<void> {
  yield* watchDeath(domid)
  yield* logLine(world, name, waitingFor(name, domid))
}

/** The name under which an xl waits for a domain's end; undefined where none does. */
export function monitorOf(world: ToolWorld, domid: number): string | undefined {
  const name = specOf(world, domid)?.name ?? ''
  const last = world.file(logOf(name))?.trimEnd().split('\n').at(-1)
  return last === waitingFor(name, domid) ? name : undefined
}

/** It sees that its domain is no more, or will run elsewhere, and leaves. */
export function* endMonitor(
  world: ToolWorld,
  domid: number,
  end: { readonly name: string; readonly line: string },
): Steps<void> {
  yield* seeDeath(domid)
  yield* logLine(world, end.name, end.line)
}

/** Adds to the log of a domain's monitor. */
export function* logLine(world: ToolWorld, name: string, line: string): Steps<void> {
  const path = logOf(name)
  yield { kind: 'file', path, content: `${world.file(path) ?? ''}${line}\n` }
}

function* forking(xl: Libxl): Script {
  yield* xl.fork()
  return 0
}

const logOf = (name: string): string => `/var/log/xen/xl-${name}.log`

const waitingFor = (name: string, domid: number): string =>
  `Waiting for domain ${name} (domid ${domid}) to die`
