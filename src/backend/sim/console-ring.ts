// ConsoleRing: the hypervisor's own messages, as `xm dmesg` shows them.
//
//   print('(XEN) Brought up 4 CPUs\n')  ->  text()
//
// Holds: at most its size in characters; the oldest go first.
// Source: xen/drivers/char/console.c (16 KiB unless conring_size says otherwise).

const SIZE = 16384

/** One host's ring. */
export class ConsoleRing {
  #text = ''

  /** Adds a line, in the hypervisor's manner. */
  print(line: string): void {
    this.#text = `${this.#text}(XEN) ${line}\n`.slice(-SIZE)
  }

  text(): string {
    return this.#text
  }

  clear(): void {
    this.#text = ''
  }

  /** Takes over what another ring held. */
  restore(text: string): void {
    this.#text = text
  }
}
