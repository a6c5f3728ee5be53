// Commands that show domains: list, vm-list, vcpu-list, domid, domname, uptime, claims.
//
// Holds: rows and columns are xl's own, to the blank; the recorded ones agree.
// Source: tools/xl/xl_info.c, xl_vcpu.c.

import { ERRNO } from '../../../../machine/errno.js'
import { rangesText } from '../../../../machine/ranges.js'
import { FRAMES_PER_MIB } from '../../frames.js'
import type { DomainView, VcpuView } from '../../tool-world.js'
import type { Commands } from './command.js'
import { currentSpec, dashed, printJson, specOf, specToJson } from './domain-spec.js'
import { helpText } from './help.js'
import { halves, type Steps } from './libxc.js'
import type { Libxl } from './libxl.js'
import { retrieveConfig } from './save.js'
import { CPUMAP_BYTES } from './structures.js'

const REASON_LETTERS = '-rscwS'
const DAY = 86_400

/** These commands. */
export const SHOW_COMMANDS: Commands = {
  list: {
    options: {
      letters: 'lvhZcn',
      long: { long: 'l', verbose: 'v', context: 'Z', cpupool: 'c', numa: 'n' },
    },
    least: 0,
    *run(xl, { flags, words }) {
      if (words.length > 1) {
        xl.output.print(helpText('list'))
        return 1
      }
      const found = words.length === 0 ? yield* xl.list() : yield* oneDomain(xl, words[0] ?? '')
      if (found === undefined) return 1
      if (flags.has('l')) yield* listDetails(xl, found)
      else yield* listDomains(xl, found, flags)
      return 0
    },
  },
  'vm-list': {
    options: { letters: 'h' },
    least: 0,
    *run(xl) {
      const domains = yield* xl.list()
      xl.output.print('UUID                                  ID    name\n')
      for (const { domid, handle } of domains) {
        const name = (xl.nameOf(domid) ?? '(null)').padEnd(30)
        xl.output.print(`${dashed(handle)}  ${domid}    ${name}\n`)
      }
      return 0
    },
  },
  'vcpu-list': {
    options: { letters: 'h' },
    least: 0,
    *run(xl, { words }) {
      yield* xl.physinfo()
      const head = ['Name'.padEnd(32), ...['ID', 'VCPU', 'CPU', 'State'].map((w) => w.padStart(5))]
      xl.output.print(`${head.join(' ')} ${'Time(s)'.padStart(9)} Affinity (Hard / Soft)\n`)
      if (words.length === 0) {
        for (const { domid } of yield* xl.list()) yield* listVcpus(xl, domid)
        return 0
      }
      for (const word of words) {
        const domid = yield* xl.domainOf(word)
        if (domid === undefined) return 1
        yield* listVcpus(xl, domid)
      }
      return 0
    },
  },
  domid: {
    options: { letters: 'h' },
    least: 1,
    *run(xl, { words: [name = ''] }) {
      const domid = yield* xl.named(name)
      if (domid !== undefined) xl.output.print(`${domid}\n`)
      else {
        const perhaps = 'maybe this domain does not exist'
        xl.output.error(`Can't get domid of domain name '${name}', ${perhaps}.\n`)
      }
      return domid === undefined ? 1 : 0
    },
  },
  domname: {
    options: { letters: 'h' },
    least: 1,
    *run(xl, { words: [word = ''] }) {
      yield { kind: 'compute', ns: 60_000 }
      const digits = /^[+-]?\d+/.exec(word)?.[0]
      if (digits === undefined) {
        xl.output.error('Invalid domain id.\n\n')
        return 1
      }
      const domid = Number(digits) >>> 0
      const name = xl.nameOf(domid)
      const perhaps = 'maybe this domain does not exist'
      if (name !== undefined) xl.output.print(`${name}\n`)
      else xl.output.error(`Can't get domain name of domain id '${domid}', ${perhaps}.\n`)
      return name === undefined ? 1 : 0
    },
  },
  uptime: {
    options: { letters: 'sh' },
    least: 0,
    *run(xl, { flags, words }) {
      const domids: number[] = []
      for (const word of words) {
        const domid = yield* xl.domainOf(word)
        if (domid === undefined) return 1
        domids.push(domid)
      }
      const isShort = flags.has('s')
      if (!isShort) xl.output.print(`${'Name'.padEnd(33)} ${'ID'.padStart(4)} Uptime\n`)
      const all = words.length > 0 ? domids : (yield* xl.list()).map((d) => d.domid)
      for (const domid of all) printUptime(xl, domid, isShort)
      return 0
    },
  },
  claims: {
    options: { letters: 'h' },
    least: 0,
    *run(xl) {
      yield* listDomains(xl, yield* xl.list(), new Map([['claims', '']]))
      return 0
    },
  },
  sharing: {
    options: { letters: 'h' },
    least: 0,
    *run(xl, { words }) {
      const found = words.length === 0 ? yield* xl.list() : yield* oneDomain(xl, words[0] ?? '')
      if (found === undefined) return 1
      xl.output.print('Name                                        ID   Mem Shared\n')
      for (const { domid, pages } of found) {
        const name = (xl.nameOf(domid) ?? '(null)').padEnd(40)
        const mib = String(Math.floor(pages / FRAMES_PER_MIB)).padStart(5)
        xl.output.print(`${name} ${String(domid).padStart(5)} ${mib}      0\n`)
      }
      return 0
    },
  },
}

