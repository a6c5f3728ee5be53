// Machine names: which names of the prompt, and which commands, ask the machine something.
//
// Holds: what changes a recording's machine is listed; on any other machine whatever asks lets time
// pass.

/** Names that lead to the machine. */
export const MACHINE_NAMES: ReadonlySet<string> = new Set(
  'on d probes open xen domains dom0 pcpus hostbridge fma xm xl machine'.split(' '),
)

/** Members of machine names that need none either. */
const FREE_PATHS: ReadonlySet<string> = new Set(['fma.diagnose', 'fma.rules', 'fma.message'])

/** Commands that need no machine. */
const FREE_COMMANDS: ReadonlySet<string> = new Set('help config doctor esc fmd'.split(' '))

/** Commands and members that leave even a recording's session other than it was. */
const CHANGING_COMMANDS: ReadonlySet<string> = new Set('fmadm psradm wrmsr stop xm xl'.split(' '))
const CHANGING_MEMBERS: ReadonlySet<string> = new Set(
  'repaired replaced acquit inject run step command'.split(' '),
)

/** Names through which files are read. */
const FILE_NAMES: ReadonlySet<string> = new Set('open fma xen machine process fetch'.split(' '))

/** Whether `name.member` needs no machine, though the name leads to one. */
export function isFreePath(name: string, member: string): boolean {
  return FREE_PATHS.has(`${name}.${member}`)
}

/** Whether a command asks the machine. */
export function asksMachine(command: string): boolean {
  return !FREE_COMMANDS.has(command)
}

/** Whether a command changes what cells after it see, even on a recording. */
export function changesBy(command: string): boolean {
  return CHANGING_COMMANDS.has(command)
}

/** Whether code with these names and members does. */
export function changesMachine(names: ReadonlySet<string>, members: ReadonlySet<string>): boolean {
  if (names.has('open')) return true
  const asks = [...names].some((name) => MACHINE_NAMES.has(name))
  return asks && [...members].some((member) => CHANGING_MEMBERS.has(member))
}

/** Whether code with these names may read files. */
export function mayReadFiles(names: ReadonlySet<string>): boolean {
  return [...names].some((name) => FILE_NAMES.has(name))
}
