// What a kernel evaluates cells in: a session on a machine, which a cell may change for another.
import type { Session } from '../session/session.js'
import type { MachineWish } from './cell-text.js'

/** A session and what is around it. */
export interface KernelSession {
  readonly session: Session
  /** Goes on with another machine. Throws `XpvError` where there is none. */
  openMachine(wish: MachineWish): void
  close(): void
}

/** Where what cells print goes, and whom else a session tells. */
export interface KernelVoice {
  /** The session was stuck and had to be freed: what it worked at may never be done. */
  freed(): void
  write(text: string): void
  warn(text: string): void
}

/** Opens the session of a kernel, on the machine it was started for unless a cell wishes
 *  another. */
export type OpenKernelSession = (
  voice: KernelVoice,
  wish: MachineWish | undefined,
) => Promise<KernelSession>
