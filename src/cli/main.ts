// The command line: words in, an exit status out. Each subcommand is loaded only when it is asked
// for.
//
//   xpv                  the shell          xpv dtrace -n '...'        dtrace(8) over a machine
//   xpv run | check NB   notebooks          xpv info FILE              what a recording holds
//   xpv --resume [ID]    a session that died, its cells run again
//   xpv esc check FILE   Eversholt rules    xpv fmd FILE       telemetry, diagnosed
//   xpv xm | xl | psrinfo | rdmsr | lspci ...   commands of dom0
import { XpvError } from '../base/error.js'
import { loadConfig } from '../config/config.js'
import { type Context, makeContext } from './context.js'
import { DOM0_COMMANDS } from './dom0-names.js'
import { DONE, failureText, INTERRUPTED, statusOf } from './exit-status.js'
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
    const config = loadConfig({ flags, environment: process.env, folder: currentFolder() })
    const context = makeContext({ config, json, out, signal: abort.signal })
    const status = await dispatch(rest, context, abort)
    await out.finish()
    return status
  } catch (error) {
    out.warn(failureText(error, json))
    return statusOf(error)
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
  if (first === 'dtrace') {
    stopAtSignals(abort)
    return (await import('./dtrace.js')).dtrace(words.slice(1), context)
  }
  if (first === 'esc' && !words.includes('--help')) {
    const { escCommand } = await import('./esc-command.js')
    const { terminalIo } = await import('./terminal-io.js')
    return escCommand(currentFolder, context.json).run(words.slice(1), terminalIo(context))
  }
  if (DOM0_COMMANDS.includes(first)) {
    stopAtSignals(abort)
    return (await import('./dom0.js')).dom0Command(words, context)
  }
  if (isScript(first)) {
    refuseMore(words)
    return (await import('./evaluate.js')).evaluateFile(first, context)
  }
  return subcommand(words, context)
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

async function subcommand(words: readonly string[], context: Context): Promise<number> {
  const { commandLine } = await import('./command-line.js')
  let status = DONE
  const program = commandLine(context, (result) => {
    status = result
  })
  try {
    await program.parseAsync([...words], { from: 'user' })
  } catch (error) {
    if (!isCommanderError(error)) throw error
    if (error.exitCode === 0) return DONE
    const isHelp = error.message === '(outputHelp)'
    const message = isHelp ? `there is no command ${words[1] ?? ''}` : error.message
    throw new XpvError('cli.usage', message.replace(/^error: /, ''), 'xpv --help')
  }
  return status
}

function isScript(word: string): boolean {
  return word === '-' || /^[^-].*\.[cm]?[jt]s$/.test(word)
}

function isNotebook(word: string): boolean {
  return word.endsWith('.xpv.md')
}

function isCommanderError(error: unknown): error is { exitCode: number; message: string } {
  return error instanceof Error && 'exitCode' in error && 'code' in error
}
