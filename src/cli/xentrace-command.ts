// The command `xentrace` and the prompt's `machine.writeXentrace`: a run as a file for xenalyze.
//
//   xentrace run.xt             what is kept of the machine's past
//   xentrace -D -T 5 run.xt     the next five seconds, which pass meanwhile
//
// Source: xentrace(8): its options and what they mean.
import { resolve } from 'node:path'
import { DISPLAY, type Displayable } from '../base/display.js'
import { parseDuration } from '../base/duration.js'
import { XpvError } from '../base/error.js'
import type { Machine } from '../machine/machine.js'
import type { Command } from '../session/command.js'
import { writeXentrace, type XentraceSpan, type XentraceWritten } from './write-xentrace.js'

/** Classes of records by the names that -e knows. Source: tools/xentrace/xentrace.c. */
const MASKS: Readonly<Record<string, number>> = {
  gen: 0x1f000,
  sched: 0x2f000,
  dom0op: 0x4f000,
  hvm: 0x8f000,
  mem: 0x10f000,
  pv: 0x20f000,
  all: 0xffff000,
}
/** Options with a word after them that change nothing here: no ring ever overflows. */
const OF_RINGS = /^-[sStcrxM]$/

/** Makes the command. Paths are meant from `directory`. */
export function xentraceCommand(machine: () => Machine, directory: () => string): Command {
  return {
    name: 'xentrace',
    summary: "write the hypervisor's records to a file: the past, or the next -T s",
    usage: '[-D] [-T SECONDS] [-e gen|sched|dom0op|hvm|mem|pv|all|MASK] FILE',
    examples: ['xentrace run.xt', 'xentrace -D -T 5 run.xt', 'xentrace -e sched run.xt'],
    run: async (argv, io) => {
      const { file, span } = parse(argv)
      const written = writeXentrace(machine(), resolve(directory(), file), span)
      io.write(`${told({ ...written, path: file })}\n`)
      return 0
    },
  }
}

/** How `machine.writeXentrace` is told what to write. */
export interface WriteXentraceOptions {
  /** The next so many nanoseconds, or a text such as '5s', instead of the past. */
  readonly for?: number | string
}

/** What the prompt's `machine.writeXentrace(path, { for })` does; its value tells what was
 *  written. */
export function writeFromPrompt(
  machine: Machine,
  path: string,
  options: WriteXentraceOptions,
  directory: string,
): XentraceWritten & Displayable {
  if (typeof path !== 'string' || path === '') {
    const hint = "machine.writeXentrace('run.xt')"
    throw new XpvError('xentrace.usage', 'it is not said which file to write', hint)
  }
  const forNs = options.for === undefined ? undefined : parseDuration(options.for)
  if (options.for !== undefined && !(Number(forNs) > 0)) {
    const message = `for: ${String(options.for)} is no time to record`
    throw new XpvError('xentrace.usage', message, "machine.writeXentrace('run.xt', { for: '5s' })")
  }
  const span = forNs === undefined ? {} : { forNs }
  const written = { ...writeXentrace(machine, resolve(directory, path), span), path }
  return { ...written, [DISPLAY]: () => ({ 'text/plain': told(written) }) }
}

function told({ path, records, bytes, hz, lost }: XentraceWritten): string {
  const rate = `${hz / 1e9}G`
  const size = bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
  const older = lost === 0 ? '' : `; ${lost} observations before them are no longer kept`
  return [
    `${path}: ${records} records, ${size}${older}`,
    `  xenalyze --cpu-hz ${rate} --summary ${path}`,
    `  open('${path}', { hz: '${rate}' })`,
  ].join('\n')
}

function parse(argv: readonly string[]): { readonly file: string; readonly span: XentraceSpan } {
  let discards = false
  const span: { forNs?: number; mask?: number } = {}
  const files: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (word === '-D') discards = true
    else if (word === '-T') span.forNs = secondsOf(argv[++i])
    else if (word === '-e') span.mask = (span.mask ?? 0) | maskOf(argv[++i])
    else if (OF_RINGS.test(word)) i++
    else if (word.startsWith('-')) throw usage(`there is no option ${word}`)
    else files.push(word)
  }
  const [file] = files
  if (file === undefined || files.length > 1) throw usage('one file is written')
  if (discards && span.forNs === undefined) {
    throw usage('-D leaves the past out: -T says how long to record')
  }
  return { file, span: { ...span, past: !discards } }
}

function secondsOf(word: string | undefined): number {
  const seconds = Number(word)
  if (!(seconds > 0) || !Number.isFinite(seconds)) throw usage(`-T ${word ?? ''}: no seconds`)
  return Math.round(seconds * 1e9)
}

function maskOf(word = ''): number {
  const mask = MASKS[word] ?? Number(word === '' ? Number.NaN : word)
  if (!Number.isInteger(mask) || mask <= 0 || mask > 0xfffffff) throw usage(`-e ${word}: no mask`)
  return mask
}

function usage(message: string): XpvError {
  return new XpvError('xentrace.usage', message, 'xentrace -D -T 5 run.xt')
}