function* oneDomain(xl: Libxl, word: string): Steps<readonly DomainView[] | undefined> {
  const domid = yield* xl.domainOf(word)
  if (domid === undefined) return undefined
  const found = yield* xl.info(domid)
  if (found !== undefined) return [found]
  xl.output.error(`Error: Domain '${word}' does not exist.\n`)
  return undefined
}

function* listDomains(
  xl: Libxl,
  domains: readonly DomainView[],
  flags: ReadonlyMap<string, string>,
): Steps<void> {
  if (flags.has('n')) {
    yield* xl.nodes()
    yield* xl.physinfo()
  }
  xl.output.print(`${listHead(flags)}\n`)
  for (const domain of domains) {
    if (flags.has('n')) {
      yield* xl.xc.domctl('getnodeaffinity', domain.domid, {}, { lists: [CPUMAP_BYTES] })
    }
    xl.output.print(`${listRow(xl, domain, flags)}\n`)
  }
}

function listHead(flags: ReadonlyMap<string, string>): string {
  const head = 'Name                                        ID   Mem VCPUs\tState\tTime(s)'
  const verbose = '   UUID                            Reason-Code\tSecurity Label'
  return [
    head,
    flags.has('v') ? verbose : flags.has('Z') ? '   Security Label' : '',
    flags.has('claims') ? '  Claimed' : '',
    flags.has('c') ? '         Cpupool' : '',
    flags.has('n') ? ' NODE Affinity' : '',
  ].join('')
}

function listRow(xl: Libxl, domain: DomainView, flags: ReadonlyMap<string, string>): string {
  const { domid, pages, onlineVcpus, runtimeNs, handle, shutdownReason } = domain
  const claimed = String(Math.floor(domain.claimedPages / FRAMES_PER_MIB)).padStart(5)
  const name = (xl.nameOf(domid) ?? '(null)').padEnd(40)
  const numbers = [domid, Math.floor(pages / FRAMES_PER_MIB), onlineVcpus]
  const row = numbers.map((n) => String(n).padStart(5)).join(' ')
  const seconds = (runtimeNs / 1e9).toFixed(1).padStart(8)
  const reason = shutdownReason === undefined ? '-' : shutdownReason.toString(16)
  return [
    `${name} ${row}     ${stateLetters(xl, domain)}  ${seconds}`,
    flags.has('v') ? ` ${dashed(handle)} ${reason.padStart(8)}` : '',
    flags.has('claims') ? ` ${claimed}` : '',
    flags.has('v') || flags.has('Z') ? ` ${'-'.padStart(16)}` : '',
    flags.has('c') ? 'Pool-0'.padStart(16) : '',
    flags.has('n') ? ' all' : '',
  ].join('')
}

/** `r-----`: running, blocked, paused, shut down, why, dying. */
function stateLetters(xl: Libxl, domain: DomainView): string {
  const states = xl.world.vcpus(domain.domid).map((v) => v.state)
  const isRunning = states.includes('running')
  const isBlocked = !isRunning && !states.includes('runnable')
  const { shutdownReason: reason } = domain
  return [
    isRunning ? 'r' : '-',
    isBlocked ? 'b' : '-',
    domain.isPaused ? 'p' : '-',
    reason === undefined ? '-' : 's',
    reason === undefined ? '-' : (REASON_LETTERS[reason] ?? '?'),
    domain.isDying ? 'd' : '-',
  ].join('')
}

