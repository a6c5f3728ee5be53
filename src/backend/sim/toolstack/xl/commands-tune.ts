// Commands that change a running domain: vcpu-pin, vcpu-set, mem-set, mem-max, rename,
// sched-credit, sched-credit2.
//
// Source: tools/xl/xl_vcpu.c, xl_mem.c, xl_sched.c, xl_misc.c; libxl_mem.c, libxl_domain.c.

import { ERRNO } from '../../../../machine/errno.js'
import { pcpuCount } from '../../host-config.js'
import { pcpuList } from '../guest-config.js'
import { type CommandLine, type Commands, onDomain } from './command.js'
import { dashed, specOf } from './domain-spec.js'
import { LIBXL_FAIL } from './errors.js'
import { halves, type Steps } from './libxc.js'
import type { Libxl } from './libxl.js'
import { type Size, setMaxMemory, setTarget } from './memory.js'
import { AFFINITY_HARD, AFFINITY_SOFT, CPUMAP_BYTES, POOL_INFO } from './structures.js'
import { getWeight, setWeight } from './weight.js'

const AFFINITY_FORCE = 4
const MAX_INT = 2 ** 31 - 1

/** These commands. */
export const TUNE_COMMANDS: Commands = {
  'vcpu-pin': {
    options: { letters: 'fih', long: { force: 'f', 'ignore-global-affinity-masks': 'i' } },
    least: 3,
    run: onDomain(pin),
  },
  'vcpu-set': {
    options: { letters: 'ih', long: { 'ignore-host': 'i' } },
    least: 2,
    run: onDomain(function* (xl, domid, { flags, words }) {
      return yield* setVcpus(xl, domid, { word: words[1] ?? '', limited: !flags.has('i') })
    }),
  },
  'mem-set': {
    options: { letters: 'h' },
    least: 2,
    run: onDomain(sized(setTarget, 'dynamic max')),
  },
  'mem-max': {
    options: { letters: 'h' },
    least: 2,
    run: onDomain(sized(setMaxMemory, 'static max')),
  },
  rename: {
    options: { letters: 'h' },
    least: 2,
    run: onDomain(function* (xl, domid, { words }) {
      const done = yield* renameDomain(xl, domid, words[1] ?? '')
      if (!done) xl.output.error(`Can't rename domain '${words[0]}'.\n`)
      return done ? 0 : 1
    }),
  },
  'sched-credit': scheduling('credit', 'tslice=30ms ratelimit=1000us migration-delay=0us'),
  'sched-credit2': scheduling('credit2', 'ratelimit=1000us'),
}

/** Gives a domain another name, if nobody has it. */
export function* renameDomain(xl: Libxl, domid: number, name: string): Steps<boolean> {
  const holder = name === '' ? undefined : yield* xl.named(name)
  if (holder !== undefined && holder !== domid) {
    xl.error('renaming', `Domain with name "${name}" already exists.`, { domid })
    return false
  }
  const domain = yield* xl.info(domid)
  if (domain === undefined) return false
  yield { kind: 'store', path: `/local/domain/${domid}/name`, value: name }
  yield { kind: 'store', path: `/vm/${dashed(domain.handle)}/name`, value: name }
  return true
}

function* pin(xl: Libxl, domid: number, { flags, words }: CommandLine): Steps<number> {
  const [, vcpu = '', hardText = '', softText = '-'] = words
  const isAll = vcpu === 'all'
  if (!isAll && !/^\s*\+?\d/.test(vcpu)) {
    xl.output.error(`Error: Invalid argument ${vcpu} as VCPU.\n`)
    return 1
  }
  if (isAll && flags.has('f')) {
    xl.output.error("Error: --force and 'all' as VCPU not allowed.\n")
    return 1
  }
  const hard = yield* pcpusOf(xl, hardText)
  const soft = hard === 'wrong' ? undefined : yield* pcpusOf(xl, softText)
  if (hard === 'wrong' || soft === 'wrong') return 1
  if (hard !== undefined && (yield* xl.info(domid)) === undefined) {
    xl.output.error('Could not get domain info\n')
    return 1
  }
  const to = { hard, soft, force: flags.has('f') }
  if (!isAll) {
    const number = Number.parseInt(vcpu, 10)
    const done = yield* setAffinity(xl, domid, { vcpu: number, ...to })
    if (!done) xl.output.error(`Could not set affinity for vcpu \`${number}'.\n`)
    return done ? 0 : 1
  }
  yield* xl.look(domid)
  let areSet = true
  for (const { vcpu: number } of xl.world.vcpus(domid)) {
    areSet = (yield* setAffinity(xl, domid, { vcpu: number, ...to })) && areSet
  }
  if (!areSet) xl.output.error('Could not set affinity.\n')
  return 0
}

