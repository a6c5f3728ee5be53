// The types of a session's cells: what the type service is told of its names.
//
//   topics, names of domains  ->  declarations of one module      dist/types  ->  what they are
//
// Holds: names are those of PromptGlobals, each with what help says of it; domains that are there
// now complete by name.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine } from '../machine/machine.js'
import type { Topic } from '../session/manual.js'
import { AMBIENT } from '../session/types/ambient.js'
import { CellTypes, type Patience } from '../session/types/cell-types.js'
import { TypeService } from '../session/types/type-service.js'
import type { World } from '../session/types/world.js'
import { packageRoot } from './package-root.js'
import { promptNames } from './session-names.js'
import { TOPICS } from './topics.js'

/** What the types of a session hang on. */
export interface CellTypesPlace {
  /** Where imports of cells start. */
  readonly directory: string
  readonly patience: Patience
  /** The machine that is open by now. */
  readonly machine: () => Machine | undefined
  /** Where it is said that there are no types any more. */
  readonly warn: (text: string) => void
}

/** The types of cells, their server on its way; undefined where the program was built without
 *  them. */
export function cellTypes(place: CellTypesPlace): CellTypes | undefined {
  const folder = join(packageRoot(), 'dist', 'types')
  const lost = (reason: string): void => {
    place.warn(`cells go unchecked from here on: ${reason}\n`)
  }
  if (!existsSync(folder)) {
    lost('xpv was built without typescript\n  try: npm install && npm run build')
    return undefined
  }
  const service = new TypeService({
    folder: place.directory,
    declarations: (world) => declarations(folder, domainNamesOn(place.machine()), world),
    modules: { xpv: join(folder, 'index.d.ts') },
    onLost: lost,
  })
  void service.start()
  return new CellTypes(service, place.patience)
}

/** Names of the domains a machine has, as far as it tells. */
function domainNamesOn(machine: Machine | undefined): readonly string[] {
  const items = machine?.access?.domains().items ?? []
  return items.flatMap(({ name }) => (name.kind === 'known' ? [name.value] : []))
}

/** Types of objects that a cell may want to write down, by the file that has them. */
const TYPES: Readonly<Record<string, string>> = {
  Domain: 'machine/domain.js',
  Vcpu: 'machine/vcpu.js',
  Pcpu: 'machine/pcpu.js',
  Bank: 'machine/bank.js',
  MsrReading: 'machine/msr-reading.js',
  PciFunction: 'machine/pci-function.js',
  Table: 'base/table.js',
  FmaCase: 'cli/fma-case.js',
  Rules: 'session/esc/rules.js',
}

function declarations(folder: string, domains: readonly string[], { node }: World): string {
  const from = (path: string): string => JSON.stringify(join(folder, path).replaceAll('\\', '/'))
  const docs = new Map(TOPICS.map((topic) => [topic.name, docOf(topic)]))
  const names = promptNames.map((name) => {
    const more = name === 'domains' ? byName(domains) : ''
    return `${docs.get(name) ?? ''}const ${name}: PromptGlobals['${name}']${more}`
  })
  const types = Object.entries(TYPES).map(
    ([name, path]) => `type ${name} = import(${from(path)}).${name}`,
  )
  return [
    ...(node === undefined ? [] : [`/// <reference path=${JSON.stringify(node)} />`]),
    `import type { PromptGlobals } from ${from('cli/prompt-globals.js')}`,
    `import type {} from ${from('register-names.js')}`,
    `import type {} from ${from('command-names.js')}`,
    'declare global {',
    node === undefined ? AMBIENT : '',
    '/** The page of the manual on a command, a name or a value. */',
    'function help(what?: unknown): unknown',
    '/** Prints a value as it is shown after a cell. */',
    'function show(value: unknown): Promise<void>',
    '/** Runs command lines; yields the exit status. */',
    'function sh(lines: TemplateStringsArray, ...values: readonly unknown[]): Promise<number>',
    '/** The value of the last cell that had one. */',
    'var _: any',
    ...types,
    ...names,
    '}',
  ].join('\n')
}

function docOf({ summary, examples }: Topic): string {
  const lines = [summary, ...examples.map((example) => `    ${example}`)]
  const text = lines.map((line) => ` * ${line.replaceAll('*/', '* /')}`).join('\n')
  return `/**\n${text}\n */\n`
}

/** Any name may be a domain's by the time a cell asks; those of now are known. */
function byName(names: readonly string[]): string {
  const known = names.map((name) => `readonly ${JSON.stringify(name)}: Domain`)
  return ` & { ${['readonly [name: string]: Domain', ...known].join('; ')} }`
}