/** Configurations as JSON. */
function* listDetails(xl: Libxl, domains: readonly DomainView[]): Steps<void> {
  const shown: unknown[] = []
  for (const { domid } of domains) {
    yield* retrieveConfig(xl, domid)
    const spec = specOf(xl.world, domid)
    const { scheduler } = xl.world.era
    if (spec !== undefined) {
      const config = specToJson(currentSpec(xl.world, domid, spec), scheduler)
      shown.push({ domid, config })
    } else if (domid === 0) shown.push({ domid, config: dom0Config(xl) })
  }
  xl.output.print(`${printJson(shown)}\n\n`)
}

/** What is known of a domain that xl did not make. */
function dom0Config(xl: Libxl): unknown {
  const { store, era } = xl.world
  const target = Number(store.read('/local/domain/0/memory/target'))
  return {
    c_info: { type: 'pv', name: xl.nameOf(0) ?? 'Domain-0' },
    b_info: {
      max_memkb: xl.world.host.dom0MemoryMiB * 1024,
      target_memkb: target,
      sched_params: { sched: era.scheduler, ...xl.world.weight(0) },
      'type.pv': {},
      arch_arm: {},
      arch_x86: {},
    },
  }
}

function* listVcpus(xl: Libxl, domid: number): Steps<void> {
  if ((yield* xl.look(domid)) === undefined) {
    const text = xl.minor >= 18 ? 'Getting dominfo' : 'Getting infolist'
    xl.error('listingVcpus', text, { domid, ...(xl.minor >= 18 ? { errno: ERRNO.ESRCH } : {}) })
    return
  }
  for (const vcpu of xl.world.vcpus(domid)) {
    yield* xl.xc.domctl('getvcpuinfo', domid, { u0: vcpu.vcpu })
    const lists = [CPUMAP_BYTES, CPUMAP_BYTES]
    yield* xl.xc.domctl('getvcpuaffinity', domid, { u0: halves(vcpu.vcpu, 3) }, { lists })
    xl.output.print(`${vcpuRow(xl, domid, vcpu)}\n`)
  }
}

function vcpuRow(xl: Libxl, domid: number, vcpu: VcpuView): string {
  const { state, isOnline } = vcpu
  const name = (xl.nameOf(domid) ?? '(null)').padEnd(32)
  const ids = [domid, vcpu.vcpu].map((n) => String(n).padStart(5)).join(' ')
  const letters = isOnline
    ? `${state === 'running' ? 'r' : '-'}${state === 'blocked' ? 'b' : '-'}-`
    : '--p'
  const place = `${(isOnline ? String(vcpu.pcpu) : '-').padStart(5)}   ${letters}`
  const seconds = (vcpu.runtimeNs / 1e9).toFixed(1).padStart(9)
  const hard = pcpuRanges(vcpu.affinity, xl.world.onlinePcpus.length)
  return `${name} ${ids}${place} ${seconds}  ${hard} / all`
}

/** `all`, `none`, or ranges: `0-1,3`. */
function pcpuRanges(pcpus: readonly number[], all: number): string {
  if (pcpus.length >= all) return 'all'
  return pcpus.length === 0 ? 'none' : rangesText(pcpus)
}

function printUptime(xl: Libxl, domid: number, isShort: boolean): void {
  const { store, host, nowNs } = xl.world
  const now = Number((host.bootedAt + BigInt(nowNs)) / 1_000_000_000n)
  const vm = store.read(`/local/domain/${domid}/vm`)
  const started = domid === 0 ? undefined : store.read(`${vm}/start_time`)
  if (domid !== 0 && started === undefined) {
    xl.error('startTime', "Can't get start time of domain", { domid })
    return
  }
  const seconds =
    started === undefined ? Math.floor(nowNs / 1e9) : now - Math.floor(Number(started))
  const name = xl.nameOf(domid) ?? '(null)'
  if (isShort) {
    const time = clockText(now % DAY)
    xl.output.print(` ${time} up ${uptimeText(seconds, true)}, ${name} (${domid})\n`)
  } else {
    const id = String(domid).padStart(4)
    xl.output.print(`${name.padEnd(33)} ${id} ${uptimeText(seconds, false)}\n`)
  }
}

function uptimeText(seconds: number, isShort: boolean): string {
  const days = Math.floor(seconds / DAY)
  const before = days === 0 ? '' : days === 1 ? '1 day, ' : `${days} days, `
  const text = clockText(seconds % DAY).replace(/^0/, ' ')
  return `${before}${isShort ? text.slice(0, 5) : text}`
}

function clockText(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((n) => String(n).padStart(2, '0')).join(':')
}
