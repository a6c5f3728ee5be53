// xen-hptool: takes pcpus and pages of the host out of service and back in.
//
//   xen-hptool cpu-offline 3       ->  sysctl cpu_hotplug
//   xen-hptool mem-offline 50000   ->  sysctl page_offline_op; the frame is hexadecimal
//
// Held to a recording of Xen 4.20. Left out: smt-enable, smt-disable; a guest whose page is taken
// is not suspended to be given another one, since the guests here have no suspend port.
import { ERRNO } from '../../../machine/errno.js'
import { PAGE_COMMAND, PAGE_QUERIED, PAGE_STATUS, pageOwner } from '../hypercalls/page-offline.js'
import type { Script } from '../step.js'
import type { ToolOutput } from './tool-output.js'
import { errorText } from './xl/errors.js'
import { halves, Libxc, type Steps } from './xl/libxc.js'

/** Nanoseconds in user space: loading, and after the files are open. */
const START_NS = 1_200_000
const ONLINE = 0
const OFFLINE = 1
const RETRY_NS = 100_000_000
/** Bytes of the status word that comes back. */
const STATUS_BYTES = 4

const HELP = `xen-hptool: Xen CPU/memory hotplug tool
Usage: xen-hptool <command> [args]
Commands:
  help                     display this help
  cpu-online    <cpuid>    online CPU <cpuid>
  cpu-offline   <cpuid>    offline CPU <cpuid>
  mem-online    <mfn>      online MEMORY <mfn>
  mem-offline   <mfn>      offline MEMORY <mfn>
  mem-status    <mfn>      query Memory status<mfn>
`

/** What a command works with. */
interface Hotplug {
  readonly xc: Libxc
  readonly output: ToolOutput
}

/** One of the tool's commands; its own idea of success: 0, or -1. */
type Command = (tool: Hotplug, word: string) => Steps<number>

const COMMANDS: Readonly<Record<string, Command>> = {
  'cpu-online': (tool, word) => setPcpu(tool, word, ONLINE),
  'cpu-offline': (tool, word) => setPcpu(tool, word, OFFLINE),
  'mem-status': (tool, word) => queryPage(tool, frameOf(word)),
  'mem-online': (tool, word) => putPageBack(tool, frameOf(word)),
  'mem-offline': (tool, word) => takePage(tool, frameOf(word)),
}

/** The script of a command line that begins with `xen-hptool`. */
export function* hptoolScript(argv: readonly string[], output: ToolOutput): Script {
  yield { kind: 'compute', ns: START_NS }
  const [, name, ...words] = argv
  if (name === undefined) {
    output.error(HELP)
    return 0
  }
  const xc = new Libxc()
  yield* xc.open()
  const status = yield* commanded({ xc, output }, name, words)
  yield* xc.close()
  return status
}

/** A command may be shortened. */
function* commanded(tool: Hotplug, name: string, words: readonly string[]): Steps<number> {
  const full = ['help', ...Object.keys(COMMANDS)].find((known) => known.startsWith(name))
  if (full === undefined) {
    tool.output.error(`Unrecognised command '${name}' -- try 'xen-hptool help'\n`)
    return 1
  }
  const [word] = words
  const command = COMMANDS[full]
  if (command !== undefined && word !== undefined && words.length === 1) {
    return (yield* command(tool, word)) === 0 ? 0 : 1
  }
  tool.output.error(HELP)
  return command === undefined ? 0 : 1
}

// ---- Pcpus.

function* setPcpu(tool: Hotplug, word: string, operation: number): Steps<number> {
  const { xc, output } = tool
  const pcpu = Number.parseInt(word, 10) || 0
  const what = operation === ONLINE ? 'online' : 'offline'
  output.print(`Prepare to ${what} CPU ${pcpu}\n`)
  let { result } = yield* xc.sysctl('cpu_hotplug', halves(pcpu, operation))
  while (result === -ERRNO.EBUSY) {
    yield { kind: 'sleep', ns: RETRY_NS }
    result = (yield* xc.sysctl('cpu_hotplug', halves(pcpu, operation))).result
  }
  if (result < 0) {
    output.error(`CPU ${pcpu} ${what} failed (error ${-result}: ${errorText(-result)})\n`)
    return -1
  }
  output.print(`CPU ${pcpu} ${what}d successfully\n`)
  return 0
}

