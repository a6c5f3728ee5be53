// The command line: words in, an exit status out. Each subcommand is loaded only when it is asked
// for.
//
//   xpv                  the shell          xpv dtrace -n '...'        dtrace(8) over a machine
//   xpv run | check NB   notebooks          xpv info FILE              what a recording holds
//   xpv --resume [ID]    a session that died, its cells run again
//   xpv esc check FILE   Eversholt rules    xpv fmd FILE       telemetry, diagnosed
//   xpv config | doctor  settings; what this computer offers
//   xpv help | completion bash              all of it, from one table (subcommands.ts)
//   xpv xm | xl | psrinfo | rdmsr | lspci ...   commands of dom0
import { XpvError } from '../base/error.js'
import { type Config, loadConfig } from '../config/config.js'
import type { ConfigPlace } from '../config/layer.js'
import { type Context, makeContext } from './context.js'
import { DOM0_COMMANDS } from './dom0-names.js'
import { failureText, INTERRUPTED, statusOf } from './exit-status.js'
import { takeGlobalOptions } from './global-options.js'
import { Output } from './output.js'

/** Runs one command line; yields the exit status. Never throws, never prints a stack trace. */
export async function main(argv: readonly string[]): Promise<number> {
  const out = new Output()
  const json = argv.includes('--json')
  try {
    const { options, rest } = takeGlobalOptions(argv)
    const abort = new AbortController()
    const { flags, json } = options
    const place = { flags, environment: process.env, folder: currentFolder() }
    const config = settings(place, rest)
    const context = makeContext({ config, flags, json, out, signal: abort.signal })
    const status = await dispatch(rest, context, abort)
    await out.finish()
    return status
  } catch (error) {
    out.warn(failureText(error, json))
    return statusOf(error)
  }
}

/** The settings. Where they make no sense, what helps to mend them does without. */
function settings(place: ConfigPlace, words: readonly string[]): Config {
  try {
    return loadConfig(place)
  } catch (error) {
    const mends = ['config', 'doctor', 'completion'].includes(words[0] ?? '')
    if (!mends && pageAsked(words) === undefined) throw error
    const environment = { XDG_CONFIG_HOME: '/dev/null' }
    return loadConfig({ flags: place.flags, environment, folder: '/dev/null' })
  }
}

/** The folder we are in. It may have been removed meanwhile. */
function currentFolder(): string {
  try {
    return process.cwd()
  } catch {
    throw new XpvError('file.no-folder', 'the folder you are in is gone', 'cd')
  }
}

async function dispatch(
  words: readonly string[],
  context: Context,
  abort: AbortController,
): Promise<number> {
  const [first] = words
  if (first === undefined) return (await import('./shell.js')).shell(context)
  if (first === '--resume') {
    const { resume } = await import('./resume.js')
    return resume(words.slice(1), context)
  }
  if (isNotebook(first)) {
    refuseMore(words)
    return (await import('./shell.js')).shell(context, first)
  }
  const page = pageAsked(words)
  if (page !== undefined) return (await import('./help-command.js')).help(page, context)
  if (first === '-e' || first === '--eval' || first.startsWith('--eval=')) {
    return (await import('./evaluate.js')).evaluateText(codeOf(words), context)
  }
  if (first === 'dtrace') {
    stopAtSignals(abort)
    return (await import('./dtrace.js')).dtrace(words.slice(1), context)
  }
  if (OWN_COMMANDS.includes(first)) {
    return (await import('./own-commands.js')).ownCommand(words, context)
  }
  if (DOM0_COMMANDS.includes(first)) {
    stopAtSignals(abort)
    return (await import('./dom0.js')).dom0Command(words, context)
  }
  if (isScript(first)) {
    refuseMore(words)
    return (await import('./evaluate.js')).evaluateFile(first, context)
  }
  return (await import('./command-line.js')).runSubcommand(words, context)
}

/** Commands that are of no machine and can be typed at the prompt too. */
const OWN_COMMANDS: readonly string[] = ['config', 'doctor', 'esc']

/** Which page of help the words ask for, '' for that of xpv; undefined when they ask for none. What
 *  a command of dom0 does with --help behind other words is its own. */
function pageAsked([first = '', ...more]: readonly string[]): string | undefined {
  if (['-V', '--version'].includes(first)) return '--version'
  if (['-h', '--help', 'help'].includes(first)) return more.join(' ')
  if (first.startsWith('-') || isScript(first)) return undefined
  const isOther = DOM0_COMMANDS.includes(first)
  const words = isOther ? more.slice(0, 1) : more
  const asks = words.includes('--help') || (!isOther && first !== 'dtrace' && words.includes('-h'))
  return asks ? first : undefined
}

/** The code of `-e CODE`. Throws `XpvError` `cli.usage` when it is not one text. */
function codeOf([first = '', ...more]: readonly string[]): string {
  const glued = first.startsWith('--eval=') ? [first.slice('--eval='.length)] : []
  const [code, ...rest] = [...glued, ...more]
  if (code === undefined) {
    throw new XpvError('cli.usage', `${first}: argument missing`, "xpv -e '1 + 1'")
  }
  if (rest.length === 0) return code
  const message = `-e takes one text, and then came: ${rest.join(' ')}`
  throw new XpvError('cli.usage', message, 'quote the code')
}

/** The first SIGINT or SIGTERM asks for an end, the second one makes it. */
function stopAtSignals(abort: AbortController): void {
  const stop = (): void => {
    if (abort.signal.aborted) process.exit(INTERRUPTED)
    abort.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
}

/** A notebook or a script takes no words of its own. */
function refuseMore([first, ...more]: readonly string[]): void {
  if (more.length === 0) return
  throw new XpvError(
    'cli.usage',
    `${first} takes no further words: ${more.join(' ')}`,
    'xpv --help',
  )
}

function isScript(word: string): boolean {
  return word === '-' || /^[^-].*\.[cm]?[jt]s$/.test(word)
}

function isNotebook(word: string): boolean {
  return word.endsWith('.xpv.md')
}
