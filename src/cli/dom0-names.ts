// The commands of dom0 that are subcommands of xpv: their names alone, so that they are known
// before any of them is loaded.

/** Names, the toolstacks first. */
export const DOM0_COMMANDS: readonly string[] = [
  ...['xm', 'xl', 'sleep', 'psrinfo', 'psradm', 'rdmsr', 'wrmsr', 'lspci', 'fmtopo', 'dmesg'],
  ...['xen-hptool', 'xen-mceinj', 'xentrace', 'fmadm', 'fmdump', 'fmstat'],
]