// ---- Pages.

/** Hexadecimal, with or without 0x. */
const frameOf = (word: string): number => Number.parseInt(word, 16) || 0

interface PageReply {
  readonly errno: number
  readonly status: number
}

function* pageCall({ xc }: Hotplug, command: number, mfn: number): Steps<PageReply> {
  const more = { command, start: mfn, end: mfn }
  const passing = { lists: [STATUS_BYTES], more }
  const { result, out } = yield* xc.sysctl('page_offline_op', halves(command, mfn), passing)
  return { errno: Math.max(0, -result), status: Number(out['status0'] ?? 0) }
}

function* putPageBack(tool: Hotplug, mfn: number): Steps<number> {
  const { output } = tool
  const page = mfn.toString(16)
  output.print(`Prepare to online MEMORY mfn ${page}\n`)
  const { errno, status } = yield* pageCall(tool, PAGE_COMMAND.online, mfn)
  if (errno > 0) output.error(`Onlining page mfn ${page} failed, error ${errno.toString(16)}`)
  else if ((status & PAGE_STATUS.offlined) !== 0) {
    output.print(`Memory mfn ${page} onlined successfully\n`)
  } else output.print('Memory is already onlined!\n')
  return errno > 0 ? -1 : 0
}

function* queryPage(tool: Hotplug, mfn: number): Steps<number> {
  const { output } = tool
  const page = mfn.toString(16)
  output.print(`Querying MEMORY mfn ${page} status\n`)
  const { errno, status } = yield* pageCall(tool, PAGE_COMMAND.query, mfn)
  if (errno > 0) {
    output.error(`Querying page mfn ${page} failed, error ${errno.toString(16)}`)
    return -1
  }
  const words = [
    (status & PAGE_QUERIED.pending) !== 0 ? ' PAGE_OFFLINE_PENDING ' : '',
    (status & PAGE_QUERIED.broken) !== 0 ? ' PAGE_BROKEND  ' : '',
    (status & PAGE_QUERIED.offlined) !== 0 ? ' PAGE_OFFLINED ' : ' PAGE_ONLINED ',
  ]
  output.print(`Memory Status ${status.toString(16)}: [${words.join('')}]\n`)
  return 0
}

function* takePage(tool: Hotplug, mfn: number): Steps<number> {
  const { output } = tool
  const page = mfn.toString(16)
  output.print(`Prepare to offline MEMORY mfn ${page}\n`)
  const { errno, status } = yield* pageCall(tool, PAGE_COMMAND.offline, mfn)
  if (errno > 0) {
    output.error(`Offlining page mfn ${page} failed, error ${errno.toString(16)}\n`)
    if ((status & (PAGE_STATUS.xenPage | PAGE_STATUS.failed)) !== 0) {
      output.error('XEN_PAGE is not permitted be offlined\n')
    }
    return -1
  }
  if ((status & PAGE_STATUS.pending) !== 0) return ownedPage(output, page, status)
  output.print(`Memory mfn ${page} offlined successfully, current state is [PG_OFFLINE_OFFLINED]\n`)
  if ((status & PAGE_STATUS.broken) !== 0) {
    output.print('And this offlined PAGE is already marked broken before!\n')
  }
  return 0
}

/** A guest has the page: it would have to be suspended, to be given another one. */
function ownedPage(output: ToolOutput, page: string, status: number): number {
  const domid = pageOwner(status)
  output.error(`DOM${domid}: No suspend port, try live migration\n`)
  output.error(`Failed to suspend guest ${domid} for mfn ${page}\n`)
  return -1
}
