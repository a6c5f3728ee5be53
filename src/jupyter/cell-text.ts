// What a cell of a Jupyter notebook is written in, as its first lines say.
//
//   %cd ../examples                    paths start there from now on
//   %machine sim:xen-4.20 --seed 7     a machine is opened; more lines may follow
//   %%d    %%esc    %%sh    %%ts       the rest is a D program, rules, command lines, TypeScript
//   %%esc site                         rules that the cells after it call site
//
// Holds: lines of what is left stand on the lines they stood on, so that places in mistakes are
// right.
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import type { CellLanguage } from '../session/journal.js'

/** A machine that a cell asks for. */
export interface MachineWish {
  readonly spec: string
  readonly hz?: string
  readonly seed?: string
}

/** A cell, taken apart. */
export interface CellText {
  readonly folder: string | undefined
  readonly machine: MachineWish | undefined
  /** Undefined: TypeScript or command lines, as its first word says. */
  readonly language: CellLanguage | undefined
  /** What its rules are called. */
  readonly name?: string
  /** What is evaluated. */
  readonly source: string
  /** Where a place of the cell is in `source`: so many characters nearer to its beginning. */
  readonly offset: number
}

const LANGUAGES: Readonly<Record<string, CellLanguage>> = {
  d: 'd',
  esc: 'esc',
  sh: 'command',
  ts: 'ts',
}

/** Takes a cell apart. Throws `XpvError` `jupyter.magic` for a first line that is none of these. */
export function cellText(code: string): CellText {
  const first = /^\s*(?:%(?:machine|cd)\b[^\n]*(?:\n|$)\s*)*/.exec(code)?.[0] ?? ''
  const folder = /^\s*%cd\b[ \t]*([^\n]*)$/m.exec(first)?.[1]?.trim()
  const machine = /^\s*%machine\b[ \t]*([^\n]*)$/m.exec(first)?.[1]
  if (folder === '') throw new XpvError('jupyter.magic', '%cd takes a folder', '%cd ..')
  const from = first.trim() === '' ? 0 : first.length
  const rest = code.slice(from)
  const magic = /^\s*%%(\S*)[ \t]*([^\n]*)(\n|$)/.exec(rest)
  const wish = machine === undefined ? undefined : machineWish(machine)
  if (magic === null) {
    refuseOther(rest)
    return { folder, machine: wish, language: undefined, ...behind(code, from) }
  }
  const [whole, name = '', more = ''] = magic
  const language = LANGUAGES[name]
  if (language === undefined) throw noLanguage(name)
  const called = nameOfRules(name, more.trim())
  return { folder, machine: wish, language, ...called, ...behind(code, from + whole.length) }
}

function nameOfRules(language: string, words: string): Pick<CellText, 'name'> {
  if (words === '') return {}
  if (language === 'esc' && /^[\w.-]+$/.test(words)) return { name: words }
  const takes = language === 'esc' ? 'a name' : 'no words'
  throw new XpvError('jupyter.magic', `%%${language} takes ${takes}: ${words}`, `%%${language}`)
}

/** What is left from an offset on, behind as many line ends as stand before it. */
function behind(code: string, from: number): Pick<CellText, 'source' | 'offset'> {
  const ends = code.slice(0, from).replace(/[^\n]/g, '')
  return { source: `${ends}${code.slice(from)}`, offset: from - ends.length }
}

function machineWish(text: string): MachineWish {
  const option = (name: string): string | undefined =>
    new RegExp(`\\s--${name}[= ](\\S+)`).exec(` ${text}`)?.[1]
  const spec = ` ${text}`.replace(/\s--(hz|seed)[= ]\S+/g, '').trim()
  const [hz, seed] = [option('hz'), option('seed')]
  if (spec === '' || /\s--/.test(` ${spec}`))
    throw new XpvError(
      'jupyter.magic',
      `%machine takes a machine, --hz and --seed: ${text.trim() || 'nothing came'}`,
      '%machine sim:xen-4.20',
    )
  return { spec, ...(hz === undefined ? {} : { hz }), ...(seed === undefined ? {} : { seed }) }
}

function noLanguage(name: string): XpvError {
  const near = nearest(name, Object.keys(LANGUAGES)) ?? 'd'
  return new XpvError('jupyter.magic', `there are no cells of %%${name}`, `%%${near}`)
}

/** `%time x` and the like mean nothing here. */
function refuseOther(rest: string): void {
  const word = /^\s*%(\w+)/.exec(rest)?.[1]
  if (word === undefined) return
  throw new XpvError('jupyter.magic', `%${word} is not known here`, '%machine sim, %cd .. or %%d')
}
