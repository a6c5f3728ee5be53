// ToolOutput: what a tool printed, in two streams.

/** Collects what a tool says. */
export class ToolOutput {
  #stdout = ''
  #stderr = ''

  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  /** Adds text to standard output, newlines included. */
  print(text: string): void {
    this.#stdout += text
  }

  /** Adds text to standard error. */
  error(text: string): void {
    this.#stderr += text
  }
}
