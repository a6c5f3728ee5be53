// TypeService: TypeScript's answers on the cells of a session, from its language server.
//
//   cell, offset  ->  complete, signature, hover, check  ->  an answer; undefined when it is not
//                                                            known in time
//
// Holds: nothing waits longer than its deadline and nothing rejects. A server that ends is started
// once more; when that ends too, or there is none, whoever owns the service is told so once, and
// every answer is undefined from then on. Cells are asked about in the order of the questions.
import { CellChain, type CellDocument, type ChainChange, HEAD_LINES } from './cell-chain.js'
import { type CellShape, shapeOf } from './declared.js'
import { Documents } from './documents.js'
import { LanguageServer } from './language-server.js'
import {
  completionsIn,
  diagnosticsIn,
  hoverIn,
  type LspCompletion,
  type LspDiagnostic,
  type LspPosition,
  type LspSignature,
  resolvedIn,
  signatureIn,
} from './lsp.js'
import { projectText } from './project.js'
import { typeServerPath } from './server-path.js'
import { importsOfNode, nodeTypes, type World } from './world.js'

/** What a service is made of. */
export interface TypeServiceOptions {
  /** Where imports of cells start. */
  readonly folder: string
  /** Declarations of the session's names: the text of a module; `world` are those of what every
   *  program has. */
  readonly declarations: (world: World) => string
  /** Modules that no file is: 'xpv' and where its types are. */
  readonly modules?: Readonly<Record<string, string>>
  /** Told once, when there are no types any more, with the reason. */
  readonly onLost: (reason: string) => void
  /** The program that serves; TypeScript's own when absent. */
  readonly server?: { readonly path: string; readonly args: readonly string[] }
}

/** A mistake of a cell, at its place in it. */
export interface TypeMistake {
  readonly code: number
  readonly message: string
  readonly start: number
  readonly end: number
}

/** The mistakes of a cell, and what is known of the names in it that they are about. */
export interface CheckedSource {
  readonly mistakes: readonly TypeMistake[]
  typeAt(offset: number): Promise<string | undefined>
}

/** A place as the protocol has it. */
interface LspPlace {
  readonly textDocument: { readonly uri: string }
  readonly position: LspPosition
}

const CELL = 'xpv-cell.mts'
const GLOBALS = 'xpv-globals.mts'
/** A server that has not begun by then never will. */
const START_MS = 10_000
/** Asked before anybody asks, so that what all cells need is read. */
const WARM = 'pcpus[0].msr; domains[0].vcpus[0]; machine.nowNs; fma.faulty(); [1].map((n) => n)'

/** The types of one session. Owns a process: close it. */
export class TypeService {
  readonly #options: TypeServiceOptions
  readonly #documents: Documents
  readonly #chain = new CellChain()
  #server: LanguageServer | undefined
  #ready: Promise<boolean> | undefined
  #world: World = { node: undefined }
  #warm = false
  #starts = 0
  #closed = false

  constructor(options: TypeServiceOptions) {
    this.#options = options
    this.#documents = new Documents(options.folder)
  }

  /** The server's process, while there is one. */
  get pid(): number | undefined {
    return this.#server?.isThere === true ? this.#server.pid : undefined
  }

  /** Whether it has read what all cells need: before that an answer takes long. */
  get isWarm(): boolean {
    return this.#warm && this.#server?.isThere === true
  }

  /** Starts the server, if that was not done; true once it answers. */
  start(): Promise<boolean> {
    this.#ready ??= this.#begin()
    return this.#ready
  }

