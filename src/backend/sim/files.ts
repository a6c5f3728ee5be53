// Files of dom0: paths to texts. Configurations of guests, what `xm save` wrote.

/** One host's files. */
export class Files {
  readonly #texts = new Map<string, string>()

  /** What a file holds; undefined when there is none. */
  read(path: string): string | undefined {
    return this.#texts.get(path)
  }

  write(path: string, text: string): void {
    this.#texts.set(path, text)
  }

  /** Names of the files of a folder, sorted. */
  under(folder: string): readonly string[] {
    const names = [...this.#texts.keys()].filter((path) => path.startsWith(folder))
    return names.map((path) => path.slice(folder.length)).sort()
  }

  /** False when there was none. */
  remove(path: string): boolean {
    return this.#texts.delete(path)
  }

  /** All, as pairs of path and text. */
  save(): readonly (readonly [path: string, text: string])[] {
    return [...this.#texts]
  }

  restore(files: readonly (readonly [path: string, text: string])[]): void {
    this.#texts.clear()
    for (const [path, text] of files) this.#texts.set(path, text)
  }
}
