// Literal types: declarations made of our tables, so that names complete and wrong ones are
// refused.
//
//   MSRS          ->  pcpus[1].msr.IA32_MCG_CAP, each with what it is; rdmsr('IA32_MCG_CAP')
//   messages      ->  explain('GMCA-8000-LF'), explain('fault.memory.generic-x86.page_ce')
//   subcommands   ->  xpv.info('trace.xt')
//   the catalog   ->  on('xpv:::...'), every probe with its arguments
//
// Made when the program is built, read by the type service alone.
import { MCA_PROBES } from '../dtrace/probe/mca-probes.js'
import { MSR_PROBES } from '../dtrace/probe/msr-probes.js'
import { PCIE_PROBES } from '../dtrace/probe/pcie-probes.js'
import { PRIVCMD_PROBES } from '../dtrace/probe/privcmd-probes.js'
import { XDT_PROBES } from '../dtrace/probe/xdt-probes.js'
import { XPV_PROBES } from '../dtrace/probe/xpv-probes.js'
import type { ProbeRow } from '../dtrace/query/fields.js'
import { mcaEreportClasses } from '../fma/event/mca-class.js'
import { messages } from '../fma/message/catalog.js'
import { MSRS, msrNames } from '../machine/msr/msr-table.js'
import { AER_ERRORS } from '../machine/pci/aer-error.js'
import { DOM0_COMMANDS } from './dom0-names.js'
import { SUBCOMMANDS } from './subcommands.js'

/** Declarations by the file they are in, from the folder of all declarations. */
export function literalTypes(): Readonly<Record<string, string>> {
  return {
    'register-names.d.ts': registerNames(),
    'machine/msr/msr-reference.d.ts': registerReference(),
    'dtrace/query/known-probe.d.ts': knownProbes(),
    'command-names.d.ts': commandNames(),
    'session/explain/known-text.d.ts': knownTexts(),
  }
}

function registerNames(): string {
  const members = MSRS.map(
    ({ name, doc, address }) =>
      `    /** ${comment(doc)} (0x${address.toString(16)}) */\n    readonly ${name}: PcpuMsr`,
  )
  const fields = new Set(MSRS.flatMap((msr) => msr.fields.map(({ name }) => name)))
  return `import type { PcpuMsr } from './machine/pcpu-msr.js'
export type MsrName =\n${union(MSRS.map(({ name }) => name))}
export type MsrFieldName =\n${union([...fields].sort())}
declare module './machine/pcpu-msr.js' {
  interface PcpuMsrs {
${members.join('\n')}
    /** The same by other names: TSC, MC0_CTL. */
    readonly [name: Uppercase<string>]: PcpuMsr
  }
}
declare module './machine/msr-reading.js' {
  interface MsrReading {
    field(name: MsrFieldName): bigint | undefined
  }
}
`
}

/** What the table knows a register by; a number that it does not have may be read too. Names in
 *  small letters are left to the run, or every one would be offered twice. */
function registerReference(): string {
  const others = 'Lowercase<string> | number | bigint' // 0x179 is written in small letters, too
  return `export type MsrReference =\n${union(msrNames())}\n  | ${others}\n`
}

/** Commands of the prompt as functions, each with what it does. */
function commandNames(): string {
  const ours = SUBCOMMANDS.map(({ name, summary }) => [name, summary] as const)
  const theirs = DOM0_COMMANDS.map((name) => [name, `the command ${name}: help ${name}`] as const)
  const members = [...ours, ...theirs].map(
    ([name, says]) => `    /** ${comment(says)} */\n    readonly '${name}': CommandFunction`,
  )
  return `import type { CommandFunction } from './cli/command-functions.js'
declare module './cli/command-functions.js' {
  interface CommandFunctions {
${members.join('\n')}
  }
}
`
}

/** Classes that somebody makes or diagnoses, and codes of messages. */
function knownTexts(): string {
  const told = messages()
  const aer = AER_ERRORS.flatMap(({ ereportClass }) =>
    ereportClass === undefined ? [] : [`ereport.io.pciex.${ereportClass}`],
  )
  const classes = [...told.flatMap((message) => message.classes), ...aer, ...mcaEreportClasses()]
  const codes = told.map(({ code }) => code)
  return `export type KnownCode =\n${union([...new Set(codes)])}\n  | (string & {})
export type KnownText =\n${union([...new Set(classes)].sort())}\n  | KnownCode
`
}

/** Probes as rows that need no computing: what a check costs hangs on it. */
function knownProbes(): string {
  const tables: readonly (readonly ProbeRow[])[] = [
    XPV_PROBES,
    XDT_PROBES,
    MSR_PROBES,
    MCA_PROBES,
    PCIE_PROBES,
    PRIVCMD_PROBES,
  ]
  const rows = tables.flat().map((row) => {
    const args = row.args.map(
      ({ name, type }) => `{ readonly name: ${quoted(name)}; readonly type: ${quoted(type)} }`,
    )
    const parts = ['provider', 'module', 'function', 'name'] as const
    const names = parts.map((part) => `readonly ${part}: ${quoted(row[part])}`)
    const spec = quoted(parts.map((part) => row[part]).join(':'))
    const given = `readonly args: readonly [${args.join(', ')}]`
    return `  readonly ${spec}: { ${names.join('; ')}; ${given} }`
  })
  return `export interface ProbeTable {
${rows.join('\n')}
}
export type KnownProbe = ProbeTable[keyof ProbeTable]
`
}

function union(names: readonly string[]): string {
  return names.map((name) => `  | ${quoted(name)}`).join('\n')
}

const quoted = (text: string): string => JSON.stringify(text)

const comment = (text: string): string => text.replaceAll('*/', '* /')
