// Threads: whether this process may start them. Behind a notebook's fence it may not, and what
// needs one does without: the watchdog, and the hooks of Node's loader.
// Source: Node's documentation of process.permission.

/** Whether Node permits worker threads. */
export function mayStartThreads(): boolean {
  return permission()?.has('worker') ?? true
}

/** Absent where no permission model is on. */
function permission(): { has(scope: string): boolean } | undefined {
  return process.permission
}
