// Libxl: what every xl does: opens the way to the hypervisor, asks it what it is, looks domains up,
// says what went wrong.
//
//   domainOf('web1')  ->  all domains are listed, their names read  ->  3, or its refusal
//
// Holds: what is printed and what is asked go together as in libxl; a domain's label is asked for
// whenever its whole info is wanted.
// Source: tools/libs/light/libxl.c, libxl_domain.c, libxl_utils.c; tools/xl/xl.c, xl_utils.c.

import { ERRNO } from '../../../../machine/errno.js'
import { FIRST_RESERVED_DOMID } from '../../../../machine/ids.js'
import type { DomainView, ToolWorld } from '../../tool-world.js'
import type { ToolOutput } from '../tool-output.js'
import { errorText, LIBXL_INVAL } from './errors.js'
import { halves, Libxc, type Steps } from './libxc.js'
import { type SiteName, siteText } from './sites.js'
import { INFO_BYTES } from './structures.js'

/** Domains that one sysctl lists. */
const LIST_ROOM = 1024
/** What is asked about the hypervisor, in this order. */
const VERSION_TEXTS = ['extraversion', 'capabilities', 'changeset', 'commandline'] as const

/** One xl process. */
export class Libxl {
  readonly xc = new Libxc()
  readonly world: ToolWorld
  readonly output: ToolOutput
  /** The name by which the domain in question was found. */
  commonName: string | undefined
  /** Its files stay open in a process that was forked from it. */
  isLeftOpen = false
  #knowsNodes = false

  constructor(world: ToolWorld, output: ToolOutput) {
    this.world = world
    this.output = output
  }

  /** The second number of Xen's version: the tools' own is the same. */
  get minor(): number {
    return this.world.era.xenVersion[1]
  }

  /** What xl does before it looks at its command: for its defaults it wants to know whether dom0's
   *  memory is fixed, and how many pcpus there are. */
  *start(): Steps<void> {
    yield { kind: 'compute', ns: 2_600_000 }
    yield* this.xc.open()
    yield* this.#versions()
    yield* this.xc.sysctl('physinfo')
  }

  /** A second process of the same xl: a context of its own. */
  *fork(): Steps<Libxl> {
    const other = new Libxl(this.world, this.output)
    yield* other.xc.open()
    return other
  }

  /** Tells of the host's memory and pcpus. */
  *physinfo(): Steps<void> {
    yield* this.xc.sysctl('physinfo')
    yield* this.xc.memoryOp('get_sharing_freed_pages')
    yield* this.xc.memoryOp('get_sharing_shared_pages')
  }

  /** How many NUMA nodes there are: asked once. */
  *nodes(): Steps<void> {
    if (!this.#knowsNodes) yield* this.xc.sysctl('physinfo')
    this.#knowsNodes = true
  }

  /** All domains, with their labels. */
  *list(): Steps<readonly DomainView[]> {
    const domains = this.world.domains()
    for (let from = 0; ; ) {
      const found = domains.filter((d) => d.domid >= from).slice(0, LIST_ROOM)
      yield* this.#getList(from, LIST_ROOM)
      const last = found.at(-1)
      if (last === undefined) return domains
      for (const _ of found) yield* this.xc.label()
      from = last.domid + 1
    }
  }

  /** All of a domain's info; undefined where there is none. */
  *info(domid: number): Steps<DomainView | undefined> {
    const found = yield* this.existing(domid)
    if (found !== undefined) yield* this.xc.label()
    return found
  }

  /** Whether there is such a domain; since 4.18 it is an error when there is none. */
  *existing(domid: number): Steps<DomainView | undefined> {
    const found = yield* this.look(domid)
    if (found === undefined && this.minor >= 18) {
      this.error('asking', 'Getting domain info', { domid, errno: ERRNO.ESRCH })
    }
    return found
  }

  /** A domain without its label. */
  *look(domid: number): Steps<DomainView | undefined> {
    if (this.minor >= 18) yield* this.xc.domctl('getdomaininfo', domid)
    else yield* this.#getList(domid, 1)
    return this.world.domains().find((d) => d.domid === domid)
  }

  /** Whether a domain is a PV guest that exists; says so when it does not. */
  *type(domid: number): Steps<DomainView | undefined> {
    const found = yield* this.look(domid)
    if (found !== undefined) return found
    if (this.minor >= 18)
      this.error('typing', 'unable to get dominfo', { domid, errno: ERRNO.ESRCH })
    else this.error('typing', `unable to get domain type for domid=${domid}`)
    return undefined
  }

  /** Takes the lock of a domain's files, which is still its own when it has it. */
  *lock(domid: number): Steps<boolean> {
    yield* this.info(domid)
    return (yield* this.look(domid)) !== undefined
  }

  /** The domain of a name or a number, as the command line has it; undefined after a refusal. */
  *domainOf(word: string): Steps<number | undefined> {
    const domid = yield* this.idOf(word)
    if (domid === undefined) {
      this.output.error(`${word} is an invalid domain identifier (rc=${LIBXL_INVAL})\n`)
    } else this.commonName = this.nameOf(domid)
    return domid
  }

  /** The same without words. A number is taken for what it is, whether or not there is such a
   *  domain. */
  *idOf(word: string): Steps<number | undefined> {
    if (/^\d*$/.test(word)) return Number(word) >>> 0
    return yield* this.named(word)
  }

  /** The domain of a name. */
  *named(name: string): Steps<number | undefined> {
    const domains = yield* this.list()
    return domains.find((d) => this.nameOf(d.domid) === name)?.domid
  }

  /** What xenstore says a domain is called. */
  nameOf(domid: number): string | undefined {
    return this.world.store.read(`/local/domain/${domid}/name`)
  }

  /** Says what went wrong. */
  error(
    site: SiteName,
    text: string,
    about: { readonly domid?: number; readonly errno?: number } = {},
  ): void {
    const { domid = 0, errno } = about
    const domain = domid > 0 && domid < FIRST_RESERVED_DOMID ? `Domain ${domid}:` : ''
    const reason = errno === undefined ? '' : `: ${errorText(errno)}`
    const place = siteText(site, this.minor)
    this.output.error(`libxl: error: ${place}: ${domain}${text}${reason}\n`)
  }

  /** Reads the domctl-free list of `max` domains from one on. */
  *#getList(from: number, max: number): Steps<void> {
    const lists = [max * INFO_BYTES]
    yield* this.xc.sysctl('getdomaininfolist', halves(from, max), { lists, more: { max } })
  }

  *#versions(): Steps<void> {
    const { xc } = this
    const isSized = this.minor >= 18
    yield* xc.version('version')
    yield* this.#versionText(VERSION_TEXTS[0], isSized)
    yield* xc.version('compile_info')
    yield* this.#versionText(VERSION_TEXTS[1], isSized)
    yield* this.#versionText(VERSION_TEXTS[2], isSized)
    yield* xc.version('platform_parameters')
    yield* xc.version('pagesize')
    yield* this.#versionText(VERSION_TEXTS[3], isSized)
    if (isSized) yield* xc.versionLength('build_id')
    yield* xc.version('build_id')
  }

  /** Since 4.18 a text's length is asked for first. */
  *#versionText(name: (typeof VERSION_TEXTS)[number], isSized: boolean): Steps<void> {
    if (isSized) yield* this.xc.versionLength(`${name}2`)
    yield* this.xc.version(isSized ? `${name}2` : name)
  }
}
