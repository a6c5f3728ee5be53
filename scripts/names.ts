// What the build asks for the name files. Imported late, as all is that the prompt does not need.
import type { NameIndex } from '../src/session/name-index.js'

/** What Tab offers at the start of a session, by era. */
export async function nameIndexes(): Promise<ReadonlyMap<string, NameIndex>> {
  return (await import('../src/cli/make-names.js')).nameIndexes()
}
