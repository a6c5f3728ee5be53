// RawFormat: what tracefs' `format` and `header_page` files say about the bytes of raw pages.
//
//   name: domctl   ID: 1512   field:u16 dom; offset:36; size:2; signed:0;
//
// Source: linux Documentation/trace/events.rst; kernel/trace/trace_events.c (f_show).
import { XpvError } from '../../base/error.js'

/** A field of a record: where it stands and how it is read. */
export interface RawField {
  readonly name: string
  readonly offset: number
  readonly size: number
  readonly signed: boolean
}

/** The layout of one kind of record. */
export interface RawFormat {
  readonly name: string
  readonly id: number
  readonly fields: readonly RawField[]
}

/** The layout of a page of the ring buffer. */
export interface RawPageLayout {
  readonly commitOffset: number
  readonly commitSize: number
  readonly dataOffset: number
  readonly pageSize: number
}

const FIELD = /^\s*field:([^;]*);\s*offset:(\d+);\s*size:(\d+);(?:\s*signed:([01]);)?/gm

/** Reads an event's format file. Throws `XpvError` `trace.format` when it is none. */
export function parseRawFormat(text: string): RawFormat {
  const name = /^name:\s*(\S+)/m.exec(text)?.[1]
  const id = /^ID:\s*(\d+)/m.exec(text)?.[1]
  const fields = parseFields(text)
  if (name === undefined || id === undefined || fields.length === 0) {
    throw new XpvError(
      'trace.format',
      `not a tracefs format file: at offset 0 "name:", "ID:" and fields were expected, ` +
        `found ${start(text)}`,
      'copy events/<system>/<name>/format next to the pages',
    )
  }
  return { name, id: Number(id), fields }
}

/** Reads events/header_page. Throws `XpvError` `trace.format` when it is none. */
export function parseHeaderPage(text: string): RawPageLayout {
  const fields = new Map(parseFields(text).map((field) => [field.name, field]))
  const commit = fields.get('commit')
  const data = fields.get('data')
  if (fields.get('timestamp')?.offset !== 0 || !isCommit(commit) || data === undefined) {
    throw new XpvError(
      'trace.format',
      'not a tracefs header_page: at offset 0 timestamp, commit and data were expected, ' +
        `found ${start(text)}`,
      'copy events/header_page next to the pages',
    )
  }
  return {
    commitOffset: commit.offset,
    commitSize: commit.size,
    dataOffset: data.offset,
    pageSize: data.offset + data.size,
  }
}

function isCommit(field: RawField | undefined): field is RawField {
  return field !== undefined && (field.size === 4 || field.size === 8)
}

function parseFields(text: string): readonly RawField[] {
  return [...text.matchAll(FIELD)].flatMap(([, declaration = '', offset, size, signed]) => {
    const name = /(\w+)\s*(?:\[[^\]]*\])?\s*$/.exec(declaration)?.[1]
    if (name === undefined) return []
    return [{ name, offset: Number(offset), size: Number(size), signed: signed === '1' }]
  })
}

function start(text: string): string {
  return JSON.stringify(text.slice(0, 40))
}