/** Pcpus of a word; undefined for `-`. Ranges may name nodes: how many there are is asked. */
function* pcpusOf(xl: Libxl, word: string): Steps<readonly number[] | undefined | 'wrong'> {
  if (word === '-') return undefined
  yield* xl.nodes()
  const pcpus = pcpuList(word, pcpuCount(xl.world.host))
  if (pcpus !== undefined) return pcpus
  xl.output.error(`Invalid pcpu range: ${word}.\n`)
  return 'wrong'
}

function* setAffinity(
  xl: Libxl,
  domid: number,
  to: {
    readonly vcpu: number
    readonly hard: readonly number[] | undefined
    readonly soft: readonly number[] | undefined
    readonly force: boolean
  },
): Steps<boolean> {
  const { hard, soft } = to
  const maps = [hard, soft].filter((map) => map !== undefined)
  const flags =
    (hard === undefined ? 0 : AFFINITY_HARD) |
    (soft === undefined ? 0 : AFFINITY_SOFT) |
    (to.force ? AFFINITY_FORCE : 0)
  const passing = { lists: maps.map(() => CPUMAP_BYTES), ...(hard ? { more: hard } : {}) }
  const args = { u0: halves(to.vcpu, flags) }
  const { result } = yield* xl.xc.domctl('setvcpuaffinity', domid, args, passing)
  if (result < 0) xl.error('affinity', 'Setting vcpu affinity', { domid, errno: result })
  return result >= 0
}

function* setVcpus(
  xl: Libxl,
  domid: number,
  asked: { readonly word: string; readonly limited: boolean },
): Steps<number> {
  const wanted = Number.parseInt(asked.word, 10)
  if (!(wanted >= 0 && wanted <= MAX_INT)) {
    xl.output.error('Error: Invalid argument.\n')
    return 1
  }
  if (asked.limited) {
    const domain = yield* xl.info(domid)
    if (domain === undefined) return 1
    const pcpus = pcpuCount(xl.world.host)
    if (wanted > domain.onlineVcpus && wanted > pcpus) {
      const have = `You have ${pcpus} physical CPUs and want ${wanted} vCPUs!`
      xl.output.error(`You are overcommmitting! ${have} Aborting, use --ignore-host to continue\n`)
      return 1
    }
  }
  return yield* setOnline(xl, domid, wanted)
}

function* setOnline(xl: Libxl, domid: number, wanted: number): Steps<number> {
  const domain = yield* xl.info(domid)
  if (domain === undefined) {
    const errno = xl.minor >= 18 ? { errno: ERRNO.ESRCH } : {}
    xl.error('vcpusOf', 'Getting domain info list', { domid, ...errno })
    xl.output.error(`Domain ${domid} does not exist.\n`)
    return 1
  }
  const what = `domid=${domid} max_vcpus=${wanted}, rc: ${LIBXL_FAIL}`
  const failed = `libxl_set_vcpuonline failed ${what}\n`
  if (wanted === 0) {
    xl.error('noVcpus', 'Requested 0 VCPUs!', { domid })
    xl.output.error(failed)
    return 1
  }
  if (wanted > domain.maxVcpus) {
    const text = `Requested ${wanted} VCPUs, however maxcpus is ${domain.maxVcpus}!`
    xl.error('tooManyVcpus', text, { domid })
    xl.output.error(failed)
    return 1
  }
  yield* xl.type(domid)
  for (let v = 0; v < domain.maxVcpus; v++) {
    const path = `/local/domain/${domid}/cpu/${v}/availability`
    yield { kind: 'store', path, value: v < wanted ? 'online' : 'offline' }
  }
  return 0
}

function sized(
  set: (xl: Libxl, domid: number, size: Size) => Steps<boolean>,
  what: string,
): (xl: Libxl, domid: number, line: CommandLine) => Steps<number> {
  return function* (xl, domid, { words }) {
    const [, word = ''] = words
    const kib = sizeKib(word)
    if (kib === undefined) {
      xl.output.error(`invalid memory size: ${word}\n`)
      return 1
    }
    const config = specOf(xl.world, domid)
    if (yield* set(xl, domid, { kib, isKnown: config !== undefined || domid === 0 })) return 0
    xl.output.error(`cannot set domid ${domid} ${what} memory to : ${word}\n`)
    return 1
  }
}

