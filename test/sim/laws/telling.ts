// Telling a story: its acts are done to a machine, the laws are held, and told again it is the same.
import { createSimulator, type SimMachine } from '../../../src/backend/sim/sim-machine.js'
import { XpvError } from '../../../src/base/error.js'
import { ask, build } from '../guest-scripts.js'
import type { Act, Story } from './acts.js'
import { brokenNow, strayNodes, strayPorts } from './quiet-laws.js'
import { Witness } from './witness.js'

/** What a story came to: the first law broken, or what a second telling must come to as well. */
export type Told =
  | { readonly kind: 'kept'; readonly digest: string; readonly outcomes: readonly string[] }
  | { readonly kind: 'broken'; readonly law: string; readonly act: number }

/** How a story is told. */
export interface Telling {
  /** Before which act the machine is copied, and goes on as the copy. */
  readonly forkAt?: number
}

/** Steps of the machine in which dom0 must come to rest after an act. */
const RESTLESS_STEPS = 4_000_000
/** Nanoseconds after the last act in which daemons and guests come to rest. */
const REST_NS = 6_000_000_000

/** Tells a story once. */
export function tell(story: Story, telling: Telling = {}): Told {
  let machine = machineOf(story)
  let witness = new Witness(machine)
  let digest = ''
  const outcomes: string[] = []
  for (const [n, act] of story.acts.entries()) {
    if (n === telling.forkAt) {
      digest = witness.digest()
      witness.close()
      machine = machine.fork()
      witness = new Witness(machine)
    }
    const outcome = attempt(() => perform(machine, act))
    if (outcome.kind === 'thrown') return { kind: 'broken', law: outcome.text, act: n }
    outcomes.push(outcome.text)
    const law = lawOf(() => settle(machine, witness))
    if (law !== undefined) return { kind: 'broken', law, act: n }
  }
  const law = lawOf(() => ending(machine, witness, story))
  if (law !== undefined) return { kind: 'broken', law, act: story.acts.length }
  return { kind: 'kept', digest: `${digest}${witness.digest()}`, outcomes }
}

/** Tells a story as it is, again, and from a copy in its middle: all must come to the same. */
export function tellThrice(story: Story): string | undefined {
  const first = tell(story)
  if (first.kind === 'broken') return described(story, first)
  const again = tell(story)
  if (again.kind === 'broken' || again.digest !== first.digest) {
    return `seed ${story.seed}: told again it is another story`
  }
  const middle = story.seed % story.acts.length
  const copied = tell(story, { forkAt: middle })
  if (copied.kind === 'broken') return `${described(story, copied)} (copied before act ${middle})`
  const differs = copied.outcomes.findIndex((outcome, n) => outcome !== first.outcomes[n])
  if (differs < 0) return undefined
  return (
    `seed ${story.seed}: copied before act ${middle}, act ${differs} came to\n` +
    `${copied.outcomes[differs]}\ninstead of\n${first.outcomes[differs]}`
  )
}

/** The same story with as few acts as still break the same law. */
export function shortest(story: Story): Story {
  const law = kindOfLaw(tell(story))
  let best = story
  for (let n = best.acts.length - 1; n >= 0; n--) {
    const shorter = { ...best, acts: best.acts.filter((_, i) => i !== n) }
    if (kindOfLaw(tell(shorter)) === law) best = shorter
  }
  return best
}

/** The law that was broken, whatever numbers are in it. */
const kindOfLaw = (told: Told): string =>
  told.kind === 'kept' ? '' : told.law.replace(/[0-9a-f]*\d[0-9a-f]*/g, 'N')

/** A broken law with the acts that lead to it. */
export function described(story: Story, told: Told): string {
  if (told.kind === 'kept') return `seed ${story.seed}: all laws are kept`
  const acts = story.acts.slice(0, told.act + 1).map((act, n) => `  ${n}. ${textOf(act)}`)
  return [`seed ${story.seed}, ${story.era}: ${told.law}`, ...acts].join('\n')
}

const textOf = (act: Act): string =>
  act.kind === 'command'
    ? act.words.join(' ')
    : JSON.stringify(act, (_, value: unknown) =>
        typeof value === 'bigint' ? `0x${value.toString(16)}` : value,
      )

function machineOf({ era, seed, threads }: Story): SimMachine {
  return createSimulator({
    ...{ era, seed, threadsPerCore: threads },
    ...{ memoryMiB: 512, dom0MemoryMiB: 192, sockets: 1, coresPerSocket: 4 / threads },
  })
}

type Attempt = { readonly kind: 'done' | 'thrown'; readonly text: string }

