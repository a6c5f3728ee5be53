// ReplayProgress: how far a recording is read, while it is opened and by each pass over it.
//
// Holds: each file counts as far as the furthest read went, for a pass merges the windows of pcpus
// that lie side by side.
import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ReplayOptions } from '../backend/replay/open.js'
import { type Progress, progress, type Task } from './progress.js'

/** Tells of one recording. */
export class ReplayProgress {
  readonly #name: string
  readonly #progress: Progress
  readonly #furthest = new Map<string, number>()
  #sum = 0
  #task: Task | undefined

  constructor(path: string, at: Progress = progress) {
    this.#name = basename(path)
    this.#progress = at
    this.#begin(`opening ${this.#name}`, sizeOf(path))
  }

  /** What a recording is opened with. */
  get hooks(): Pick<ReplayOptions, 'onRead' | 'onPass'> {
    return {
      onRead: (path, until) => this.#read(path, until),
      onPass: (total) => this.#begin(`replay ${this.#name}`, total),
    }
  }

  /** It is open now. */
  opened(): void {
    this.#task?.end()
    this.#task = undefined
  }

  #begin(title: string, total: number): void {
    this.#task?.end()
    this.#furthest.clear()
    this.#sum = 0
    this.#task = this.#progress.begin({ title, unit: 'bytes', total })
  }

  #read(path: string, until: number): void {
    const before = this.#furthest.get(path) ?? 0
    if (until > before) {
      this.#furthest.set(path, until)
      this.#sum += until - before
    }
    this.#task?.at(this.#sum)
  }
}

/** Of a file, or of those in a folder. 0 where they cannot be read: opening says why. */
function sizeOf(path: string): number {
  try {
    const files = statSync(path).isDirectory() ? readdirSync(path) : ['']
    return files.reduce((sum, name) => sum + statSync(join(path, name)).size, 0)
  } catch {
    return 0
  }
}
