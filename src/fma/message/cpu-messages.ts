// CPU messages: what is said of processors and their memory: the dictionaries GMCA (any x86), AMD
// and INTEL (those whose model is known).
//
// Holds: the numbers are the public ones, so that a code means what it means everywhere.
import type { MessageAdvice, NumberedMessage, Severity } from './message.js'

const RETIRED: MessageAdvice = {
  response: 'The fault manager tries to take the processor strand out of service.',
  impact: 'The host may do less work in the same time.',
  action: 'Plan to replace the processor module. `fmadm faulty` names it.',
}

const LOOK: MessageAdvice = {
  response: 'None: nothing can be done about it automatically.',
  impact: 'None that is known.',
  action:
    'Find the cause by hand: `fmadm faulty` names the chip that noticed the errors, which is ' +
    'rarely the one that causes them.',
}

const PAGE: MessageAdvice = {
  response:
    'The fault manager tries to take the page out of service. It can where the host runs on ' +
    'metal, or its hypervisor offers it.',
  impact: 'One page of memory less, which nobody notices.',
  action: 'None. Whether the memory module is at fault is a diagnosis of its own.',
}

const WEAK_MODULE: MessageAdvice = {
  response: 'Pages of the module were taken out of service one by one, up to the limit for that.',
  impact: 'The host has a little less memory.',
  action: 'Plan to replace the memory module. `fmadm faulty` names it.',
}

const BROKEN_MODULE: MessageAdvice = {
  response:
    'The fault manager tries to take the affected pages out of service. It can where the host ' +
    'runs on metal, or its hypervisor offers it.',
  impact: 'Data was lost. Only a small part of memory is ever taken out of service.',
  action: 'Replace the memory module as soon as possible. `fmadm faulty` names it.',
}

const PART: MessageAdvice = {
  response: 'None: the part cannot be taken out of service while the host runs.',
  impact: 'The host may stop, or lose data, when it happens again.',
  action: 'Plan to replace the part that `fmadm faulty` names.',
}

/** One row: what a class ends in, its severity, what it is about. */
type Row = readonly [leaf: string, severity: Severity, description: string, advice: MessageAdvice]

const often = (what: string): string =>
  `${what} has had more corrected errors than chance explains, or one that was not corrected.`

const LEVELS: readonly (readonly [string, string])[] = [
  ['l0', 'level 0 '],
  ['l1', 'level 1 '],
  ['l2', 'level 2 '],
  ['', ''],
]

/** Four rows, one a level, for a kind of cache; that without a level is of one that is not said. */
function levels(leaf: string, what: string): Row[] {
  return LEVELS.map(([short, long]) => {
    const which = long === '' ? `A ${what} of unknown level` : `The ${long}${what}`
    return [`${short}${leaf}`, 'Major', often(`${which} of a processor`), RETIRED]
  })
}

/** What both the generic and the Intel dictionary say of a processor, in the order they number. */
const PROCESSOR: readonly Row[] = [
  ['internal', 'Major', often('The inside of a processor'), RETIRED],
  ...levels('cache', 'cache'),
  ...levels('dtlb', 'data TLB'),
  ...levels('itlb', 'instruction TLB'),
  ...levels('tlb', 'TLB'),
  ...levels('dcache', 'data cache'),
  ...levels('icache', 'instruction cache'),
  ['bus_interconnect', 'Major', often('What a bus or interconnect carries'), LOOK],
  ['bus_interconnect_memory', 'Major', often('What a bus carries from memory'), LOOK],
  ['bus_interconnect_io', 'Major', often('What a bus carries from devices'), LOOK],
]

const PAGE_CE = 'A page of memory has had more corrected errors than chance explains.'
const PAGE_UE = 'A page of memory has had an error that could not be corrected.'
const DIMM_CE = 'Too many pages of a memory module have had corrected errors.'
const DIMM_UE = 'A memory module has had an error that could not be corrected.'

/** Numbers rows one after the other. */
function numbered(prefix: string, first: number, rows: readonly Row[]): NumberedMessage[] {
  return rows.map(([leaf, severity, description, advice], i) => {
    const classes = [`fault.${prefix}.${leaf}`]
    return { value: first + i, classes, type: 'Fault', severity, description, ...advice }
  })
}

/** Dictionary GMCA: processors and memory of any x86. */
export const GMCA: readonly NumberedMessage[] = [
  ...numbered('cpu.generic-x86', 1, PROCESSOR),
  ...numbered('memory.generic-x86', 29, [
    ['page_ce', 'Minor', PAGE_CE, PAGE],
    ['page_ue', 'Major', PAGE_UE, PAGE],
    ['dimm_ce', 'Major', DIMM_CE, WEAK_MODULE],
    ['dimm_ue', 'Critical', DIMM_UE, BROKEN_MODULE],
  ]),
  ...numbered('cpu.generic-x86', 33, [
    ['mc', 'Major', often('A memory controller of a processor'), LOOK],
  ]),
]

const cache = (leaf: string, what: string): Row => [leaf, 'Major', often(what), RETIRED]

