// Subcommands: the table of those that are ours. Those of dom0 stand with their commands
// (subcommand-rows.ts).
import { SETTING_NAMES, settingNamed } from '../config/setting.js'
import type { Example, OptionRow, Subcommand, Value } from './subcommand.js'

const FILE: Value = { name: 'FILE', of: 'file' }
const FOLDER: Value = { name: 'FOLDER', of: 'folder' }

const PARAM: OptionRow = {
  flags: ['-p', '--param'],
  value: { name: 'NAME=VALUE', of: 'code' },
  summary: 'a value of a parameter; may be said again',
  isRepeated: true,
}

/** Words that a setting may be. */
const SETTING_VALUES = Object.fromEntries(
  SETTING_NAMES.map((name) => {
    const { values } = settingNamed(name)
    const words = typeof values === 'string' ? values.split('|') : values
    return [name, words.filter((word) => /^[a-z]+$/.test(word))]
  }),
)

/** What may stand anywhere on the command line. */
export const GLOBAL_OPTIONS: readonly OptionRow[] = [
  option('--machine SPEC', 'machine', 'sim:ERA, or a recording: its folder or file'),
  option('--seed N', 'number', 'another course of all that is chance on a simulated host'),
  option('--hz RATE', ['2.6G'], 'cycles a second of a trace that does not say it: 2.6G'),
  option('--color WHEN', ['auto', 'always', 'never'], "the shell's colours"),
  option('--width N', ['auto', '80', '120'], 'columns of output, or auto'),
  { flags: ['--no-types'], summary: 'run cells without the check of their types' },
  { flags: ['--json'], summary: 'results, and mistakes, as JSON (not in the shell)' },
]

/** Options of `xpv` alone, without a subcommand. */
export const OWN_OPTIONS: readonly OptionRow[] = [
  {
    flags: ['-e', '--eval'],
    value: { name: 'CODE', of: 'code' },
    summary: 'evaluate TypeScript or a command, print, exit',
  },
  {
    flags: ['--resume'],
    value: { name: '[ID]', of: ['list'] },
    summary: 'bring back a session that died; list names them, without ID the last',
  },
  { flags: ['-h', '--help'], summary: 'the page of xpv, or of a subcommand' },
  { flags: ['-V', '--version'], summary: 'the version' },
]

/** What to begin with. */
export const FIRST_EXAMPLES: readonly Example[] = [
  example('xpv', 'the prompt, on a simulated host'),
  example("xpv dtrace -l -i 'xpv:::'", 'the probes of a provider'),
  example("xpv dtrace -c 'xm create web1' -n 'xpv::: {}'", 'which fire while a guest is created'),
  example("xpv --machine sim:xen-4.20 -e 'pcpus'", 'the physical CPUs of another host'),
  example('xpv check notebooks', 'the lessons, run again and compared'),
]

/** What a notebook may do beyond its machine. */
const ALLOW: OptionRow = {
  flags: ['--allow'],
  value: { name: 'LIST', of: ['net', 'run', 'live', 'all'] },
  summary: 'read:PATH, write:PATH, net, run, live or all, with commas',
  isRepeated: true,
}

const FENCED =
  'Cells run in a process of their own. They may read the folder of their notebook, its recording' +
  ' and our examples, and nothing hidden; they may write nowhere, and use no network and no other' +
  ' program. What more a notebook wants it says under allow: in its front matter; it is asked for' +
  ' on a terminal, and has to be granted by --allow without one. all is no fence at all.'

