// Look: the answer to `x?`: what a name, a member, a value or a word of the field is.
//
//   pcpus[1].idleNs?   ->  what the member says, its unit, its value, where that came from
//   IA32_MCG_CAP?      ->  no name of the session: what the tables of the machine say
//   f??                ->  also the cell that declared it, and its type as TypeScript has it
//
// Holds: a name of the session wins over one of the tables. What nobody knows is an error that
// says what is near.
import { inspect } from 'node:util'
import { DESCRIBE, type Described, isDescribed } from '../base/describe.js'
import { DISPLAY, type Displayable } from '../base/display.js'
import { page, type ShownAsPage } from '../base/page.js'
import type { MsrDefinition } from '../machine/msr/msr.js'
import { nsText, quantity } from '../machine/quantity.js'
import type { Asked } from './asked.js'
import { explain, explainedText } from './explain/explain.js'
import type { Explanation } from './explain/explanation.js'
import { registerPage } from './explain/register-page.js'

/** What a look needs of the session. */
export interface LookHost {
  /** The manual's page on a value that the session was given. */
  readonly manual: (value: unknown) => string | undefined
  /** The manual's page on a value that describes itself. */
  readonly help: (value: Described) => Displayable
  /** What TypeScript says of the name that ends a text, as Markdown. */
  readonly hover: (text: string) => Promise<string | undefined>
  /** What was typed so far, cell by cell. */
  readonly cells: () => readonly string[]
}

/** Reads what is asked about: of a path its value, and the value before its last dot. */
type Read = () => unknown

/** Answers a question. Throws `XpvError` `explain.*` for what nobody knows, and what reading the
 *  path throws. */
export async function look(
  asked: Asked,
  host: LookHost,
  [read, readOwner]: readonly (Read | undefined)[],
): Promise<ShownAsPage | Explanation> {
  const root = rootOf(asked.text)
  if (read === undefined || !(root in globalThis)) return explain(asked.text)
  const value = read()
  const owner = readOwner?.()
  const member = memberText(asked, owner, value)
  const manual = host.manual(value)
  const parts = [
    member,
    manual?.trimEnd() ??
      ownText(value, host) ??
      (member === undefined ? kindText(asked, value) : ''),
    ...(asked.isDeep ? await definition(asked, host) : []),
  ]
  const found = unitOf(asked.member ?? '') === undefined ? tableText(value) : undefined
  const made = page([...parts, ...(found?.[DISPLAY]().parts ?? [])], { asked: asked.text })
  return { [DISPLAY]: () => made }
}

const rootOf = (text: string): string =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(text)?.[0] ?? ''

/** What the value before the dot says of its member, with the unit, the value and its origin. */
function memberText(asked: Asked, owner: unknown, value: unknown): string | undefined {
  const { text, member = '' } = asked
  if (!isDescribed(owner)) return undefined
  const meaning = owner[DESCRIBE]().members[member]
  if (meaning === undefined) return undefined
  const unit = unitOf(member)
  const isPlain = typeof value !== 'object' && typeof value !== 'function'
  return [
    `${text}: ${meaning}`,
    unit === undefined ? '' : `  unit    ${unit.name}`,
    isPlain ? `  now     ${unit?.show(value) ?? inspect(value)}` : '',
    originText(owner, member),
  ]
    .filter((line) => line !== '')
    .join('\n')
}

interface NamedUnit {
  readonly name: string
  show(value: unknown): string
}

/** The unit that ends a name. */
function unitOf(member: string): NamedUnit | undefined {
  const numbers = (show: (value: number) => string) => (value: unknown) =>
    typeof value === 'number' ? `${value} (${show(value)})` : inspect(value)
  if (/Ns$/.test(member)) return { name: 'nanoseconds', show: numbers(nsText) }
  if (/[bB]ytes$/.test(member))
    return { name: 'bytes', show: numbers((value) => quantity(value, 'bytes')) }
  if (/Hz$/.test(member)) return { name: 'hertz', show: numbers((value) => quantity(value, 'hz')) }
  if (/Percent$/.test(member)) return { name: 'percent', show: inspect }
  if (/Mfn$/.test(member))
    return { name: 'machine frame number, of 4096 bytes', show: numbers((v) => quantity(v, 'mfn')) }
  return undefined
}

