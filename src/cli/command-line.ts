// The subcommands, their options and their help.
import { Command } from 'commander'
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import { USAGE } from '../session/commands/dtrace-options.js'
import type { Context } from './context.js'
import { DOM0_COMMANDS } from './dom0-names.js'
import { machineHelp } from './machine-help.js'
import { version } from './version.js'

const EPILOGUE = `
Commands of dom0, each on a machine of its own:
  ${DOM0_COMMANDS.join(' ')}

On every subcommand:
  --machine SPEC   a simulated host, or a recording's folder or file (default: sim:xvm-3.1)
  --seed N         another course of everything that is chance on a simulated host
  --hz RATE        cycles a second of a trace that does not say it, such as 2.6G
  --color WHEN     the shell's colours: auto, always or never
  --json           results as JSON (not in the shell)
  --no-types       cells run without a check of their types

${machineHelp()}

Examples:
  xpv
  xpv dtrace -l -i 'xpv:::'
  xpv dtrace -c 'xm create web1' -n 'xpv::: {}'
  xpv dtrace --machine examples/recordings/xl-create -n 'xpv::: {}'
  xpv check notebooks`

const DTRACE_EPILOGUE = `
On a simulated machine time passes, as fast as it can, until the command of -c has
ended, exit() or Ctrl-C.

Examples:
  xpv dtrace -l -i 'xpv:::'
  xpv dtrace -c 'xm create web1' -n 'xpv::: {}'
  xpv dtrace -c 'sleep 5' -n 'xdt:sched::wake { @[args[0]] = count(); }'
  xpv dtrace -s examples/wake-latency.d
  xpv dtrace --machine trace.xt --hz 2.6G -n 'xdt:sched::wake { @[args[0]] = count(); }'`

const ESC_EPILOGUE = `
check lists every mistake with its place, then counts what the rules are made of: tokens
(after the preprocessor), statements, classes by type, calls, N and K at arrows.
print writes the rules once #include, #define and the like are done.
  -I FOLDER    where #include looks, after the folder of the file itself
What current rules use of <fm/topo_hc.h> and <px_err.h> is known without them.

Exit status: 0, or 1 when a file has an error; 5 for a file that cannot be read.

Examples:
  xpv esc check gcpu.esc
  xpv esc check --json -I /usr/include rules
  xpv esc print gcpu.esc`

const FMD_EPILOGUE = `
The format of a file is found by looking at it. There is no machine to act upon: agents ask,
and are refused. In a folder, what was taken once is not taken again; whatever ended the
program in between, nothing that was logged is lost, and no diagnosis is there twice.

Examples:
  xpv fmd --every 19s mcelog.bin
  xpv fmd -d var/fmd dmesg.txt
  xpv fmadm -R var/fmd faulty`

interface FmdOptions {
  readonly folder?: string
  readonly every?: string
  readonly rules: readonly string[]
}

const another = (value: string, before: readonly string[]): readonly string[] => [...before, value]

/** Builds the parser. `done` is told the exit status of the subcommand that ran. */
export function commandLine(context: Context, done: (status: number) => void): Command {
  const program = new Command('xpv')
    .description('explore a Xen hypervisor, simulated or recorded: D programs, queries, notebooks')
    .usage('[options] [NOTEBOOK | FILE.ts | - | COMMAND ...]')
    .version(version())
    .exitOverride()
    .configureOutput({ writeOut: (s) => context.out.write(s), writeErr: () => {} })
    .option('-e, --eval <code>', 'evaluate, print, exit')
    .allowExcessArguments()
    .helpCommand('help [command]', 'how a subcommand is used')
    .addHelpText('after', EPILOGUE)
    .action(async ({ eval: code }: { eval?: string }) => {
      if (code === undefined) throw noCommand(program)
      if (program.args.length > 0) {
        const more = program.args.join(' ')
        throw new XpvError(
          'cli.usage',
          `-e takes one text, and then came: ${more}`,
          'quote the code',
        )
      }
      done(await (await import('./evaluate.js')).evaluateText(code, context))
    })
  program
    .command('dtrace')
    .description("dtrace(8)'s own options: list and run D programs")
    .usage(`${USAGE.replace(/^dtrace /, '')}`)
    .addHelpText('after', DTRACE_EPILOGUE)
  program
    .command('run <notebook>')
    .description('run every cell and store the outputs in the file')
    .option('-o, --output <file>', 'store in another file')
    .action(async (path: string, { output }: { output?: string }) => {
      done(await (await import('./notebook.js')).run(path, output ?? path, context))
    })
  program
    .command('check <notebooks...>')
    .description('run again from nothing and compare every byte; folders are searched')
    .option('--update', 'store what differs')
    .action(async (paths: string[], { update }: { update?: boolean }) => {
      done(await (await import('./notebook.js')).check(paths, update === true, context))
    })
  program
    .command('info [file]')
    .description('what a recording holds')
    .action(async (file: string | undefined) => {
      done(await (await import('./info-command.js')).info(file ?? context.spec, context))
    })
  program
    .command('esc')
    .description('check Eversholt rules (.esc), or print them without macros')
    .usage('check|print [-I FOLDER]... FILE|FOLDER...')
    .addHelpText('after', ESC_EPILOGUE)
  program
    .command('fmd <files...>')
    .description('diagnose files of telemetry: mcelog, rasdaemon, traces, kernel logs, fmdump')
    .option('-d, --folder <folder>', 'keep logs and a checkpoint there, and go on from them')
    .option('--every <time>', 'how far apart records were that do not say when: 19s')
    .option('--rules <file>', 'rules (.esc) instead of our own; may be said again', another, [])
    .addHelpText('after', FMD_EPILOGUE)
    .action(async (files: string[], options: FmdOptions) => {
      done(await (await import('./fmd-command.js')).fmd({ ...options, files }, context))
    })
  for (const command of program.commands) command.allowExcessArguments(false)
  return program
}

/** A word that is neither a subcommand nor a file xpv can run. */
function noCommand(program: Command): XpvError {
  const [word = ''] = program.args
  if (word === '') return new XpvError('cli.usage', 'there is nothing to do', 'xpv --help')
  const names = program.commands.map((command) => command.name())
  const near = nearest(word, [...names, ...DOM0_COMMANDS])
  const hint =
    near === undefined ? 'xpv --help' : `xpv ${[near, ...program.args.slice(1)].join(' ')}`
  return new XpvError('cli.usage', `there is no command ${word}`, hint)
}
