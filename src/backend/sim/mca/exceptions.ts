// Exceptions: how the hardware raises a machine-check exception: on which pcpus, with which
// IA32_MCG_STATUS, and what happens when another one comes before they have left it.
//
//   fatal error, bank 8 of pcpu 2, a processor that tells all  ->  MCIP on every pcpu  ->  handler
//
// Holds: an exception of the hardware on a pcpu that handles one already shuts the host down; one
// that software asks for does not.
// Source: Intel SDM volume 3, 15.3.1.2, 15.3.1.5, 15.10.4.1.
import { MCI_STATUS, mciSeverity } from '../../../machine/mci-status.js'
import { MCA_EXCEPTION, MCA_NO_BANK } from '../../../machine/observation.js'
import type { Banks } from './banks.js'
import type { SayMca } from './handler.js'

const RIPV = 1n
const EIPV = 2n
const MCIP = 4n
const LMCE_S = 8n
const MCG_EXT_CTL = 0x4d0

/** What exceptions are raised with. */
export interface ExceptionsParts {
  readonly banks: Banks
  readonly online: () => readonly number[]
  readonly say: SayMca
  /** The software handles it, on these pcpus. */
  readonly handle: (pcpus: readonly number[]) => void
  readonly shutdown: (reason: string) => void
}

/** The exceptions of one host. */
export class Exceptions {
  readonly #parts: ExceptionsParts
  /** Pcpus in one. */
  #handling: readonly number[] = []

  constructor(parts: ExceptionsParts) {
    this.#parts = parts
  }

  /** Raises one for a bank of a pcpu; for none where software asks for it. False when the host shut
   *  down instead. */
  raise(pcpu: number, bank: number): boolean {
    const { banks, online, say, handle, shutdown } = this.#parts
    const isAsked = bank === MCA_NO_BANK
    const isLocal = !isAsked && this.#isLocal(pcpu, bank)
    const told = banks.processor.broadcast && !isLocal ? online() : [pcpu]
    if (!isAsked && told.some((p) => (banks.mcgStatus(p) & MCIP) !== 0n)) {
      shutdown('shutdown: a machine check came while another one was handled')
      return false
    }
    for (const p of told) {
      const status = p === pcpu ? this.#statusOf(pcpu, bank) : MCIP | RIPV
      // Software that asks for one has said what the register is to hold.
      const asked = isAsked ? banks.mcgStatus(p) : 0n
      banks.setMcgStatus(p, asked === 0n ? status | (isLocal ? LMCE_S : 0n) : asked)
      say(MCA_EXCEPTION, p, p === pcpu && !isAsked ? bank : undefined)
    }
    this.#handling = told
    handle(told)
    return true
  }

  /** All have left it. */
  leave(): void {
    for (const pcpu of this.#handling) this.#parts.banks.setMcgStatus(pcpu, 0n)
    this.#handling = []
  }

  save(): readonly number[] {
    return this.#handling
  }

  restore(handling: readonly number[]): void {
    this.#handling = handling
  }

  /** What was interrupted can go on, save where the error was used or the state is corrupt. */
  #statusOf(pcpu: number, bank: number): bigint {
    const { banks } = this.#parts
    const status = bank === MCA_NO_BANK ? 0n : (banks.at(pcpu, bank)?.status ?? 0n)
    if ((status & MCI_STATUS.PCC) !== 0n) return MCIP
    const isUsed = mciSeverity(status, banks.cap.ser) === 'srar'
    return isUsed ? MCIP | EIPV : MCIP | RIPV
  }

  /** Told to one logical processor alone: where that is switched on, of errors it must act on. */
  #isLocal(pcpu: number, bank: number): boolean {
    const { banks } = this.#parts
    const status = banks.at(pcpu, bank)?.status ?? 0n
    const isOn = (banks.read(pcpu, MCG_EXT_CTL) ?? 0n) === 1n
    return isOn && mciSeverity(status, banks.cap.ser) === 'srar'
  }
}