/** Dictionary AMD: processors of the Opteron family, and their memory. */
export const AMD: readonly NumberedMessage[] = [
  ...numbered('memory', 1, [
    ['page', 'Minor', PAGE_CE, PAGE],
    ['dimm_sb', 'Major', 'A memory module corrects single bits too often.', WEAK_MODULE],
    ['dimm_ck', 'Major', 'A memory module corrects a whole chip too often.', WEAK_MODULE],
    ['dimm_ue', 'Major', DIMM_UE, BROKEN_MODULE],
  ]),
  ...numbered('cpu.amd', 5, [
    cache('l2cachedata', 'The data of the level 2 cache'),
    cache('l2cachetag', 'The tags of the level 2 cache'),
    cache('icachedata', 'The data of the instruction cache'),
    cache('icachetag', 'The tags of the instruction cache'),
    cache('icachestag', 'The snoop tags of the instruction cache'),
    cache('dcachedata', 'The data of the data cache'),
    cache('dcachetag', 'The tags of the data cache'),
    cache('l1itlb', 'The level 1 instruction TLB'),
    cache('l2itlb', 'The level 2 instruction TLB'),
    cache('dcachestag', 'The snoop tags of the data cache'),
    cache('l1dtlb', 'The level 1 data TLB'),
    cache('l2dtlb', 'The level 2 data TLB'),
    ['datapath', 'Minor', often('A path of data through a processor'), LOOK],
    ['dramchannel', 'Major', often('A channel between a processor and its memory'), PART],
  ]),
  ...numbered('memory', 19, [
    ['dimm_testfail', 'Major', 'A memory module failed a test at start.', BROKEN_MODULE],
    ['page_sb', 'Minor', 'A page of memory corrects single bits too often.', PAGE],
    ['page_ck', 'Minor', 'A page of memory corrects a whole chip too often.', PAGE],
    ['page_ue', 'Major', PAGE_UE, PAGE],
  ]),
]

/** Dictionary INTEL: processors of which the model layer knows more, and their memory. */
export const INTEL: readonly NumberedMessage[] = [
  ...numbered('cpu.intel', 1, PROCESSOR),
  ...numbered('cpu.intel.nb', 29, [['fsb', 'Critical', often('The front-side bus'), PART]]),
  ...numbered('memory.intel.fbd', 30, [
    ['berr', 'Major', often('A branch of buffered memory'), PART],
    ['alert', 'Critical', 'A buffered memory module raised an alert.', PART],
    ['crc', 'Critical', 'What a channel of buffered memory carries fails its checksum.', PART],
    ['ch', 'Major', often('A channel of buffered memory'), PART],
    ['reset_timeout', 'Critical', 'Buffered memory did not come back from a reset.', PART],
    ['otf', 'Major', 'Buffered memory became too hot.', PART],
  ]),
  ...numbered('cpu.intel.nb', 36, [
    ['ie', 'Critical', 'The memory hub has an internal error.', PART],
    ['dma', 'Major', 'The memory hub noticed errors in direct memory access.', PART],
  ]),
  ...numbered('memory.intel.fbd', 38, [
    ['mem_ds', 'Major', 'A memory module was replaced by its spare.', WEAK_MODULE],
  ]),
  ...numbered('memory.intel', 39, [
    ['page_ce', 'Minor', PAGE_CE, PAGE],
    ['page_ue', 'Major', PAGE_UE, PAGE],
    ['dimm_ce', 'Major', DIMM_CE, WEAK_MODULE],
    ['dimm_ue', 'Critical', DIMM_UE, BROKEN_MODULE],
  ]),
  ...numbered('cpu.intel.nb', 43, [['otf', 'Major', 'The memory hub became too hot.', PART]]),
  ...numbered('cpu.intel.quickpath', 44, [
    ['mem_parity', 'Major', 'A memory controller noticed wrong parity.', PART],
    ['mem_addr_parity', 'Major', 'Addresses reach memory with wrong parity.', PART],
    ['mem_bad_addr', 'Major', 'A memory controller was asked for an address it has not.', PART],
    ['mem_spare', 'Major', 'A rank of memory was replaced by its spare.', WEAK_MODULE],
    ['mem_bad_id', 'Major', 'A memory controller got an answer of nobody it had asked.', PART],
    ['mem_redundant', 'Minor', 'Mirrored memory lost its mirror.', WEAK_MODULE],
    ['interconnect', 'Major', often('A link between processors'), PART],
    ['mem_controller_ce', 'Major', often('A memory controller'), PART],
    ['mem_controller_ue', 'Critical', 'A memory controller has had an uncorrected error.', PART],
    ['mem_link_ce', 'Major', often('A link to a memory buffer'), PART],
    ['mem_link_ue', 'Critical', 'A link to a memory buffer has had an uncorrected error.', PART],
    ['mem_failover_mir', 'Major', 'Mirrored memory fell back on its mirror.', WEAK_MODULE],
    ['mem_scrubbing', 'Minor', 'Scrubbing memory found too many errors.', WEAK_MODULE],
    ['llc_ewb', 'Minor', 'The last-level cache had an error when it wrote back.', PART],
    ['home_agent', 'Critical', 'The home agent of a processor has an internal error.', PART],
    ['sys_cfg', 'Critical', 'The configuration agent of a processor has an error.', PART],
    ['system_cache', 'Critical', 'The cache of the interconnect has an error.', PART],
    ['bus_interconnect', 'Critical', 'The interconnect of a processor has an error.', PART],
  ]),
  ...numbered('cpu.intel', 62, [
    ['has_poison', 'Minor', 'Data marked as poisoned reached a processor.', LOOK],
    ['discard_fatal', 'Minor', 'A fatal error was noticed and then withdrawn.', LOOK],
  ]),
]
