// Module list: the modules of fmd, as `fmadm config` prints them.
//
//   MODULE                   VERSION STATUS  DESCRIPTION
//   cpumem-retire            1.1     active  CPU/Memory Retire Agent
//
// Holds: by name. Source: illumos-gate usr/src/cmd/fm/fmadm/common/config.c.

/** A module. */
export interface ListedModule {
  readonly name: string
  readonly version: string
  readonly description: string
  /** It threw, and is handed nothing any more. */
  readonly failed: boolean
}

/** A heading, and a line for each. */
export function printModules(modules: readonly ListedModule[]): string {
  const rows = [...modules]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, version, description, failed }) =>
      row(name, version, failed ? 'failed' : 'active', description),
    )
  return [row('MODULE', 'VERSION', 'STATUS', 'DESCRIPTION'), ...rows].join('')
}

const row = (name: string, version: string, status: string, description: string): string =>
  `${name.padEnd(24)} ${version.padEnd(7)} ${status.padEnd(6)}  ${description}\n`
