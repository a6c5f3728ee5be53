// xm create: a configuration of dom0's files becomes a domain that runs.
//
//   xm create web1 memory=1024  ->  Using config file "/etc/xen/web1".  Started domain web1
//
// Source: tools/python/xen/xm/{create,opts}.py, xend/XendConfig.py of 3.1.
import type { ToolWorld } from '../../tool-world.js'
import { type ConfigValue, parseConfig, wordValues } from '../config-text.js'
import { type EndAction, type GuestConfig, guestConfig } from '../guest-config.js'
import { parseOptions, plain, type XmCommand, type XmContext } from './context.js'
import { awaitDevices, end, start, unpause } from './domain-life.js'
import { checkName, claimedNames } from './domain-names.js'
import { domainNamed } from './managed.js'
import { fault, XmRefusal } from './refusal.js'
import { inXend, type Steps } from './xend.js'

const OPTIONS = {
  flags: {
    '-p': 'paused',
    '--paused': 'paused',
    '-q': 'quiet',
    '--quiet': 'quiet',
    '-n': 'dryrun',
    '--dryrun': 'dryrun',
    '-c': 'console',
    '--console_autoconnect': 'console',
  },
  valued: { '-f': 'file', '--defconfig': 'file', '--path': 'path' },
} as const
/** Where xm looks for a configuration: as it is named, here, among the others. */
const PLACES = ['', './', '/etc/xen/']
const ACTIONS: readonly EndAction[] = ['destroy', 'restart', 'preserve', 'rename-restart']
const NUMBERS = ['memory', 'maxmem', 'vcpus', 'cpu_weight', 'cap']
/** A number as Python's int() reads it. */
const WHOLE = /^\s*[-+]?\d+\s*$/

/** xm create. */
export const create: XmCommand = function* (context) {
  const { output, world } = context
  const { options, rest } = parseOptions(context.args, OPTIONS)
  const info = (text: string): void => {
    if (!options.has('quiet')) output.print(`${text}\n`)
  }
  const { values, rest: words } = wordValues(rest)
  const file = options.get('file') ?? words[0] ?? 'xmdefconfig'
  const found = findFile(world, file)
  if (found === undefined) throw fault(`Unable to open config file: ${file}`)
  info(`Using config file "${found}".`)
  const config = named(read(world, found, values), file)
  if (options.has('dryrun')) return
  const domid = yield* made(context, { config, file: found, paused: options.has('paused') })
  info(`Started domain ${config.name}`)
  if (options.has('console')) throw plain(`xenconsole: no terminal for domain ${domid}`)
}

/** Checks a configuration as xend does. Throws what xend says of one that makes no sense. */
function checkConfig(config: GuestConfig): void {
  const { memoryMiB, maxMemoryMiB } = config
  if (maxMemoryMiB < 0) {
    throw invalid('memory_static_min must be less than or equal to memory_static_max')
  }
  if (memoryMiB < 0) {
    throw invalid('memory_static_min must be less than or equal to memory_dynamic_min')
  }
  if (memoryMiB === 0) throw invalid('memory_dynamic_max must be greater than zero')
  for (const action of [config.onPoweroff, config.onReboot, config.onCrash]) {
    if (!ACTIONS.includes(action)) throw invalid(`Invalid event handling mode: ${action}`)
  }
}

/** The identity of a virtual machine, by those that are there and those that will be. */
function newUuid(world: ToolWorld, file: string): string {
  let hash = 0x811c_9dc5
  const others = [...world.store.list('/vm'), ...claimedNames(world)]
  const text = `${world.host.name}${file} ${others.join()}`
  const words = Array.from({ length: 4 }, (_, n) => {
    for (const c of `${text}${n}`) hash = Math.imul(hash ^ c.charCodeAt(0), 0x0100_0193) >>> 0
    return hash.toString(16).padStart(8, '0')
  })
  const [, a, b, c, d, e] = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(words.join('')) ?? []
  return [a, b, c, d, e].join('-')
}

function* made(
  { world }: XmContext,
  of: { readonly config: GuestConfig; readonly file: string; readonly paused: boolean },
): Steps<number> {
  const { config } = of
  const domid = yield* saidPlainly(
    inXend(
      (function* () {
        checkConfig(config)
        yield* checkName(world, config.name)
        return yield* start(world, { ...config, uuid: config.uuid || newUuid(world, of.file) })
      })(),
    ),
  )
  try {
    yield* inXend(awaitDevices(world, domid))
    if (!of.paused) yield* inXend(unpause({ domid }))
  } catch (error) {
    yield* inXend(end(world, domainNamed(world, String(domid))))
    throw error instanceof XmRefusal ? plain(error.message) : error
  }
  return domid
}

/** xm create prints no usage after what xend refuses. */
function* saidPlainly<T>(body: Steps<T>): Steps<T> {
  try {
    return yield* body
  } catch (error) {
    throw error instanceof XmRefusal ? plain(error.message) : error
  }
}

function findFile(world: ToolWorld, name: string): string | undefined {
  const paths = PLACES.map((place) => (name.startsWith('/') ? name : `${place}${name}`))
  return paths.find((path) => world.file(path) !== undefined)
}

function read(
  world: ToolWorld,
  path: string,
  words: ReadonlyMap<string, ConfigValue>,
): GuestConfig {
  const text = world.file(path) ?? ''
  const parsed = parseConfig(text)
  if (parsed.kind === 'failed') {
    const line = text.split('\n')[parsed.line - 1] ?? ''
    throw plain(`Errors were found at line ${parsed.line} while processing ${path}:\n\t${line}\n`)
  }
  const values = new Map([...parsed.values, ...words])
  for (const key of NUMBERS) {
    const value = values.get(key)
    const isWhole = typeof value === 'number' || WHOLE.test(String(value))
    if (value !== undefined && !isWhole) {
      throw plain(`Invalid value: ${value}`)
    }
  }
  return guestConfig(values)
}

function named(config: GuestConfig, file: string): GuestConfig {
  const maxMemoryMiB = Math.max(config.maxMemoryMiB, config.memoryMiB)
  const name = config.name || file.replace(/^.*\//, '')
  return { ...config, name, maxMemoryMiB }
}

function invalid(text: string): XmRefusal {
  return fault(`Invalid Configuration: ${text}`)
}
