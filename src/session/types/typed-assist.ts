// The typed assist: what types tell of a cell while it is written, over what is known without them.
//
//   member, argument, field name  ->  TypeScript     probe, register, command word  ->  the session
//
// Holds: where types do not answer in time, the untyped answer stands. Nothing runs for it.
import type { Assist, CallHint, Mistake, Suggested } from '../assist.js'
import type { Completion } from '../complete.js'
import { prepareCell } from '../prepare.js'
import type { Session } from '../session.js'
import { untypedAssist } from '../untyped-assist.js'
import { dropPromptSign, firstWord } from '../words.js'
import { type CellTypes, inPlace } from './cell-types.js'
import type { LspCompletion } from './lsp.js'
import { levelsOf, rankedMembers, suggested, typeIn } from './ranked.js'

/** What of a session the typed assist needs besides its completion. */
export interface AssistHost {
  /** The value of an expression that has no effect; undefined where it would have one. */
  peek(expression: string): unknown
}

/** An assist that also says what something is. */
export interface TypedAssist extends Assist {
  /** What the name at `offset` is: Markdown, '' for none; undefined when that is not known in
   *  time. */
  describeAt(text: string, offset: number): Promise<string | undefined>
}

/** How many choices say their type: more are not seen at once. */
const DESCRIBED = 40

/** The assist of a session whose cells have types. */
export function typedAssist(session: Session, types: CellTypes, host: AssistHost): TypedAssist {
  const untyped = untypedAssist(session)
  const typing = types.patience.typingMs
  const isCode = (text: string): boolean => {
    const word = firstWord(dropPromptSign(text))
    return !(session.commands.has(word) && !session.names().includes(word))
  }
  return {
    ...untyped,
    complete: async (text, offset) => {
      const known = await untyped.complete(text, offset)
      if (!isCode(text) || !types.answersNow) return known
      const started = performance.now()
      const place = placeIn(text, offset)
      if (place.kind === 'string' && isOurs(place.called) && known.length > 0) return known
      const found = await types.service.complete(inPlace(text), offset, typing)
      if (found === undefined) return known
      const left = Math.max(1, typing - (performance.now() - started))
      const described = async (choices: readonly LspCompletion[]) =>
        describe(choices, place, { types, known, leftMs: left })
      switch (place.kind) {
        case 'member': {
          const value = host.peek(place.receiver.replace(/\?$/, ''))
          const members = rankedMembers(startingWith(found, place), levelsOf(value))
          return merged(await described(members), ownOf(known, value))
        }
        case 'string': {
          const texts = startingWith(found, place)
          return texts.length === 0 ? known : described(texts)
        }
        case 'name': {
          const near = await described(startingWith(found, place).filter(isNear))
          const isFirst = text.slice(0, place.start).trim() === ''
          return isFirst ? merged(known, near) : merged(near, known)
        }
      }
    },
    callHint: async (text, offset) => {
      if (!isCode(text) || !types.answersNow) return untyped.callHint(text, offset)
      const found = await types.service.signature(inPlace(text), offset, typing)
      if (found === undefined) return undefined
      const { label, parameter, doc } = found
      const hint: CallHint = {
        label: label.replace(/\s+/g, ' '),
        ...(parameter === undefined || /\s{2}|\n/.test(label)
          ? {}
          : { argument: { start: parameter[0], end: parameter[1] } }),
        ...(doc === undefined ? {} : { meaning: doc.replace(/\s+/g, ' ') }),
      }
      return hint
    },
    check: async (text) => {
      const mistakes = await untyped.check(text)
      if (mistakes.length > 0 || !isCode(text) || text.trim() === '') return mistakes
      const prepared = await prepareCell(text, { isCommand: () => false, isBinding: () => true })
      if (prepared.kind !== 'code' || /\?\s*$/.test(text)) return []
      return (await types.mistakes(text)).map(
        ({ code, message, span }): Mistake => ({ code, message, ...(span ?? NOWHERE) }),
      )
    },
    describeAt: async (text, offset) =>
      isCode(text) ? types.service.hover(inPlace(text), offset, typing) : '',
  }
}

const NOWHERE = { start: 0, end: 0 }

