// `xpv --help`, `xpv CMD --help`, `xpv help PAGE`, `xpv --version`.
import { XpvError } from '../base/error.js'
import type { Context } from './context.js'
import { DOM0_COMMANDS } from './dom0-names.js'
import { DONE } from './exit-status.js'
import { namedPage, PAGES, topPage } from './help-page.js'
import { SUBCOMMANDS } from './subcommands.js'
import { version } from './version.js'

/** Prints a page; '' is that of xpv. Yields the exit status. Throws `XpvError` `cli.usage` for a
 *  word there is no page on. */
export async function help(page: string, context: Context): Promise<number> {
  context.out.write(await textOf(page))
  return DONE
}

async function textOf(page: string): Promise<string> {
  if (page === '--version') return `${version()}\n`
  if (page === '' || page === '--help') return topPage()
  if (page.includes(' ')) throw new XpvError('cli.usage', 'help takes one word', 'xpv help check')
  const isOurs = page !== 'dtrace' && SUBCOMMANDS.some(({ name }) => name === page)
  if (isOurs || Object.hasOwn(PAGES, page)) return namedPage(page, SUBCOMMANDS)
  if (page !== 'dtrace' && !DOM0_COMMANDS.includes(page)) {
    const names = DOM0_COMMANDS.map((name) => ({ ...BLANK, name }))
    return namedPage(page, [...SUBCOMMANDS, ...names])
  }
  const { allSubcommands } = await import('./subcommand-rows.js')
  return namedPage(page, allSubcommands())
}

/** A row of which only the name counts, to suggest. */
const BLANK = { summary: '', usage: [], operands: [], options: [], notes: [], examples: [] }