function attempt(act: () => string): Attempt {
  try {
    return { kind: 'done', text: act() }
  } catch (error) {
    if (error instanceof XpvError) return { kind: 'done', text: `${error.code}: ${error.message}` }
    const stack = error instanceof Error ? error.stack?.split('\n').slice(0, 6).join('\n') : ''
    return { kind: 'thrown', text: `an act threw: ${stack}` }
  }
}

/** The law that is broken, or what was thrown instead. */
function lawOf(look: () => string | undefined): string | undefined {
  try {
    return look()
  } catch (error) {
    return error instanceof Error ? error.stack?.split('\n').slice(0, 9).join('\n') : 'thrown'
  }
}

/** Does an act; what it came to, as a text. */
function perform(machine: SimMachine, act: Act): string {
  switch (act.kind) {
    case 'command': {
      const { status, stdout, stderr } = machine.command(act.words)
      return `${status} ${stdout} ${stderr}`
    }
    case 'build':
      return `${build(machine, act)}`
    case 'create':
      return created(machine, act)
    case 'run':
      machine.run(act.ns)
      return `${machine.nowNs}`
    case 'guest':
      machine.scheduler.setGuest(nthDomain(machine, act.nth), act.model)
      return ''
    case 'hypercall': {
      const { hypercall, operation, args, more } = act
      return JSON.stringify(ask(machine, hypercall, operation, args, more))
    }
    case 'guest-call':
      return guestCall(machine, act)
    case 'pcpu': {
      const u0 = act.pcpu + (act.online ? 0 : 2 ** 32)
      return JSON.stringify(ask(machine, 'sysctl', 'cpu_hotplug', { u0 }))
    }
    case 'fault':
      machine.checks.inject(act.fault as unknown as Parameters<typeof machine.checks.inject>[0])
      return ''
    case 'register':
      return String(
        ask(machine, 'platform_op', 'resource_op', {}, { pcpu: 1, msr: act.msr }).result,
      )
  }
}

function created(machine: SimMachine, act: Act & { readonly kind: 'create' }): string {
  const { guest, memory, vcpus, more } = act
  const path = `/etc/xen/${guest}`
  machine.files.write(
    path,
    `name = "${guest}"\nmemory = ${memory}\nvcpus = ${vcpus}\nkernel = "/boot/vmlinuz-2.6.18-xen"\n${more}\n`,
  )
  const { status, stdout, stderr } = machine.command([machine.era.toolstack, 'create', path])
  return `${status} ${stdout} ${stderr}`
}

function nthDomain(machine: SimMachine, nth: number): number {
  const domids = [...machine.hypervisor.domains.keys()].filter((domid) => domid > 0)
  return domids[nth % Math.max(1, domids.length)] ?? -1
}

function guestCall(machine: SimMachine, act: Act & { readonly kind: 'guest-call' }): string {
  const domid = nthDomain(machine, act.nth)
  const vcpus = machine.hypervisor.domains.get(domid)?.vcpus ?? []
  const vcpu = vcpus.findIndex((_, v) => machine.scheduler.where(domid, v) !== undefined)
  if (vcpu < 0) return 'nobody runs'
  const { hypercall, operation } = act
  const args = { ...act.args, domid }
  const step = { kind: 'call', hypercall, operation, args } as const
  return JSON.stringify(machine.hypervisor.call({ domid, vcpu }, step).reply)
}

/** Lets dom0 come to rest; the law that is broken then. */
function settle(machine: SimMachine, witness: Witness): string | undefined {
  for (let steps = 0; !machine.processes.areIdle; steps++) {
    if (steps > RESTLESS_STEPS) return 'dom0 does not come to rest'
    machine.step()
  }
  const [seen] = witness.broken()
  if (seen !== undefined) return seen
  if (witness.openCalls() > 0) return `${witness.openCalls()} calls have no end`
  return witness.openPairs()[0] ?? brokenNow(machine)[0]
}

/** Guests and daemons come to rest; nothing is left of who is gone, where that went through the
 *  tools: of what was done behind their back they know nothing. */
function ending(machine: SimMachine, witness: Witness, story: Story): string | undefined {
  machine.run(REST_NS)
  const law = settle(machine, witness)
  const doesByItself = (hypercall: string, operation = ''): boolean =>
    story.acts.some(
      (act) =>
        act.kind === 'hypercall' &&
        act.hypercall === hypercall &&
        act.operation.startsWith(operation),
    )
  if (law !== undefined || doesByItself('domctl', 'destroydomain')) return law
  const [node] = strayNodes(machine)
  if (node !== undefined || doesByItself('event_channel_op')) return node
  return strayPorts(machine)[0]
}
