// The command `fmadm`: what fmd believes to be faulty, and what people tell it: repaired, replaced,
// not at fault.
//
//   fmadm faulty            what is at fault          fmadm config          the modules of fmd
//   fmadm repaired FMRI     it works again            fmadm acquit UUID     it was not that
//   fmadm reset -s SERD eft one engine begins anew    fmadm flush FMRI      forget what is over
//
// Holds: what fmd refuses is told in fmadm's words, with status 1; wrong usage has status 2. Times
// are UTC. Source: fmadm(8); illumos-gate usr/src/cmd/fm/fmadm/common, usr/src/lib/fm/libfmd_adm.
import { XpvError } from '../../base/error.js'
import type { FaultManagement } from '../../fma/host/fault-management.js'
import { printFaulty } from '../../fma/view/faulty.js'
import { loggedDiagnoses } from '../../fma/view/logged-diagnoses.js'
import { printModules } from '../../fma/view/module-list.js'
import type { Command, CommandIo } from '../command.js'
import { Administration } from './fmadm-administration.js'
import { fmadmWords } from './fmadm-completion.js'
import { diagnosesOf } from './fmadm-diagnoses.js'
import { loadModule, unloadModule } from './fmadm-modules.js'
import { getopt, isGiven, wordsOf } from './getopt.js'
import { rotateLog } from './log-rotation.js'
import { folderLog } from './log-sources.js'

/** What fmadm needs of the session. */
export interface AdministrationHost {
  readonly fma: () => FaultManagement
  /** Paths are meant from there. */
  readonly directory: () => string
}

/** Makes it for the fault management of the machine that is open. */
export function fmadmCommand(host: AdministrationHost): Command {
  return {
    name: 'fmadm',
    summary: 'what is faulty, and what people say of it: repaired, replaced, acquitted',
    usage: '[-q] faulty [-afgiprsv] [-n MAX] [-u UUID] | config | acquit | ...',
    examples: [
      'fmadm faulty',
      'fmadm faulty -a -v',
      'fmadm faulty -r',
      "fmadm acquit 'hc:///motherboard=0/chip=0/core=1/strand=0'",
      'fmadm config',
      'fmadm reset eft',
    ],
    where: WHERE,
    complete: (words) => fmadmWords(words, host.fma),
    run: async (argv, io) => {
      try {
        return fmadm(argv, { ...host, io })
      } catch (error) {
        if (!(error instanceof XpvError) || error.code !== 'fma.no-log') throw error
        io.warn(`fmadm: ${error.message}\n`)
        return FAILED
      }
    },
  }
}

const WHERE: Readonly<Record<string, string>> = {
  faulty: 'what is at fault; -s in a line, -v in full, -f by what to replace,',
  '': '-r by what is out of service, -i by ids of the resource cache;',
  ' ': '-a also what is over, or what people were not told of',
  config: 'the modules of fmd',
  acquit: 'FMRI|LABEL [UUID] | UUID: was not at fault',
  repaired: 'FMRI|LABEL: works again; repair also takes a UUID',
  replaced: 'FMRI|LABEL: is another one now',
  reset: '[-s SERD] MODULE: begins anew',
  flush: 'FMRI ...: what is over is forgotten',
  load: 'FILE.esc: one more engine, with the rules of that file; unload MODULE',
  '-R FOLDER': 'faulty, or rotate errlog|fltlog, of the logs that xpv fmd -d FOLDER wrote',
  times: 'are UTC; -g is taken and changes nothing, as on illumos',
}

interface Call extends AdministrationHost {
  readonly io: CommandIo
  /** -q: what was done is not told. */
  readonly quiet?: boolean
  /** -R: a folder of logs, instead of the machine. */
  readonly root?: string | undefined
}

const DONE = 0
const FAILED = 1
const USAGE = 2

/** A subcommand; `undefined` stands for wrong usage. */
type Subcommand = (argv: readonly string[], call: Call) => number | undefined

const administer =
  (work: (admin: Administration, operands: readonly string[]) => number, most = 1): Subcommand =>
  (argv, { fma, io, quiet }) => {
    const { operands, mistake } = getopt(argv.slice(1), '')
    if (mistake !== undefined) io.warn(`${argv[0]}: ${mistake}\n`)
    const isRight = mistake === undefined && operands.length >= 1 && operands.length <= most
    return isRight ? work(new Administration(fma(), io, quiet === true), operands) : undefined
  }

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  config,
  faulty,
  flush: administer((admin, fmris) => admin.flush(fmris), Number.POSITIVE_INFINITY),
  load: (argv, call) => {
    const [path, ...more] = argv.slice(1)
    return path === undefined || more.length > 0 ? undefined : loadModule(path, call)
  },
  unload: (argv, call) => {
    const [name, ...more] = argv.slice(1)
    return name === undefined || more.length > 0 ? undefined : unloadModule(name, call)
  },
  rotate: (argv, { root, directory, io, quiet }) => {
    const [log, ...more] = argv.slice(1)
    if (log === undefined || more.length > 0) return undefined
    const refusal = rotateLog(log, root, directory())
    if (refusal !== undefined) io.warn(`fmadm: failed to rotate ${log}: ${refusal}\n`)
    else if (quiet !== true) {
      io.write(`fmadm: ${log} has been rotated out and can now be archived\n`)
    }
    return refusal === undefined ? DONE : FAILED
  },
  gc: administer((admin, [module = '']) => admin.collect(module)),
  repair: administer((admin, [what = '']) => admin.repairAny(what)),
  repaired: administer((admin, [what = '']) => admin.repaired(what)),
  acquit: administer((admin, [what = '', other]) => admin.acquit(what, other), 2),
  replaced: administer((admin, [what = '']) => admin.replaced(what)),
  reset,
}