  /** Choices for the place `offset` of a cell. */
  complete(
    source: string,
    offset: number,
    deadlineMs: number,
  ): Promise<readonly LspCompletion[] | undefined> {
    return this.#within(deadlineMs, async (left) => {
      await this.#show(source, /[\p{ID_Continue}$]*$/u.exec(source.slice(0, offset))?.[0])
      const params = { ...this.#at(source, offset), context: { triggerKind: 1 } }
      const answer = await this.#ask('textDocument/completion', params, left)
      return answer === undefined ? undefined : completionsIn(answer)
    })
  }

  /** What choices say of themselves: type and documentation, in their order. */
  resolve(
    choices: readonly LspCompletion[],
    deadlineMs: number,
  ): Promise<readonly { readonly detail: string; readonly doc: string }[]> {
    return Promise.all(
      choices.map(async ({ item }) =>
        resolvedIn(await this.#ask('completionItem/resolve', item, () => deadlineMs)),
      ),
    )
  }

  /** What the call takes whose arguments are written at `offset`. */
  signature(source: string, offset: number, deadlineMs: number): Promise<LspSignature | undefined> {
    return this.#within(deadlineMs, async (left) => {
      await this.#show(source)
      const place = this.#at(source, offset)
      return signatureIn(await this.#ask('textDocument/signatureHelp', place, left))
    })
  }

  /** What the name at `offset` is: Markdown, '' for no name. */
  hover(source: string, offset: number, deadlineMs: number): Promise<string | undefined> {
    return this.#within(deadlineMs, async (left) => {
      await this.#show(source)
      return this.#typeAt(source, offset, CELL, left)
    })
  }

  /** The errors of a cell; undefined when they are not known in time. */
  check(source: string, deadlineMs: number): Promise<readonly TypeMistake[] | undefined> {
    return this.#within(deadlineMs, async (left) => {
      await this.#show(source)
      return this.#mistakes(source, CELL, left)
    })
  }

  /** The errors of cells that follow each other, in a session of their own. All are asked about at
   *  once, so that the server works on them while others use this thread. Undefined when they are
   *  not known in time. */
  checkAll(
    sources: readonly string[],
    deadlineMs: number,
  ): Promise<readonly CheckedSource[] | undefined> {
    return this.#within(deadlineMs, async (left) => {
      this.#documents.put(GLOBALS, this.#options.declarations(this.#worldOf(sources)))
      const names = await this.#putAll(sources)
      const checks = sources.map((source, i) => this.#checked(source, placeName(i), left))
      const found = await Promise.all(checks)
      for (const name of names) this.#documents.drop(name)
      return found.flatMap((each) => each ?? []).length < sources.length
        ? undefined
        : found.flatMap((each) => each ?? [])
    })
  }

  /** Takes a cell that ran: later ones know what it declared. */
  async add(source: string): Promise<void> {
    this.#change(this.#chain.add(source, await shapeOf(source)))
  }

  /** Whether a cell has declared that name. */
  declares(name: string): boolean {
    return this.#chain.declares(name)
  }

  /** Takes away names that are declared no more. */
  forget(names: readonly string[]): void {
    this.#change(this.#chain.forget(names))
  }

  close(): void {
    this.#closed = true
    this.#server?.close()
  }

  async #begin(): Promise<boolean> {
    const path = this.#options.server?.path ?? typeServerPath()
    if (path === undefined)
      return this.#lost('typescript is not installed\n  try: npm install typescript')
    this.#starts += 1
    const { folder, server: given } = this.#options
    const args = given?.args ?? ['--lsp', '--stdio']
    const server = new LanguageServer({ path, args, folder, onEnd: () => this.#onEnd() })
    this.#server = server
    // It reads in order: whoever starts a prompt has more to do than to wait for its greeting.
    const greeting = server.request('initialize', initialization(folder), START_MS)
    server.notify('initialized', {})
    this.#documents.put('tsconfig.json', projectText(this.#options.modules))
    this.#documents.put(GLOBALS, this.#options.declarations(this.#world))
    this.#documents.put(CELL, `export {};\n${WARM}\n`)
    this.#documents.attach(server)
    const textDocument = { uri: this.#documents.uri(CELL) }
    const warmed = server.request('textDocument/diagnostic', { textDocument }, START_MS)
    this.#warm = (await greeting) !== undefined && (await warmed) !== undefined
    return this.#warm
  }

  #onEnd(): void {
    if (this.#closed) return
    this.#documents.attach(undefined)
    if (this.#starts < 2) this.#ready = this.#begin()
    else this.#lost('its server ended twice')
  }

  #lost(reason: string): false {
    this.#closed = true
    this.#options.onLost(reason)
    return false
  }

  /** Lets the server see a cell, and what is known of the session now. */
  async #show(source: string, begun?: string): Promise<CellShape> {
    const shape = await shapeOf(source)
    this.#documents.put(GLOBALS, this.#options.declarations(this.#worldOf([source])))
    this.#documents.put(CELL, this.#chain.document(source, shape, begun))
    return shape
  }

  /** Cells as documents that import from each other; yields the names of all. */
  async #putAll(sources: readonly string[]): Promise<readonly string[]> {
    const chain = new CellChain()
    const names: string[] = []
    const put = ({ name, text }: CellDocument): void => {
      names.push(name)
      this.#documents.put(name, text)
    }
    for (const [i, source] of sources.entries()) {
      const shape = await shapeOf(source)
      put({ name: placeName(i), text: chain.document(source, shape) })
      for (const added of chain.add(source, shape).added) put(added)
    }
    return names
  }

  async #checked(
    source: string,
    name: string,
    left: () => number,
  ): Promise<CheckedSource | undefined> {
    const mistakes = await this.#mistakes(source, name, left)
    if (mistakes === undefined) return undefined
    const types = new Map<number, string | undefined>()
    for (const { end } of mistakes)
      types.set(end - 1, await this.#typeAt(source, end - 1, name, left))
    return { mistakes, typeAt: async (offset) => types.get(offset) }
  }

  async #mistakes(
    source: string,
    name: string,
    left: () => number,
  ): Promise<readonly TypeMistake[] | undefined> {
    const textDocument = { uri: this.#documents.uri(name) }
    const answer = await this.#ask('textDocument/diagnostic', { textDocument }, left)
    if (answer === undefined) return undefined
    return diagnosticsIn(answer).flatMap((each) => mistakeOf(each, source))
  }

  async #typeAt(
    source: string,
    offset: number,
    name: string,
    left: () => number,
  ): Promise<string | undefined> {
    const answer = await this.#ask('textDocument/hover', this.#at(source, offset, name), left)
    return answer === undefined ? undefined : hoverIn(answer)
  }

  /** A world that has all that these cells import. */
  #worldOf(sources: readonly string[]): World {
    const needsNode = this.#world.node === undefined && sources.some(importsOfNode)
    if (needsNode) this.#world = { node: nodeTypes(this.#options.folder) }
    return this.#world
  }

  #at(source: string, offset: number, name = CELL): LspPlace {
    const before = source.slice(0, offset)
    const line = before.split('\n').length - 1 + HEAD_LINES
    const character = before.length - (before.lastIndexOf('\n') + 1)
    return { textDocument: { uri: this.#documents.uri(name) }, position: { line, character } }
  }

  async #ask(method: string, params: unknown, leftMs: () => number): Promise<unknown> {
    return this.#server?.request(method, params, leftMs())
  }

  #change({ added, dropped }: ChainChange): void {
    for (const { name, text } of added) this.#documents.put(name, text)
    for (const name of dropped) this.#documents.drop(name)
  }

  /** Does work that needs the server, as long as there is time for it. */
  async #within<T>(
    deadlineMs: number,
    work: (leftMs: () => number) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    if (this.#closed) return undefined
    const end = performance.now() + deadlineMs
    const left = (): number => Math.max(1, end - performance.now())
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), deadlineMs)
    })
    const done = this.start().then((isReady) => (isReady ? work(left) : undefined))
    return Promise.race([done.catch(() => undefined), late]).finally(() => clearTimeout(timer))
  }
}