/** The table, in the order in which it is listed. */
export const SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: 'dtrace',
    summary: "list probes, run D programs: dtrace(8)'s own options",
    usage: ['-l [-n SPEC]', '[-n PROGRAM | -s FILE]... [-c COMMAND] [-x NAME=VALUE]...'],
    operands: [{ name: 'WORD', of: 'file', isOptional: true, isMany: true }],
    options: [],
    notes: [
      'On a simulated machine time passes, as fast as it can, until the command of -c has ended,' +
        ' exit() or Ctrl-C. dtrace ends with what exit() said.',
    ],
    examples: [
      example("xpv dtrace -l -i 'xpv:::'", 'the probes of a provider'),
      example("xpv dtrace -c 'xm create web1' -n 'xpv::: {}'", 'probes that a command fires'),
      example('xpv dtrace -s examples/wake-latency.d', 'a script'),
      example("xpv dtrace --machine trace.xt --hz 2.6G -n 'xdt::: { @ = count(); }'", 'a trace'),
    ],
  },
  {
    name: 'run',
    summary: 'run every cell of a notebook and store the outputs in it',
    usage: ['[-o FILE] [-p NAME=VALUE]... [--allow LIST] NOTEBOOK'],
    operands: [{ name: 'NOTEBOOK', of: 'notebook' }],
    options: [
      { flags: ['-o', '--output'], value: FILE, summary: 'store in another file' },
      PARAM,
      ALLOW,
    ],
    notes: [
      'What the run was given is stored with its outputs: the machine, the seed, parameters. Who' +
        ' runs it again gets the same.',
      FENCED,
    ],
    examples: [
      example('xpv run notebooks/00-the-origin.xpv.md', 'in place'),
      example('xpv run -o out.xpv.md my.xpv.md', 'the notebook stays as it is'),
      example('xpv run -p domain=5 -o d5.xpv.md my.xpv.md', 'with another parameter'),
    ],
    statuses: { 1: 'a cell threw' },
  },
  {
    name: 'check',
    summary: 'run notebooks again from nothing and compare every byte',
    usage: ['[--update] [-p NAME=VALUE]... [--allow LIST] NOTEBOOK|FOLDER...'],
    operands: [{ name: 'NOTEBOOK', of: 'notebook', isMany: true }],
    options: [{ flags: ['--update'], summary: 'store what differs' }, PARAM, ALLOW],
    notes: [
      'Folders are searched. What differs is shown, cell by cell, and what depends on it.',
      FENCED,
    ],
    examples: [
      example('xpv check notebooks', 'all of a folder'),
      example('xpv check --update my.xpv.md', 'take the new outputs over'),
    ],
    statuses: { 1: 'something differs, or a cell threw' },
  },
  {
    name: 'export',
    summary: 'notebooks as HTML pages, made from stored outputs: nothing is run',
    usage: ['[-o FILE|FOLDER] NOTEBOOK|FOLDER...'],
    operands: [{ name: 'NOTEBOOK', of: 'notebook', isMany: true }],
    options: [
      {
        flags: ['-o', '--output'],
        value: FILE,
        summary: 'the page; - prints it; a folder gets a page each, and an index',
      },
    ],
    notes: ['A page is one file without scripts; it fetches nothing.'],
    examples: [
      example('xpv export my.xpv.md', 'my.html beside it'),
      example('xpv export notebooks -o site/', 'all of a folder, with an index'),
    ],
  },
  {
    name: 'convert',
    summary: 'a notebook to Jupyter and back without loss, or to a program',
    usage: ['A.xpv.md B.ipynb', 'A.ipynb B.xpv.md', 'A.xpv.md B.ts'],
    operands: [
      { name: 'FROM', of: 'file' },
      { name: 'TO', of: 'file' },
    ],
    options: [],
    notes: [
      'What was edited in Jupyter counts. Cells of other kernels become fences that do not run' +
        ' here. Nothing is run.',
    ],
    examples: [
      example('xpv convert my.xpv.md my.ipynb', 'for the kernel of xpv in Jupyter'),
      example('xpv convert my.ipynb my.xpv.md', 'back, with what was edited there'),
      example('xpv convert my.xpv.md my.ts', 'a program: xpv my.ts'),
    ],
  },
  {
    name: 'info',
    summary: 'what a recording holds, and what of it was lost',
    usage: ['[FILE|FOLDER]'],
    operands: [{ name: 'FILE', of: 'file', isOptional: true }],
    options: [],
    notes: [],
    examples: [
      example('xpv info examples/recordings/load', 'one of the recordings that come with xpv'),
      example('xpv info --json trace.xt', 'the same for a program'),
    ],
  },
  {
    name: 'fmd',
    summary: 'diagnose telemetry: mcelog, rasdaemon, dmesg, traces, fmdump',
    usage: ['[-d FOLDER] [--every TIME] [--rules FILE]... FILE...'],
    operands: [{ ...FILE, isMany: true }],
    options: [
      {
        flags: ['-d', '--folder'],
        value: FOLDER,
        summary: 'keep logs and a checkpoint there, and go on from them',
      },
      {
        flags: ['--every'],
        value: { name: 'TIME', of: ['1s', '19s', '1m'] },
        summary: 'how far apart records were that do not say when: 19s',
      },
      {
        flags: ['--rules'],
        value: FILE,
        summary: 'rules (.esc) instead of our own; may be said again',
        isRepeated: true,
      },
    ],
    notes: [
      'The format of a file is found by looking at it. There is no machine to act upon: agents' +
        ' ask, and are refused. In a folder, what was taken once is not taken again; whatever' +
        ' ended the program in between, nothing that was logged is lost, and no diagnosis is' +
        ' there twice.',
    ],
    examples: [
      example('xpv fmd --every 19s mcelog.bin', 'one file, diagnosed'),
      example('xpv fmd -d var/fmd dmesg.txt', 'another of the same host, kept'),
      example('xpv fmadm -R var/fmd faulty', 'what is faulty by now'),
    ],
  },
  {
    name: 'esc',
    summary: 'check Eversholt rules (.esc), or print them without macros',
    usage: ['check|print [-I FOLDER]... FILE|FOLDER...'],
    operands: [
      { name: 'check|print', of: ['check', 'print'] },
      { ...FILE, isMany: true },
    ],
    options: [
      {
        flags: ['-I'],
        value: FOLDER,
        summary: 'where #include looks, after the folder of the file itself',
        isRepeated: true,
      },
    ],
    notes: [
      'check lists every mistake with its place, then counts what the rules are made of: tokens' +
        ' (after the preprocessor), statements, classes by type, calls, N and K at arrows. print' +
        ' writes the rules once #include, #define and the like are done.',
      'What current rules use of <fm/topo_hc.h> and <px_err.h> is known without them.',
    ],
    examples: [
      example('xpv esc check gcpu.esc', 'one file'),
      example('xpv esc check --json -I /usr/include rules', 'all of a folder, for a program'),
      example('xpv esc print gcpu.esc', 'the rules as the compiler sees them'),
    ],
    statuses: { 1: 'a file has an error' },
  },
  {
    name: 'config',
    summary: 'settings: list, get, set, unset, and who chose each',
    usage: ['[list] [--explain]', 'get|unset NAME', 'set NAME VALUE'],
    operands: [
      { name: 'list|get|set|unset', of: ['list', 'get', 'set', 'unset'], isOptional: true },
      { name: 'NAME', of: SETTING_NAMES, isOptional: true },
      { name: 'VALUE', of: 'code', isOptional: true, after: SETTING_VALUES },
    ],
    options: [
      { flags: ['--explain'], summary: 'of each setting, who said what and whose word holds' },
    ],
    notes: [
      'The strongest word holds: the command line, XPV_* in the environment, .env in the working' +
        ' folder, xpv.config.json there or above, then your own file, which set and unset change.',
    ],
    examples: [
      example('xpv config', 'all settings'),
      example('xpv config --explain', 'where each comes from'),
      example('xpv config set editor vi', "vi's keys from now on"),
      example('XPV_MACHINE=sim:xen-4.17 xpv', 'for once, by the environment'),
    ],
  },
  {
    name: 'doctor',
    summary: 'what this computer offers xpv, and what to do about the rest',
    usage: [''],
    operands: [],
    options: [],
    notes: [],
    examples: [
      example('xpv doctor', 'what there is'),
      example('xpv doctor --json', 'the same for a program'),
    ],
    statuses: { 1: 'xpv cannot be used as it is' },
  },
  {
    name: 'jupyter',
    summary: 'a kernel for JupyterLab, notebook, console and nbconvert',
    usage: ['install|uninstall|list [--name NAME] [--prefix FOLDER | --sys-prefix]', 'kernel FILE'],
    operands: [
      { name: 'install|uninstall|list|kernel', of: ['install', 'uninstall', 'list', 'kernel'] },
      { ...FILE, isOptional: true },
    ],
    options: [
      option('--name NAME', ['xpv'], 'the kernel: xpv'),
      option('--display-name TEXT', 'code', "what Jupyter's launcher calls it"),
      option('--prefix FOLDER', 'folder', 'in share/jupyter there, not in your own folder'),
      { flags: ['--sys-prefix'], summary: "in the active environment of Python's" },
    ],
    notes: [
      'Jupyter starts the kernel by itself, with kernel FILE. --machine, --seed, --hz and' +
        ' --no-types of install hold for the kernel; a cell that begins with %machine SPEC opens' +
        ' another machine. %%d, %%esc and %%sh begin a cell of D, of Eversholt, of commands.',
      'It needs the package zeromq: npm install --no-save zeromq@6.8.0.',
    ],
    examples: [
      example('xpv jupyter install', 'JupyterLab then has xpv in its launcher'),
      example('xpv jupyter install --machine sim:xen-4.20 --name xpv-4.20', 'one for another host'),
      example('xpv jupyter uninstall --name xpv-4.20', 'take it away'),
    ],
  },
  {
    name: 'completion',
    summary: 'print what makes bash, zsh or fish complete words of xpv',
    usage: ['bash|zsh|fish'],
    operands: [{ name: 'bash|zsh|fish', of: ['bash', 'zsh', 'fish'] }],
    options: [],
    notes: [],
    examples: [
      example('source <(xpv completion bash)', 'in ~/.bashrc'),
      example('xpv completion zsh > ~/.zfunc/_xpv', 'in a folder of fpath'),
      example('xpv completion fish > ~/.config/fish/completions/xpv.fish', 'fish looks there'),
    ],
  },
  {
    name: 'help',
    summary: 'how a subcommand is used; what machines, settings, statuses there are',
    usage: ['[SUBCOMMAND | machines | settings | statuses]'],
    operands: [{ name: 'PAGE', of: 'page', isOptional: true }],
    options: [],
    notes: ['At the prompt, help tells of what can be typed there.'],
    examples: [
      example('xpv help check', 'the same as xpv check --help'),
      example('xpv help machines', 'what --machine takes'),
    ],
  },
]

function example(line: string, says: string): Example {
  return { line, says }
}

function option(shown: string, of: Value['of'], summary: string): OptionRow {
  const [flag = '', name = ''] = shown.split(' ')
  return { flags: [flag], value: { name, of }, summary }
}