/** Of each subcommand: its name, what it takes, what it does. */
const SYNOPSES: readonly (readonly [words: string, does: string])[] = [
  ['config', 'lists the modules of the fault manager'],
  ['faulty [-afgiprsv] [-u <uuid>] [-n <max_fault>]', 'shows what is faulty'],
  ['load <path>', 'has one more module: a file of rules'],
  ['unload <module>', 'goes on without a module'],
  ['rotate <logname>', 'begins a log of a folder (-R) anew'],
  ['flush <fmri> ...', 'forgets what was known of a resource'],
  ['repaired <fmri>|label', 'says that a resource works again'],
  ['acquit <fmri> [<uuid>] | label [<uuid>] | <uuid>', 'says that it was not at fault'],
  ['replaced <fmri>|label', 'says that a resource is another one now'],
  ['reset [-s serd] <module>', 'has a module, or an engine of it, begin anew'],
]

/** What can be done with a folder of logs. */
const OF_FOLDERS: ReadonlySet<string> = new Set(['faulty', 'rotate'])

function usageText(): string {
  const lines = SYNOPSES.map(([words, does]) => `\t${`fmadm ${words}`.padEnd(30)} - ${does}\n`)
  return `Usage: fmadm [-P prog] [-q] [-R root] [cmd [args ... ]]\n\n${lines.join('')}`
}

function fmadm(argv: readonly string[], call: Call): number {
  const { io } = call
  const words = getopt(argv, 'P:qR:')
  const [name, ...rest] = words.operands
  if (words.mistake !== undefined) {
    io.warn(`fmadm: ${words.mistake}\n${usageText()}`)
    return USAGE
  }
  if (name === undefined) {
    io.write(usageText())
    return USAGE
  }
  const subcommand = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined
  if (subcommand === undefined) io.warn(`fmadm: illegal subcommand -- ${name}\n`)
  const root = wordsOf(words, 'R').at(-1)
  if (root !== undefined && !OF_FOLDERS.has(name) && subcommand !== undefined) {
    io.warn(`fmadm: -R goes with faulty and rotate: of a folder there is nobody to tell\n`)
    return USAGE
  }
  const status = subcommand?.([name, ...rest], { ...call, root, quiet: isGiven(words, 'q') })
  if (status === undefined) io.warn(usageText())
  return status ?? USAGE
}

function config(argv: readonly string[], { fma, io }: Call): number | undefined {
  if (argv.length > 1) return undefined
  const modules = fma().manager.moduleFacts()
  io.write(printModules(modules.map((one) => ({ ...one, failed: one.status === 'failed' }))))
  return DONE
}

function faulty(argv: readonly string[], call: Call): number | undefined {
  const { io } = call
  const words = getopt(argv.slice(1), 'afgin:prsu:v')
  if (words.mistake !== undefined) io.warn(`faulty: ${words.mistake}\n`)
  if (words.mistake !== undefined || words.operands.length > 0) return undefined
  const given = (letter: string): boolean => isGiven(words, letter)
  const { diagnoses, nowNs } = believed(call)
  const by = [given('f') ? ['fru' as const] : [], given('r') ? ['resource' as const] : []].flat()
  io.write(
    printFaulty(diagnoses, {
      ...{ all: given('a'), by: new Set(by), cacheIds: given('i'), pages: given('p') },
      ...{ summary: given('s'), full: given('v'), uuids: wordsOf(words, 'u') },
      most: Number.parseInt(wordsOf(words, 'n').at(-1) ?? '0', 10) || 0,
      nowNs,
    }),
  )
  return DONE
}

/** What is known to be faulty, and when: by fmd, or by the logs of a folder at their end. */
function believed({ fma, root, directory }: Call) {
  if (root === undefined) return { diagnoses: diagnosesOf(fma()), nowNs: fma().nowNs }
  const { records } = folderLog(root, 'fault', directory()).read()
  const diagnoses = loggedDiagnoses(records).map((list) => ({ list, cacheIds: [] }))
  return { diagnoses, nowNs: records.at(-1)?.timeNs ?? 0n }
}

function reset(argv: readonly string[], { fma, io, quiet }: Call): number | undefined {
  const words = getopt(argv.slice(1), 's:')
  if (words.mistake !== undefined) io.warn(`reset: ${words.mistake}\n`)
  const [module] = words.operands
  if (words.mistake !== undefined || words.operands.length !== 1 || module === undefined) {
    return undefined
  }
  return new Administration(fma(), io, quiet === true).reset(module, wordsOf(words, 's').at(-1))
}
