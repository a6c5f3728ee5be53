// Shutdown: why a domain has shut down, as its kernel or the hypervisor says it.
//
// Source: xen/include/public/sched.h (SHUTDOWN_*).

/** Reasons by name, in words. */
export const SHUTDOWN = {
  poweroff: 0,
  reboot: 1,
  suspend: 2,
  crash: 3,
  watchdog: 4,
  'soft reset': 5,
} as const

/** The last reason that there is. */
export const LAST_SHUTDOWN = SHUTDOWN['soft reset']

/** The name of a reason; undefined for a number that is none. */
export function shutdownName(reason: number): string | undefined {
  return Object.entries(SHUTDOWN).find(([, each]) => each === reason)?.[0]
}
