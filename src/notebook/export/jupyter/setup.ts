// The first cell of a converted notebook: it goes to the folder, opens the machine and sets the
// parameters that the front matter tells of.
//
//   %cd ..
//   %machine examples/recordings/xl-create
//
// Holds: the machine's path starts at the folder, as `xpv run` has it.
import { isAbsolute, posix } from 'node:path'
import type { FrontMatter } from '../../document.js'
import { isMachineWord } from '../../machine-word.js'

/** Its source; "" when there is nothing to set up. */
export function setupSource({ machine, seed, hz, folder, params }: FrontMatter): string {
  const options = [
    ...(seed === undefined ? [] : [`--seed ${seed}`]),
    ...(hz === undefined ? [] : [`--hz ${hz}`]),
  ]
  const isTold = machine !== undefined || options.length > 0
  const values = params.map(({ name, default: value }) => `${name}: ${literal(value)}`)
  return [
    ...(folder === undefined ? [] : [`%cd ${folder}`]),
    ...(isTold ? [`%machine ${[fromFolder(machine, folder), ...options].join(' ')}`] : []),
    ...(values.length === 0 ? [] : [`const params = Object.freeze({ ${values.join(', ')} })`]),
  ].join('\n')
}

function fromFolder(machine = 'sim', folder = '.'): string {
  return isMachineWord(machine) || isAbsolute(machine) ? machine : posix.relative(folder, machine)
}

/** A parameter's value in TypeScript. */
export function literal(value: string | number | boolean | bigint): string {
  return typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)
}
