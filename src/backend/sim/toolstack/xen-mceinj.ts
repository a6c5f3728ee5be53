// xen-mceinj: lets the hypervisor believe that a machine check happened: it puts values into the
// registers of a pcpu's bank and raises the exception, or the interrupt, itself.
//
//   xen-mceinj -c 1 -t 0 -p 0x50000000  ->  mca msrinject, mca mceinject
//
// Held to a recording of Xen 4.20. The names of errors are the tool's own: 0 and 1 are swapped.
import { DOMID_XEN } from '../../../machine/ids.js'
import { FRAME_BYTES } from '../frames.js'
import type { Script } from '../step.js'
import type { ToolWorld } from '../tool-world.js'
import type { ToolOutput } from './tool-output.js'
import { errorText } from './xl/errors.js'
import { halves, Libxc, type Steps } from './xl/libxc.js'

const START_NS = 900_000
/** The hypervisor itself. */
const DEFAULT_ADDRESS = 0x180020
const INTERPOSE = 1
/** The address is the domain's own. */
const GUEST_ADDRESS = 2
const BROADCAST_INTERRUPT = 1 | (1 << 3)
const MCG_STATUS = 0x17a
const BANKS = 0x400

interface Injected {
  readonly name: string
  readonly mcg: bigint
  readonly bank: number
  readonly status: bigint
  readonly isInterrupt?: boolean
}

const MISC = 0x86n
const ERRORS: readonly Injected[] = [
  { name: 'MCE_SRAO_MEM', mcg: 5n, bank: 7, status: 0xbd20_0000_8000_017an },
  { name: 'MCE_SRAO_LLC', mcg: 5n, bank: 8, status: 0xbd00_0000_0040_00cfn },
  {
    name: 'CMCI_UCNA_LLC',
    mcg: 0n,
    bank: 9,
    status: 0xbc20_0000_8000_0136n,
    isInterrupt: true,
  },
  { name: 'AMD L1 icache parity', mcg: 5n, bank: 1, status: 0x9400_0000_0000_0151n },
  { name: 'MCE_SRAO_MEM (Fatal)', mcg: 5n, bank: 7, status: 0xbf20_0000_8000_017an },
]

const HELP = `Usage: xen-mceinj [OPTION]...

Mandatory arguments to long options are mandatoryfor short options too.
  -D, --dump           dump addr info without error injection
  -c, --cpu=CPU        target CPU
  -d, --domain=DOMID   target domain, the default is Xen itself
  -h, --help           print this page
  -p, --page=ADDR      physical address to report
  -t, --type=ERROR     error type
${ERRORS.map(({ name }, n) => `${' '.repeat(23)}${String(n).padStart(2)} : ${name}\n`).join('')}`

interface Asked {
  readonly pcpu: number
  readonly domid: number
  readonly address: number
  readonly type: number
  readonly isDump: boolean
}

/** The script of a command line that begins with `xen-mceinj`. */
export function* mceinjScript(
  argv: readonly string[],
  world: ToolWorld,
  output: ToolOutput,
): Script {
  yield { kind: 'compute', ns: START_NS }
  const xc = new Libxc()
  yield* xc.open()
  const asked = readWords(argv.slice(1))
  const status = asked === undefined ? help(output) : yield* inject({ xc, world, output }, asked)
  yield* xc.close()
  return status
}

function help(output: ToolOutput): number {
  output.print(HELP)
  return 0
}

/** Undefined when the tool explains itself instead. */
function readWords(words: readonly string[]): Asked | undefined {
  const given = new Map<string, string>()
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, letter = '', joined = ''] = /^-([Dcdpt])(.*)$/.exec(word) ?? []
    if (letter === '') return undefined
    const value = letter === 'D' ? '' : joined === '' ? rest.shift() : joined
    if (value === undefined) return undefined
    given.set(letter, value)
  }
  const number = (letter: string, otherwise: number): number => {
    const text = given.get(letter)
    return text === undefined ? otherwise : Number(text)
  }
  return {
    pcpu: number('c', 0),
    domid: number('d', DOMID_XEN),
    address: number('p', DEFAULT_ADDRESS),
    type: number('t', 0),
    isDump: given.has('D'),
  }
}

