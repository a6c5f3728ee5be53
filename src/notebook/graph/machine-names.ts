// Machine names: which names of the prompt, and which commands, ask the machine something, and
// which of them leave it other than it was.
//
//   on('xpv:::').count()   pcpus[1].msr   fma.faulty()   dtrace -l     look: no time passes
//   machine.run('5s')      xm.create()    fma.acquit()   xm list       act
//
// Holds: what only looks is listed, and what acts among the members of objects; a test asks a
// simulated machine about all of them. What is not listed acts. On a recording what acts changes
// nothing, but for what is listed here.

/** Names whose values never act: what they ask is what has happened. */
const PAST_NAMES = namesIn('on d hostbridge')

/** Names that ask which machine it is, whatever has happened on it. */
const KIND_NAMES = namesIn('probes')

/** Names of objects, some of whose members act. */
const OBJECT_NAMES = namesIn('xen domains dom0 pcpus machine fma')

/** Names that act, as far as one can tell. */
const ACTING_NAMES = namesIn('open xm xl xpv sh')

/** Names that lead to the machine. */
export const MACHINE_NAMES: ReadonlySet<string> = new Set([
  ...PAST_NAMES,
  ...KIND_NAMES,
  ...OBJECT_NAMES,
  ...ACTING_NAMES,
])

/** What a walk over cells knows the machine by: as somebody who acts on it, as one who looks at its
 *  objects, as one who looks at what never acts, as one who only knows which it is. */
export const MACHINE = '#machine'
export const OBJECTS = '#objects'
export const PAST = '#past'
export const KIND = '#kind'
/** A member that acts, when it is one of the machine's. */
export const ACTS = '#acts'
/** The chance of the realm: whoever takes of it leaves others less. */
export const CHANCE = '#chance'
/** The clock of the realm, which no two see at one time. */
export const CLOCK = '#clock'

/** Members of objects that act: time passes, or something is other than it was. */
export const ACTING_MEMBERS: ReadonlySet<string> = namesIn(
  'run step command fork peer inject writeXentrace rdmsr wrmsr read write pin withPinned load ' +
    'offline online offlinePage repaired replaced acquit',
)

/** Members of machine names that need none either. */
const FREE_PATHS: ReadonlySet<string> = new Set(['fma.diagnose', 'fma.rules', 'fma.message'])

/** Commands that need no machine. */
const FREE_COMMANDS: ReadonlySet<string> = namesIn(
  'help config doctor esc fmd run check export convert completion',
)

/** Commands that only look, whatever their words; for others the words that make them act, or those
 *  without which they do. */
const LOOKING_COMMANDS: ReadonlySet<string> = namesIn('psrinfo lspci fmtopo jobs info')
const LOOKS_BY_WORDS: ReadonlyMap<string, (words: readonly string[]) => boolean> = new Map([
  ['fmadm', (words) => /^(faulty|config)$/.test(words.find((word) => !word.startsWith('-')) ?? '')],
  ['fmdump', (words) => !words.some((word) => /^-\w*f/.test(word))],
  ['fmstat', (words) => !words.some((word) => /^\d/.test(word))],
  ['dtrace', (words) => words.includes('--past')],
])

/** Commands and members that leave even a recording's session other than it was. */
const CHANGING_COMMANDS: ReadonlySet<string> = namesIn('fmadm psradm wrmsr stop xm xl')
const CHANGING_MEMBERS: ReadonlySet<string> = namesIn(
  'repaired replaced acquit inject run step command',
)

/** Names through which files are read. */
const FILE_NAMES: ReadonlySet<string> = namesIn('open fma xen machine process fetch xpv sh')

/** What a name of the realm draws on. */
const REALM_NAMES: ReadonlyMap<string, typeof CHANCE | typeof CLOCK> = new Map([
  ['crypto', CHANCE],
  ['Math', CHANCE],
  ['Date', CLOCK],
  ['performance', CLOCK],
  ['process', CLOCK],
])
const REALM_MEMBERS = /^(random|randomUUID|getRandomValues|now|hrtime|uptime|timeOrigin)$/

function namesIn(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}

/** Whether `name.member` needs no machine, though the name leads to one. */
export function isFreePath(name: string, member: string): boolean {
  return FREE_PATHS.has(`${name}.${member}`) || (name === 'xpv' && FREE_COMMANDS.has(member))
}

/** How the machine is asked. */
export type Reach = typeof MACHINE | typeof OBJECTS | typeof PAST | typeof KIND

/** What a walk knows by a machine name. */
export function reachOf(name: string): Reach {
  if (KIND_NAMES.has(name)) return KIND
  if (PAST_NAMES.has(name)) return PAST
  return OBJECT_NAMES.has(name) ? OBJECTS : MACHINE
}

/** Whether `name.member` only looks, though the name acts. */
export function isLookingPath(name: string, member: string | undefined): boolean {
  return name === 'xpv' && member !== undefined && LOOKING_COMMANDS.has(member)
}

/** What is drawn on by a name of the realm: `Math.random`, `new Date()`. */
export function drawnBy(name: string, member: string | undefined): string | undefined {
  const drawn = REALM_NAMES.get(name)
  if (member === undefined) return name === 'Date' ? drawn : undefined
  return REALM_MEMBERS.test(member) ? drawn : undefined
}

/** Whether a command line asks the machine, and whether it leaves it as it was. */
export function commandReach([name = '', ...words]: readonly string[]): Reach | undefined {
  if (FREE_COMMANDS.has(name)) return undefined
  if (name === 'dtrace' && words.some((word) => LISTS.test(word))) return KIND
  return LOOKING_COMMANDS.has(name) || LOOKS_BY_WORDS.get(name)?.(words) === true ? PAST : MACHINE
}

/** Words of dtrace that run no program. */
const LISTS = /^(-\w*[lV]|--explain|--help)$/

/** Whether a command changes what cells after it see, even on a recording. */
export function changesBy(command: string): boolean {
  return CHANGING_COMMANDS.has(command)
}

/** Whether code with these names and members does. */
export function changesMachine(names: ReadonlySet<string>, members: ReadonlySet<string>): boolean {
  if (names.has('open') || names.has('sh')) return true
  const asks = [...names].some((name) => MACHINE_NAMES.has(name))
  const changes = (member: string): boolean =>
    CHANGING_MEMBERS.has(member) || (names.has('xpv') && changesBy(member))
  return asks && [...members].some(changes)
}

/** Whether code with these names may read files. */
export function mayReadFiles(names: ReadonlySet<string>): boolean {
  return [...names].some((name) => FILE_NAMES.has(name))
}
