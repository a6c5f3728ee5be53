// `xpv completion SHELL`: what a shell reads to complete words of xpv, made of the table.
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import { bashCompletion } from './completion-bash.js'
import { fishCompletion } from './completion-fish.js'
import { zshCompletion } from './completion-zsh.js'
import type { Context } from './context.js'
import { DONE } from './exit-status.js'
import { allSubcommands } from './subcommand-rows.js'

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const

/** Prints it; yields the exit status. Throws `XpvError` `cli.usage` for a shell that is none. */
export async function completion(shell: string, context: Context): Promise<number> {
  const names = Object.keys(SHELLS)
  const [, print] = Object.entries(SHELLS).find(([name]) => name === shell) ?? []
  if (print === undefined) {
    const hint = `xpv completion ${nearest(shell, names) ?? 'bash'}`
    throw new XpvError('cli.usage', `no completion for ${shell}`, hint)
  }
  context.out.write(print(allSubcommands()))
  return DONE
}