/** KiB of `512`, `512m`, `1g`, `4096k`; undefined for what is no size. */
function sizeKib(word: string): number | undefined {
  const [, digits = '0', unit = ''] = /^\s*([+-]?\d+)?(.?)$/.exec(word) ?? [undefined, '', '??']
  const factor = { t: 2 ** 30, g: 2 ** 20, '': 1024, m: 1024, k: 1, b: 1 / 1024 }[
    unit.toLowerCase()
  ]
  const kib = Math.floor(Number(digits) * (factor ?? Number.NaN))
  return Number.isNaN(kib) || kib === -1 ? undefined : kib
}

function scheduling(scheduler: 'credit' | 'credit2', parameters: string): Commands[string] {
  const long = { domain: 'd', weight: 'w', cap: 'c', schedparam: 's', cpupool: 'p' }
  return {
    options: {
      letters: 'd:w:c:p:t:r:m:sh',
      long: { ...long, ratelimit_us: 'r', tslice_ms: 't', migration_delay_us: 'm' },
    },
    least: 0,
    *run(xl, { flags }) {
      const dom = flags.get('d')
      const isSet = flags.has('w') || flags.has('c')
      if (flags.has('p') && (dom !== undefined || isSet)) {
        xl.output.error('Specifying a cpupool is not allowed with other options.\n')
        return 1
      }
      if (dom === undefined && isSet) {
        xl.output.error('Must specify a domain.\n')
        return 1
      }
      if (dom === undefined) return yield* listScheduling(xl, scheduler, parameters)
      const domid = yield* xl.domainOf(dom)
      if (domid === undefined) return 1
      return yield* isSet ? changeWeight(xl, domid, flags) : showWeight(xl, domid, scheduler)
    },
  }
}

function* listScheduling(
  xl: Libxl,
  scheduler: 'credit' | 'credit2',
  parameters: string,
): Steps<number> {
  const domains = yield* xl.list()
  for (let n = 0; n < 2; n++) {
    yield* xl.xc.sysctl('cpupool_op', POOL_INFO, { lists: [CPUMAP_BYTES] })
  }
  if (scheduler !== xl.world.era.scheduler) return 0
  yield* xl.xc.sysctl('scheduler_op')
  xl.output.print(`Cpupool Pool-0: ${parameters}\n`)
  xl.output.print(WEIGHT_HEAD)
  for (const { domid } of domains) {
    yield* getWeight(xl, domid)
    xl.output.print(weightRow(xl, domid))
  }
  return 0
}

const WEIGHT_HEAD = `${'Name'.padEnd(33)}   ID Weight  Cap\n`

function weightRow(xl: Libxl, domid: number): string {
  const { weight, cap } = xl.world.weight(domid)
  const name = (xl.nameOf(domid) ?? '(null)').padEnd(33)
  const cells = [String(domid).padStart(4), String(weight).padStart(6), String(cap).padStart(4)]
  return `${name} ${cells.join(' ')}\n`
}

function* showWeight(xl: Libxl, domid: number, scheduler: 'credit' | 'credit2'): Steps<number> {
  xl.output.print(WEIGHT_HEAD)
  if ((yield* getWeight(xl, domid)) !== 0) {
    xl.output.error('libxl_domain_sched_params_get failed.\n')
    return 1
  }
  const actual = xl.world.era.scheduler
  if (actual !== scheduler) {
    xl.output.error(`libxl_domain_sched_params_get returned ${actual} not ${scheduler}.\n`)
    return 1
  }
  xl.output.print(weightRow(xl, domid))
  return 0
}

function* changeWeight(
  xl: Libxl,
  domid: number,
  flags: ReadonlyMap<string, string>,
): Steps<number> {
  const number = (letter: string) => Number.parseInt(flags.get(letter) ?? '', 10) || 0
  const rc = yield* setWeight(xl, domid, {
    ...(flags.has('w') ? { weight: number('w') } : {}),
    ...(flags.has('c') ? { cap: number('c') } : {}),
  })
  if (rc !== 0) xl.output.error('libxl_domain_sched_params_set failed.\n')
  return rc === 0 ? 0 : 1
}
