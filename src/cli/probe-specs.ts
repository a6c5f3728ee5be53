// Names of all probes, for completion.
import { probeSpec } from '../dtrace/probe/description.js'
import { standardCatalog } from '../dtrace/probe/standard-catalog.js'

/** Every probe's full name, in order of ids. */
export function queryCatalogSpecs(): readonly string[] {
  return standardCatalog().probes.map(probeSpec)
}
