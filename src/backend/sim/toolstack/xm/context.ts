// XmContext: what one run of xm works with: its words, the machine it looks at, where it prints.
import type { ToolWorld } from '../../tool-world.js'
import type { ToolOutput } from '../tool-output.js'
import { fault, XmRefusal } from './refusal.js'
import type { Steps } from './xend.js'

/** One run of a command. */
export interface XmContext {
  /** Its name as the table of commands has it. */
  readonly command: string
  readonly args: readonly string[]
  readonly world: ToolWorld
  readonly output: ToolOutput
}

/** A command: its steps. */
export type XmCommand = (context: XmContext) => Steps<void>

/** Words split into options and the rest; an option that takes a value has it. */
interface ParsedOptions {
  readonly options: ReadonlyMap<string, string>
  readonly rest: readonly string[]
}

/** Which words a command takes: one letter or a long name; those in `valued` take a value. */
interface OptionNames {
  /** From each spelling to the name it means. */
  readonly flags?: Readonly<Record<string, string>>
  readonly valued?: Readonly<Record<string, string>>
}

/** Says how many words a command takes when it was given another number. */
export function checkCount(context: XmContext, least: number, most = least): void {
  const { length } = context.args.filter((word) => word !== '--')
  if (length >= least && length <= most) return
  const many = least === most ? `${least} argument${least === 1 ? '' : 's'}` : undefined
  const range = `between ${least} and ${most} arguments`
  throw fault(`'xm ${context.command}' requires ${many ?? range}.\n`)
}

/** Splits words as getopt does, options and others in any order. */
export function parseOptions(words: readonly string[], names: OptionNames): ParsedOptions {
  const options = new Map<string, string>()
  const rest: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (!/^-./.test(word) || /^-\d/.test(word)) rest.push(word)
    else {
      const { spelled, given } = split(word)
      const flag = names.flags?.[spelled]
      const valued = names.valued?.[spelled]
      if (flag === undefined && valued === undefined) throw unknownOption(spelled)
      const next = given ?? words[i + 1]
      if (valued !== undefined && next === undefined) {
        throw fault(`option ${spelled} requires argument`)
      }
      if (valued !== undefined && given === undefined) i++
      options.set(flag ?? valued ?? '', valued === undefined ? '' : (next ?? ''))
    }
  }
  return { options, rest }
}

/** What xm prints before it ends with status 1, without the usage. */
export function plain(text: string): XmRefusal {
  return new XmRefusal(text)
}

function split(word: string): { readonly spelled: string; readonly given?: string } {
  const long = /^(--[^=]+)=(.*)$/s.exec(word)
  if (long !== null) return { spelled: long[1] ?? '', given: long[2] ?? '' }
  if (word.startsWith('--') || word.length === 2) return { spelled: word }
  return { spelled: word.slice(0, 2), given: word.slice(2).replace(/^=/, '') }
}

function unknownOption(spelled: string): XmRefusal {
  return fault(`option ${spelled} not recognized`)
}
