// Documents: what a language server is told of texts, and told again when it is started anew.
//
//   put('xpv-cell.mts', text)  ->  didOpen, then didChange      drop(name)  ->  didClose
//
// Holds: none of these texts is a file; the server takes them over what is on disk.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { LanguageServer } from './language-server.js'

/** The texts of one folder. */
export class Documents {
  readonly #folder: string
  readonly #texts = new Map<string, string>()
  #server: LanguageServer | undefined
  #version = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The address of a text. */
  uri(name: string): string {
    return pathToFileURL(join(this.#folder, name)).href
  }

  /** Tells a server all of them, and from now on what changes. */
  attach(server: LanguageServer | undefined): void {
    this.#server = server
    for (const [name, text] of this.#texts) this.#open(name, text)
  }

  /** What a text is from now on. */
  put(name: string, text: string): void {
    const before = this.#texts.get(name)
    if (before === text) return
    this.#texts.set(name, text)
    if (before === undefined) this.#open(name, text)
    else {
      const version = ++this.#version
      this.#server?.notify('textDocument/didChange', {
        textDocument: { uri: this.uri(name), version },
        contentChanges: [{ text }],
      })
    }
  }

  drop(name: string): void {
    if (!this.#texts.delete(name)) return
    this.#server?.notify('textDocument/didClose', { textDocument: { uri: this.uri(name) } })
  }

  #open(name: string, text: string): void {
    const languageId = name.endsWith('.json') ? 'json' : 'typescript'
    this.#server?.notify('textDocument/didOpen', {
      textDocument: { uri: this.uri(name), languageId, version: ++this.#version, text },
    })
  }
}