/** What injecting works with. */
interface Injecting {
  readonly xc: Libxc
  readonly world: ToolWorld
  readonly output: ToolOutput
}

function* inject(tool: Injecting, asked: Asked): Steps<number> {
  const { output } = tool
  const wrong = mistakeIn(tool, asked)
  if (wrong !== undefined) {
    output.error(`${wrong}\n`)
    return 1
  }
  output.print(`get gaddr of error inject is: 0x${asked.address.toString(16)}\n`)
  if (asked.isDump) {
    const who = asked.domid === DOMID_XEN ? 'Xen' : `Dom${asked.domid}`
    output.print(`${who}: gaddr=0x${asked.address.toString(16)}\n`)
    return 0
  }
  const error = ERRORS[asked.type]
  if (error === undefined) {
    output.error('Unsupported error type: Success\n')
    return 1
  }
  return yield* injected(tool, asked, error)
}

function mistakeIn({ world, output }: Injecting, asked: Asked): string | undefined {
  const { pcpu, domid, address } = asked
  if (!isCount(pcpu)) return 'Please input a digit parameter for CPU: Success'
  if (!isCount(domid)) return 'Please input a digit parameter for domain: Success'
  if (!isCount(address)) return 'Please input correct page address: Success'
  if (domid === DOMID_XEN) return undefined
  const target = Number(world.store.read(`/local/domain/${domid}/memory/target`) ?? Number.NaN)
  const end = Number.isNaN(target) ? -1 : target * 1024
  const shown = end < 0 ? 'ffffffffffffffff' : end.toString(16)
  output.print(`get domain ${domid} max gpa is: 0x${shown}\n`)
  // The tool compares without a sign: an unknown size is the largest.
  const isBeyond = end >= 0 && address >= end
  return isBeyond ? `Fail: gaddr exceeds max_gpa 0x${shown}: Success` : undefined
}

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0

function* injected(tool: Injecting, asked: Asked, error: Injected): Steps<number> {
  const { xc, output } = tool
  for (const call of registerCalls(tool.world, asked, error)) {
    const { result } = yield* xc.mca('msrinject', halves(asked.pcpu, call.flags), call.more)
    if (result < 0) return failed(output, 'Failed to inject MSR', -result)
  }
  const raised = error.isInterrupt === true ? interrupt(xc, asked.pcpu) : exception(xc, asked.pcpu)
  const { result } = yield* raised
  return result < 0 ? failed(output, 'Failed to inject MCE error', -result) : 0
}

function failed(output: ToolOutput, what: string, errno: number): number {
  output.error(`${what}: ${errorText(errno)}\n`)
  return 1
}

interface RegisterCall {
  readonly flags: number
  readonly more: { readonly registers: readonly { msr: number; value: bigint }[] }
}

/** All registers in one call; the address of a guest's page in one of its own. */
function registerCalls(world: ToolWorld, asked: Asked, error: Injected): readonly RegisterCall[] {
  const { domid, address } = asked
  const at = BANKS + 4 * error.bank
  const first = [
    { msr: MCG_STATUS, value: error.mcg },
    { msr: at + 1, value: error.status },
    { msr: at + 3, value: MISC },
  ]
  if (domid === DOMID_XEN) {
    const registers = [...first, { msr: at + 2, value: BigInt(address) }]
    return [{ flags: INTERPOSE, more: { registers } }]
  }
  const frame = world.frameOf(domid, Math.floor(address / FRAME_BYTES))
  const value =
    frame === undefined ? BigInt(address) : BigInt(frame * FRAME_BYTES + (address % FRAME_BYTES))
  return [
    { flags: INTERPOSE, more: { registers: first } },
    { flags: INTERPOSE | GUEST_ADDRESS, more: { registers: [{ msr: at + 2, value }] } },
  ]
}

function exception(xc: Libxc, pcpu: number): Steps {
  return xc.mca('mceinject', pcpu)
}

function* interrupt(xc: Libxc, pcpu: number): Steps {
  const info = yield* xc.mca('physcpuinfo', 0)
  if (info.result < 0 || pcpu >= Number(info.out['ncpus'] ?? 0)) return { result: -22, out: {} }
  return yield* xc.mca('inject_v2', halves(BROADCAST_INTERRUPT, pcpu))
}
