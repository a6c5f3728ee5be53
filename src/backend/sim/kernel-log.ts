// KernelLog: what dom0's kernel says, as dmesg(1) shows it: a file of dom0, the oldest lines of
// which go first.
//
//   print('pcieport 0000:00:02.0: AER: ...')  ->  [  385.487037] pcieport 0000:00:02.0: AER: ...
import type { Files } from './files.js'
import type { Kernel } from './kernel.js'

/** Where it is. */
export const KERNEL_LOG = '/var/log/dmesg'
const SIZE = 262_144

/** The log of one dom0. */
export class KernelLog {
  readonly #kernel: Kernel
  readonly #files: Files

  constructor(kernel: Kernel, files: Files) {
    this.#kernel = kernel
    this.#files = files
  }

  /** Adds a line, with the time since boot. */
  print(line: string): void {
    const time = (this.#kernel.now / 1e9).toFixed(6).padStart(12)
    const text = `${this.#files.read(KERNEL_LOG) ?? ''}[${time}] ${line}\n`
    const from = text.length <= SIZE ? 0 : text.indexOf('\n', text.length - SIZE) + 1
    this.#files.write(KERNEL_LOG, text.slice(from))
  }
}