const ORIGINS: Readonly<Record<string, string>> = {
  hypercall: 'asked of the hypervisor by a hypercall',
  vcpu: 'read on a vcpu',
  sysfs: "read in dom0's sysfs",
  tool: 'printed by a tool',
  trace: 'read in a trace',
  metadata: 'told beside the recording',
  sim: 'the simulated machine itself',
}

/** Where the value of a member came from, or why there is none. */
function originText(owner: object, member: string): string {
  const facts: unknown = Reflect.get(owner, 'facts')
  if (typeof facts !== 'function') return ''
  const all: unknown = Reflect.apply(facts, owner, [])
  const fact: unknown =
    typeof all === 'object' && all !== null ? Reflect.get(all, member) : undefined
  if (typeof fact !== 'object' || fact === null) return ''
  const { from, reason } = fact as { readonly from?: unknown; readonly reason?: unknown }
  if (typeof from === 'string') return `  source  ${ORIGINS[from] ?? from}`
  return typeof reason === 'string' ? `  not known: ${reason}` : ''
}

/** The page of a value that describes itself. */
function ownText(value: unknown, host: LookHost): string | undefined {
  return isDescribed(value) ? host.help(value)[DISPLAY]()['text/plain'] : undefined
}

/** What sort of value it is: its signature, its class and size, itself when it is short. */
function kindText({ text }: Asked, value: unknown): string {
  if (typeof value === 'function') {
    const head = /^(?:async\s*)?(?:function\s*\*?\s*)?[^({]*\(([^)]*)\)/.exec(String(value))
    const isClass = /^class\b/.test(String(value))
    return isClass
      ? `${text}: a class`
      : `${text}(${(head?.[1] ?? '').replace(/\s+/g, '')}): a function`
  }
  if (Array.isArray(value)) return `${text}: an array of ${value.length}`
  if (typeof value === 'string') return `${text}: a string of ${value.length} characters`
  if (typeof value === 'object' && value !== null) {
    const name = Object.getPrototypeOf(value)?.constructor?.name ?? 'Object'
    const keys = Object.keys(value).slice(0, 20)
    return `${text}: ${name}${keys.length === 0 ? '' : ` with ${keys.join(', ')}`}`
  }
  const kind = value === undefined || value === null ? '' : `${typeof value} `
  return `${text}: ${kind}${inspect(value)}`
}

/** What the tables say of a number, or of a text that is written like a name of the field. */
function tableText(value: unknown): Explanation | undefined {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value)))
    return explain(value)
  const msr = registerName(value)
  if (msr !== undefined) return registerPage(msr)
  if (typeof value !== 'string' || value.length > 4096) return undefined
  return /[:.-]/.test(value) ? attempt(() => explainedText(value)) : undefined
}

/** The name of the register that a value is, or is a reading of. */
function registerName(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('definition' in value)) return undefined
  const { definition } = value as { readonly definition?: Partial<MsrDefinition> }
  return definition?.fields === undefined ? undefined : definition.name
}

/** Nothing where a text only looks like a name of the field. */
function attempt(work: () => Explanation | undefined): Explanation | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Where it is declared, and its type. */
async function definition(asked: Asked, host: LookHost): Promise<readonly string[]> {
  const cell = host.cells().findLast((source) => declares(source, asked.text))
  const hover = await host.hover(asked.text)
  return [
    ...(cell === undefined ? [] : [`declared in:\n${indented(cell)}`]),
    ...(hover === undefined || hover === '' ? [] : [`type:\n${indented(withoutFences(hover))}`]),
  ]
}

/** Whether a cell gives a name its value. */
function declares(source: string, name: string): boolean {
  const words = source.split(/[^\p{ID_Continue}$]+/u)
  const at = words.indexOf(name)
  return at > 0 && /^(const|let|var|function|class|enum|type|interface)$/.test(words[at - 1] ?? '')
}

const indented = (text: string): string => text.replace(/^/gm, '  ')

const withoutFences = (markdown: string): string =>
  markdown
    .split('\n')
    .filter((line) => !/^```/.test(line) && line !== '---')
    .join('\n')
    .trim()