/** Where completion stands: behind a dot, in a string, or in the open. */
export type CompletionPlace =
  | {
      readonly kind: 'member'
      readonly start: number
      readonly typed: string
      readonly receiver: string
    }
  | {
      readonly kind: 'string'
      readonly start: number
      readonly typed: string
      readonly called: string
    }
  | { readonly kind: 'name'; readonly start: number; readonly typed: string }

const STRING_OPEN = /(?:([\p{ID_Continue}$]*)(?:\(|`)?)?$/u

function placeIn(text: string, offset: number): CompletionPlace {
  const before = text.slice(0, offset)
  const quote = openQuote(before)
  if (quote !== undefined) {
    const called = STRING_OPEN.exec(before.slice(0, quote))?.[1] ?? ''
    return { kind: 'string', start: quote + 1, typed: before.slice(quote + 1), called }
  }
  const typed = /[\p{ID_Continue}$#]*$/u.exec(before)?.[0] ?? ''
  const start = offset - typed.length
  const receiver = /([\p{ID_Continue}$.[\]'"()?]+?)\??\.$/u.exec(before.slice(0, start))?.[1]
  if (!before.slice(0, start).trimEnd().endsWith('.')) return { kind: 'name', start, typed }
  return { kind: 'member', start, typed, receiver: receiver ?? '' }
}

/** The offset of the quote that is still open, if any. */
function openQuote(before: string): number | undefined {
  let open: number | undefined
  for (let i = 0; i < before.length; i++) {
    const c = before[i] ?? ''
    if (c === '\\') i += 1
    else if (open === undefined && `'"\``.includes(c)) open = i
    else if (open !== undefined && c === before[open]) open = undefined
  }
  return open
}

/** Functions whose strings the session itself completes: probes, part by part, and names that come
 *  and go. */
function isOurs(called: string): boolean {
  return /^(on|d|esc|probes|open|rdmsr|wrmsr|named|inject)$/.test(called)
}

function startingWith(
  choices: readonly LspCompletion[],
  { typed }: CompletionPlace,
): readonly LspCompletion[] {
  return choices.filter(({ label }) => label.startsWith(typed))
}

/** Names of the place itself, not those that all programs have, which the session knows. */
function isNear({ sortText, kind }: LspCompletion): boolean {
  return sortText < '15' && kind !== 14
}

/** What the session proposes of a value's own names: they may be made as it runs. */
function ownOf(known: readonly Suggested[], value: unknown): readonly Suggested[] {
  const levelOf = levelsOf(value)
  return known.filter(({ text, kind }) => kind === 'member' && levelOf(text) === 0)
}

function merged(first: readonly Suggested[], more: readonly Suggested[]): readonly Suggested[] {
  const texts = new Set(first.map(({ text }) => text))
  return [...first, ...more.filter(({ text }) => !texts.has(text))]
}

/** Choices with their types, those at the top, and with what the session says of them. */
async function describe(
  choices: readonly LspCompletion[],
  place: CompletionPlace,
  more: {
    readonly types: CellTypes
    readonly known: readonly Suggested[]
    readonly leftMs: number
  },
): Promise<readonly Suggested[]> {
  const said = await more.types.service.resolve(choices.slice(0, DESCRIBED), more.leftMs)
  const docs = new Map(more.known.map(({ text, doc }) => [text, doc]))
  return choices.map((choice, i) => {
    const { detail = '', doc = '' } = said[i] ?? {}
    const type = typeIn(detail)
    const meaning = docs.get(choice.label) ?? (doc === '' ? undefined : firstSentence(doc))
    return suggested(choice, place.start, {
      kind: KINDS[place.kind],
      ...(type === '' || place.kind === 'string' ? {} : { detail: type }),
      ...(meaning === undefined ? {} : { doc: meaning }),
    })
  })
}

const KINDS: Readonly<Record<CompletionPlace['kind'], Completion['kind']>> = {
  member: 'member',
  string: 'word',
  name: 'name',
}

function firstSentence(doc: string): string {
  return /^[\s\S]*?\.(?=\s|$)/.exec(doc)?.[0].replace(/\s+/g, ' ') ?? doc.replace(/\s+/g, ' ')
}
