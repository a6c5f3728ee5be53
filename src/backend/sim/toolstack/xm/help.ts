// Help: what xm says of itself: its usage, a command's usage.
//
// Source: tools/python/xen/xm/main.py of 3.1: which commands there are, and what they take.

/** What a command takes, what it does, and its options as they are listed. */
interface Entry {
  readonly takes: string
  readonly does: string
  readonly options?: readonly (readonly [option: string, does: string])[]
}

const entry = (takes: string, does: string, options?: Entry['options']): Entry =>
  options === undefined ? { takes, does } : { takes, does, options }

/** Commands by name, in the order of the long help. */
const ENTRIES: Readonly<Record<string, Entry>> = {
  console: entry('[-q|--quiet] <Domain>', "Attach to <Domain>'s console.", [
    ['-q, --quiet', 'Do not print an error message if the domain does not exist'],
  ]),
  create: entry('<ConfigFile> [options] [vars]', 'Create a domain based on <ConfigFile>.'),
  destroy: entry('<Domain>', 'Terminate a domain immediately.'),
  domid: entry('<DomainName>', 'Convert a domain name to domain id.'),
  domname: entry('<DomId>', 'Convert a domain id to domain name.'),
  'dump-core': entry(
    '[-L|--live] [-C|--crash] <Domain> [Filename]',
    'Dump core for a specific domain.',
    [
      ['-L, --live', 'Dump core without pausing the domain'],
      ['-C, --crash', 'Crash domain after dumping core'],
    ],
  ),
  list: entry('[options] [Domain, ...]', 'List information about all/some domains.', [
    ['-l, --long', 'Output all VM details in SXP'],
    ['--label', 'Include security labels'],
    ['--state=<state>', 'Select only VMs with the specified state'],
  ]),
  'mem-max': entry('<Domain> <Mem>', 'Set the maximum amount reservation for a domain.'),
  'mem-set': entry('<Domain> <Mem>', 'Set the current memory usage for a domain.'),
  migrate: entry('<Domain> <Host>', 'Migrate a domain to another machine.'),
  pause: entry('<Domain>', 'Pause execution of a domain.'),
  reboot: entry('<Domain> [-wa]', 'Reboot a domain.'),
  rename: entry('<Domain> <NewDomainName>', 'Rename a domain.'),
  restore: entry('<CheckpointFile> [-p]', 'Restore a domain from a saved state.', [
    ['-p, --paused', 'Do not unpause domain after restoring it'],
  ]),
  save: entry('[-c] <Domain> <CheckpointFile>', 'Save a domain state to restore later.', [
    ['-c, --checkpoint', 'Leave domain running after creating snapshot'],
  ]),
  shutdown: entry('<Domain> [-waRH]', 'Shutdown a domain.'),
  sysrq: entry('<Domain> <letter>', 'Send a sysrq to a domain.'),
  trigger: entry('<Domain> <nmi|reset|init> [<VCPU>]', 'Send a trigger to a domain.'),
  top: entry('', 'Monitor a host and the domains in real time.'),
  unpause: entry('<Domain>', 'Unpause a paused domain.'),
  uptime: entry('[-s] <Domain>', 'Print uptime for a domain.'),
  'vcpu-list': entry('[<Domain>]', 'List the VCPUs for a domain or all domains.'),
  'vcpu-pin': entry('<Domain> <VCPU> <CPUs|all>', 'Set which CPUs a VCPU can use.'),
  'vcpu-set': entry(
    '<Domain> <vCPUs>',
    'Set the number of active VCPUs for allowed for the domain.',
  ),
  'debug-keys': entry('<Keys>', 'Send debug keys to Xen.'),
  dmesg: entry('[-c|--clear]', "Read and/or clear Xend's message buffer.", [
    ['-c, --clear', 'Clear dmesg buffer as well as printing it'],
  ]),
  info: entry('', 'Get information about Xen host.'),
  'sched-credit': entry(
    '[-d <Domain> [-w[=WEIGHT]|-c[=CAP]]]',
    'Get/set credit scheduler parameters.',
    [
      ['-d DOMAIN, --domain=DOMAIN', 'Domain to modify'],
      ['-w WEIGHT, --weight=WEIGHT', 'Weight (int)'],
      ['-c CAP, --cap=CAP', 'Cap (int)'],
    ],
  ),
  'block-attach': entry(
    '<Domain> <BackDev> <FrontDev> <Mode> [BackDomain]',
    'Create a new virtual block device.',
  ),
  'block-detach': entry(
    '<Domain> <DevId> [-f|--force]',
    "Destroy a domain's virtual block device.",
  ),
  'block-list': entry('<Domain> [--long]', 'List virtual block devices for a domain.'),
  'network-attach': entry(
    '<Domain> [type=<type>] [mac=<mac>] [bridge=<bridge>] [ip=<ip>] [script=<script>] ' +
      '[backend=<BackDomain>] [vifname=<name>] [rate=<rate>] [model=<model>]',
    'Create a new virtual network device.',
  ),
  'network-detach': entry(
    '<Domain> <DevId> [-f|--force]',
    "Destroy a domain's virtual network device.",
  ),
  'network-list': entry('<Domain> [--long]', 'List virtual network interfaces for a domain.'),
}

const COMMON = [
  ...['console', 'create', 'destroy', 'help', 'list', 'mem-set', 'migrate', 'pause', 'reboot'],
  ...['restore', 'save', 'shutdown', 'top', 'unpause', 'uptime', 'vcpu-set'],
]
const HEAD =
  'Usage: xm <subcommand> [args]\n\nControl, list, and manipulate Xen guest instances.\n\n'
const FOOT =
  '<Domain> can either be the Domain Name or Id.\n' +
  "For more help on 'xm' see the xm(1) man page.\n" +
  "For more help on 'xm create' see the xmdomain.cfg(5)  man page.\n\n"
const WIDTH = 50
const OPTION_WIDTH = 43

/** What xm prints when it is called without a command. */
export function shortHelp(): string {
  const more = "For a complete list of subcommands run 'xm help'.\n"
  return `${HEAD}Common 'xm' commands:\n\n${lines(COMMON)}\n${FOOT}${more}`
}

/** What `xm help` prints. */
export function longHelp(): string {
  return `${HEAD}xm full list of subcommands:\n\n${lines(Object.keys(ENTRIES))}\n${FOOT}`
}

/** The usage of one command. */
export function commandHelp(name: string): string {
  const known = ENTRIES[name]
  if (known === undefined) return shortHelp()
  const options = (known.options ?? []).map(([option, does]) => {
    const [first = '', ...rest] = wrapped(does, OPTION_WIDTH)
    const more = rest.map((text) => `${' '.repeat(33)}${text}\n`).join('')
    return `  ${option.padEnd(30)} ${first.padEnd(OPTION_WIDTH)}\n${more}`
  })
  const end = known.options === undefined ? '' : `${options.join('')}\n`
  return `Usage: xm ${name} ${known.takes}\n\n${known.does}\n${end}`
}

function lines(names: readonly string[]): string {
  return names
    .map((name) => {
      const does = name === 'help' ? 'Display this message.' : (ENTRIES[name]?.does ?? '')
      const [first = '', ...rest] = wrapped(does, WIDTH)
      const more = rest.map((text) => `${' '.repeat(22)}${text}\n`).join('')
      return ` ${name.padEnd(20)} ${first.padEnd(WIDTH)}\n${more}`
    })
    .join('')
}

function wrapped(text: string, width: number): readonly string[] {
  const found: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      found.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...found, line]
}
