// SavedGuest: what a save file holds of a guest, or a migration's stream carries: its
// configuration, how much memory it has, which vcpus are up.
//
//   xl save web1 web1.save  ->  text in dom0's files  ->  xl restore web1.save
//
// Holds: a text that is none of these is told apart by its first line.
import { type DomainSpec, printJson, specFromJson, specToJson } from './domain-spec.js'

const MAGIC = 'Xen saved domain, xl format'
/** What the file's flags say: its configuration is JSON; the stream is of the second version. */
export const SAVE_FLAGS = '0x3/0x0'

/** A guest to be restored. */
export interface SavedGuest {
  readonly spec: DomainSpec
  readonly pages: number
  /** Its vcpus that were up. */
  readonly vcpus: readonly number[]
  /** Its stream ends before its memory comes. */
  readonly isCut?: boolean
}

/** A file that holds it. */
export function savedText(guest: SavedGuest, scheduler: string): string {
  const { spec, pages, vcpus } = guest
  const config = specToJson(spec, scheduler)
  return `${MAGIC}\n${JSON.stringify({ config, pages, vcpus })}\n`
}

/** What a file holds; undefined where it is no such file. */
export function savedGuest(text: string): SavedGuest | undefined {
  const [magic, body = ''] = text.split('\n')
  if (magic !== MAGIC) return undefined
  const { config, pages, vcpus } = JSON.parse(body)
  const spec = specFromJson(JSON.stringify(config))
  return spec === undefined ? undefined : { spec, pages, vcpus }
}

/** Bytes that the configuration takes in the file's head. */
export function headBytes(spec: DomainSpec, scheduler: string): number {
  return 4 + printJson(specToJson(spec, scheduler)).length + 2
}
