// The first cell of a converted notebook: it opens the machine, goes to the folder and sets the
// parameters that the front matter tells of.
//
//   %machine ../examples/recordings/xl-create
//   process.chdir('..')
import type { FrontMatter } from '../../document.js'

/** Its source; "" when there is nothing to set up. */
export function setupSource({ machine, seed, hz, folder, params }: FrontMatter): string {
  const options = [
    ...(seed === undefined ? [] : [`--seed ${seed}`]),
    ...(hz === undefined ? [] : [`--hz ${hz}`]),
  ]
  const isTold = machine !== undefined || options.length > 0
  const values = params.map(({ name, default: value }) => `${name}: ${literal(value)}`)
  return [
    ...(isTold ? [`%machine ${[machine ?? 'sim', ...options].join(' ')}`] : []),
    ...(folder === undefined ? [] : [`process.chdir(${JSON.stringify(folder)})`]),
    ...(values.length === 0 ? [] : [`const params = Object.freeze({ ${values.join(', ')} })`]),
  ].join('\n')
}

/** A parameter's value in TypeScript. */
export function literal(value: string | number | boolean | bigint): string {
  return typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)
}