/** The document of a cell, in its place among others. */
function placeName(i: number): string {
  return `xpv-at-${i}.mts`
}

function mistakeOf(found: LspDiagnostic, source: string): readonly TypeMistake[] {
  if (found.severity !== 1) return []
  const { range, code, message } = found
  const start = offsetAt(source, range.start)
  const end = Math.max(start + 1, offsetAt(source, range.end))
  return [{ code, message, start, end }]
}

/** The offset in a cell of a place in its document; a place in the head is the cell's start. */
function offsetAt(source: string, { line, character }: LspPosition): number {
  if (line < HEAD_LINES) return 0
  const lines = source.split('\n').slice(0, line - HEAD_LINES)
  const before = lines.reduce((sum, each) => sum + each.length + 1, 0)
  return Math.min(source.length, before + character)
}

/** What a server is told of its client. */
function initialization(folder: string): unknown {
  const plain = ['plaintext']
  const signatureInformation = {
    documentationFormat: plain,
    parameterInformation: { labelOffsetSupport: true },
  }
  return {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: null,
    locale: 'en',
    clientInfo: { name: 'xpv' },
    initializationOptions: { folder },
    capabilities: {
      general: { positionEncodings: ['utf-16'] },
      textDocument: {
        completion: { completionItem: { documentationFormat: plain } },
        hover: { contentFormat: ['markdown'] },
        signatureHelp: { signatureInformation },
        diagnostic: {},
      },
    },
  }
}
