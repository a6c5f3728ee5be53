// Shutdown: why a domain has shut down, as its kernel or the hypervisor says it.
//
// Source: xen/include/public/sched.h (SHUTDOWN_*).

/** Reasons by name. */
export const SHUTDOWN = { poweroff: 0, reboot: 1, suspend: 2, crash: 3 } as const

/** The name of a reason; undefined for one the tools have no name for. */
export function shutdownName(reason: number): keyof typeof SHUTDOWN | undefined {
  return NAMES.find((name) => SHUTDOWN[name] === reason)
}

const NAMES = ['poweroff', 'reboot', 'suspend', 'crash'] as const
