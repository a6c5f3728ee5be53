// Help: what xl says of its commands, for those that a simulated dom0 has.
//
//   helpText('pause')  ->  'Usage: xl [-vtTf] pause <Domain>\n\nPause execution of a domain.\n\n'
//
// Source: tools/xl/xl_cmdtable.c, xl.c (help, cmdtable_lookup).

/** A command as the table has it. */
interface Described {
  readonly usage: string
  readonly does: string
  readonly options?: string
  /** It changes something (`f`), can be tried without effect (`N`). */
  readonly may: '' | 'f' | 'fN'
}

const COMMANDS: Readonly<Record<string, Described>> = {
  create: {
    may: 'fN',
    usage: '<ConfigFile> [options] [vars]',
    does: 'Create a domain from config file <filename>',
    options: [
      '-e                      Do not wait in the background for the death of the domain.',
      '-F                      Run in foreground until death of the domain.',
      '-f FILE, --defconfig=FILE',
      '                     Use the given configuration file.',
      '-h                      Print this help.',
      '-n, --dryrun            Dry run - prints the resulting configuration',
      '                         (deprecated in favour of global -N option).',
      '-p                      Leave the domain paused after it is created.',
      '-q, --quiet             Quiet.',
    ].join('\n'),
  },
  list: {
    may: '',
    usage: '[options] [Domain]\n',
    does: 'List information about all/some domains',
    options: [
      '-l, --long              Output all VM details',
      '-v, --verbose           Prints out UUIDs and security context',
      '-Z, --context           Prints out security context',
      '-c, --cpupool           Prints the cpupool the domain is in',
      '-n, --numa              Prints out NUMA node affinity',
    ].join('\n'),
  },
  destroy: {
    may: 'f',
    usage: '[options] <Domain>\n',
    does: 'Terminate a domain immediately',
    options: '-f                      Permit destroying domain 0.',
  },
  shutdown: {
    may: 'f',
    usage: '[options] <-a|Domain>',
    does: 'Issue a shutdown signal to a domain',
    options: [
      '-a, --all               Shutdown all guest domains.',
      '-h                      Print this help.',
      '-w, --wait              Wait for guest(s) to shutdown.\n',
    ].join('\n'),
  },
  reboot: {
    may: 'f',
    usage: '[options] <-a|Domain>',
    does: 'Issue a reboot signal to a domain',
    options: [
      '-a, --all               Shutdown all guest domains.',
      '-h                      Print this help.',
      '-w, --wait              Wait for guest(s) to reboot.\n',
    ].join('\n'),
  },
  pause: { may: 'f', usage: '<Domain>', does: 'Pause execution of a domain' },
  unpause: { may: 'f', usage: '<Domain>', does: 'Unpause a paused domain' },
  console: { may: '', usage: '[options] <Domain>', does: "Attach to domain's console" },
  save: {
    may: 'f',
    usage: '[options] <Domain> <CheckpointFile> [<ConfigFile>]',
    does: 'Save a domain state to restore later',
    options: [
      '-h  Print this help.',
      '-c  Leave domain running after creating the snapshot.',
      '-p  Leave domain paused after creating the snapshot.',
    ].join('\n'),
  },
  migrate: {
    may: 'f',
    usage: '[options] <Domain> <host>',
    does: 'Migrate a domain to another host',
    options: '-p              Do not unpause domain after migrating it.',
  },
  restore: {
    may: 'f',
    usage: '[options] [<ConfigFile>] <CheckpointFile>',
    does: 'Restore a domain from a saved state',
    options: [
      '-h                       Print this help.',
      '-p                       Do not unpause domain after restoring it.',
      '-e                       Do not wait in the background for the death of the domain.',
    ].join('\n'),
  },
  'mem-max': {
    may: 'f',
    usage: "<Domain> <MemMB['b'[bytes]|'k'[KB]|'m'[MB]|'g'[GB]|'t'[TB]]>",
    does: 'Set the maximum amount reservation for a domain',
  },
  'mem-set': {
    may: 'f',
    usage: "<Domain> <MemMB['b'[bytes]|'k'[KB]|'m'[MB]|'g'[GB]|'t'[TB]]>",
    does: 'Set the current memory usage for a domain',
  },
  'vcpu-list': {
    may: '',
    usage: '[Domain, ...]',
    does: 'List the VCPUs for all/some domains',
  },
  'vcpu-pin': {
    may: 'fN',
    usage: '[option] <Domain> <VCPU|all> <Hard affinity|-|all> <Soft affinity|-|all>',
    does: 'Set which CPUs a VCPU can use',
    options: '-f, --force        undo an override pinning done by the kernel',
  },
  'vcpu-set': {
    may: 'f',
    usage: '[option] <Domain> <vCPUs>',
    does: 'Set the number of active VCPUs allowed for the domain',
    options: "-i, --ignore-host  Don't limit the vCPU based on the host CPU count",
  },
  'vm-list': {
    may: '',
    usage: '',
    does: 'List guest domains, excluding dom0, stubdoms, etc.',
  },
  info: {
    may: '',
    usage: '',
    does: 'Get information about Xen host',
    options: '-n, --numa         List host NUMA topology information',
  },
  sharing: { may: '', usage: '[Domain]', does: 'Get information about page sharing' },
  'sched-credit': {
    may: 'f',
    usage: '[-d <Domain> [-w[=WEIGHT]|-c[=CAP]]] [-p CPUPOOL]',
    does: 'Get/set credit scheduler parameters',
    options: [
      '-d DOMAIN, --domain=DOMAIN        Domain to modify',
      '-w WEIGHT, --weight=WEIGHT        Weight (int)',
      '-c CAP, --cap=CAP                 Cap (int)',
    ].join('\n'),
  },
  'sched-credit2': {
    may: 'f',
    usage: '[-d <Domain> [-w[=WEIGHT]]] [-p CPUPOOL]',
    does: 'Get/set credit2 scheduler parameters',
    options: [
      '-d DOMAIN, --domain=DOMAIN     Domain to modify',
      '-w WEIGHT, --weight=WEIGHT     Weight (int)',
      '-c CAP,    --cap=CAP           Cap (int)',
    ].join('\n'),
  },
  domid: { may: '', usage: '<DomainName>', does: 'Convert a domain name to domain id' },
  domname: { may: '', usage: '<DomainId>', does: 'Convert a domain id to domain name' },
  rename: { may: 'f', usage: '<Domain> <NewDomainName>', does: 'Rename a domain' },
  'debug-keys': { may: 'f', usage: '<Keys>', does: 'Send debug keys to Xen' },
  dmesg: {
    may: '',
    usage: '[-c]',
    does: 'Read and/or clear dmesg buffer',
    options: '  -c                        Clear dmesg buffer as well as printing it',
  },
  'network-list': {
    may: '',
    usage: '<Domain(s)>',
    does: 'List virtual network interfaces for a domain',
  },
  'block-attach': {
    may: 'fN',
    usage: '<Domain> <disk-spec-component(s)>...',
    does: 'Create a new virtual block device',
  },
  'block-list': {
    may: '',
    usage: '<Domain(s)>',
    does: 'List virtual block devices for a domain',
  },
  'block-detach': {
    may: 'f',
    usage: '[option] <Domain> <DevId>',
    does: "Destroy a domain's virtual block device",
    options: '-f, --force        do not wait for the domain to release the device',
  },
  uptime: { may: '', usage: '[-s] [Domain]', does: 'Print uptime for all/some domains' },
  claims: {
    may: '',
    usage: '',
    does: 'List outstanding claim information about all domains',
  },
}

/** The command that a word means: its name, or the beginning of one name only. */
export function commandNamed(word: string): string | undefined {
  if (Object.hasOwn(COMMANDS, word)) return word
  const found = Object.keys(COMMANDS).filter((name) => name.startsWith(word))
  return found.length === 1 ? found[0] : undefined
}

/** What xl says of a command, or of all. */
export function helpText(word: string | undefined): string {
  if (word === undefined || word === 'help') return overview()
  const name = commandNamed(word)
  const command = name === undefined ? undefined : COMMANDS[name]
  if (command === undefined) return `command "${word}" not implemented\n`
  const { usage, does, options, may } = command
  const head = `Usage: xl [-vtT${may}] ${name} ${usage}\n\n${does}.\n\n`
  return options === undefined ? head : `${head}Options:\n\n${options}\n`
}

function overview(): string {
  const rows = Object.entries(COMMANDS).map(([name, { does }]) => ` ${name.padEnd(19)} ${does}\n`)
  return `Usage xl [-vfNtT] <subcommand> [args]\n\nxl full list of subcommands:\n\n${rows.join('')}`
}
