// The ambient world of cells: what Node gives every program, in as many words as a prompt needs.
//
// Read by the type service where Node's own declarations are not asked for; those say far more, and
// take longer.

/** Declarations for the inside of `declare global`. */
export const AMBIENT = `
interface Console {
  /** Prints values, as part of the cell. */
  log(...values: unknown[]): void
  info(...values: unknown[]): void
  warn(...values: unknown[]): void
  error(...values: unknown[]): void
  debug(...values: unknown[]): void
  table(rows: unknown): void
  dir(value: unknown, options?: object): void
  time(label?: string): void
  timeEnd(label?: string): void
}
var console: Console
interface Timer { ref(): this; unref(): this; hasRef(): boolean; [Symbol.toPrimitive](): number }
function setTimeout(work: (_: void) => void, ms?: number): Timer
function setTimeout<A extends unknown[]>(work: (...args: A) => void, ms?: number, ...args: A): Timer
function setInterval<A extends unknown[]>(
  work: (...args: A) => void, ms?: number, ...args: A): Timer
function setImmediate<A extends unknown[]>(work: (...args: A) => void, ...args: A): Timer
function clearTimeout(timer?: Timer | number): void
function clearInterval(timer?: Timer | number): void
function clearImmediate(timer?: Timer): void
function queueMicrotask(work: () => void): void
function structuredClone<T>(value: T): T
function btoa(data: string): string
function atob(data: string): string
interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}
interface AbortController { readonly signal: AbortSignal; abort(reason?: unknown): void }
var AbortController: { new (): AbortController }
interface TextEncoder { encode(text?: string): Uint8Array }
var TextEncoder: { new (): TextEncoder }
interface TextDecoder { decode(bytes?: ArrayBufferView | ArrayBuffer): string }
var TextDecoder: { new (encoding?: string): TextDecoder }
interface URL {
  href: string; origin: string; protocol: string; host: string; hostname: string; port: string
  pathname: string; search: string; hash: string; readonly searchParams: URLSearchParams
  toString(): string
}
var URL: { new (url: string | URL, base?: string | URL): URL }
interface URLSearchParams extends Iterable<[string, string]> {
  get(name: string): string | null
  has(name: string): boolean
  set(name: string, value: string): void
}
var URLSearchParams: { new (from?: string): URLSearchParams }
interface ImportMeta {
  /** The address of the folder that cells stand in. */
  readonly url: string
  readonly dirname: string
  resolve(specifier: string): string
}
var performance: { now(): number; readonly timeOrigin: number }
interface Response {
  readonly ok: boolean; readonly status: number; readonly statusText: string
  json(): Promise<unknown>; text(): Promise<string>; arrayBuffer(): Promise<ArrayBuffer>
}
function fetch(url: string | URL, options?: object): Promise<Response>
var crypto: { randomUUID(): string; getRandomValues<T extends ArrayBufferView>(into: T): T }
interface Buffer extends Uint8Array {
  toString(encoding?: string, start?: number, end?: number): string
  readUInt8(at?: number): number; readUInt16LE(at?: number): number
  readUInt32LE(at?: number): number; readBigUInt64LE(at?: number): bigint
  readUInt16BE(at?: number): number; readUInt32BE(at?: number): number
  readBigUInt64BE(at?: number): bigint; equals(other: Uint8Array): boolean
}
var Buffer: {
  from(data: string | ArrayBuffer | ArrayLike<number>, encoding?: string): Buffer
  alloc(bytes: number, fill?: number | string): Buffer
  concat(parts: readonly Uint8Array[]): Buffer
  byteLength(text: string, encoding?: string): number
  isBuffer(value: unknown): value is Buffer
}
var process: {
  readonly pid: number; readonly platform: string; readonly arch: string; readonly version: string
  readonly argv: string[]; readonly env: Record<string, string | undefined>
  exit(code?: number): never; cwd(): string; chdir(folder: string): void; uptime(): number
  hrtime: { bigint(): bigint }
  memoryUsage(): { rss: number; heapTotal: number; heapUsed: number; external: number }

}
`
