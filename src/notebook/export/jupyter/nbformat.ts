// The rules of nbformat 4.5, as far as what we write is concerned.
//
//   a notebook  ->  what is wrong with it, each with its place
//
// Source: nbformat/v4/nbformat.v4.5.schema.json.
import { isJson, type Json } from './notebook-json.js'

/** Every breach of the rules; none for a notebook that nbformat takes. */
export function nbformatMistakes(notebook: unknown): readonly string[] {
  if (!isJson(notebook)) return ['the notebook is no object']
  const found = unknownKeys(notebook, 'metadata nbformat nbformat_minor cells', '')
  const { metadata, nbformat, nbformat_minor, cells } = notebook
  if (nbformat !== 4) found.push('nbformat is not 4')
  if (nbformat_minor !== 5) found.push('nbformat_minor is not 5')
  found.push(...metadataMistakes(metadata))
  if (!Array.isArray(cells)) return [...found, 'cells is no list']
  const ids = cells.map((cell) => (isJson(cell) ? cell['id'] : undefined))
  const twice = ids.find((id, i) => ids.indexOf(id) < i)
  if (twice !== undefined) found.push(`two cells have the id ${String(twice)}`)
  return [...found, ...cells.flatMap((cell, i) => cellMistakes(cell, `cells[${i}]`))]
}

function metadataMistakes(metadata: unknown): readonly string[] {
  if (!isJson(metadata)) return ['metadata is no object']
  const { kernelspec, language_info: language, title } = metadata
  const found: string[] = []
  if (kernelspec !== undefined) {
    for (const key of ['name', 'display_name'])
      if (!isJson(kernelspec) || typeof kernelspec[key] !== 'string')
        found.push(`metadata.kernelspec.${key} is no text`)
  }
  if (language !== undefined && (!isJson(language) || typeof language['name'] !== 'string'))
    found.push('metadata.language_info.name is no text')
  if (title !== undefined && typeof title !== 'string') found.push('metadata.title is no text')
  return found
}

const KEYS: Readonly<Record<string, string>> = {
  raw: 'id cell_type metadata attachments source',
  markdown: 'id cell_type metadata attachments source',
  code: 'id cell_type metadata source outputs execution_count',
}

function cellMistakes(cell: unknown, at: string): readonly string[] {
  if (!isJson(cell)) return [`${at} is no object`]
  const { id, cell_type: type, metadata, outputs, execution_count: count } = cell
  const keys = KEYS[String(type)]
  if (keys === undefined) return [`${at}.cell_type is ${String(type)}`]
  const found = unknownKeys(cell, keys, at)
  if (typeof id !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(id)) found.push(`${at}.id`)
  if (!isJson(metadata)) found.push(`${at}.metadata is no object`)
  else if (metadata['tags'] !== undefined && !areTags(metadata['tags'])) found.push(`${at} tags`)
  if (!isMultiline(cell['source'])) found.push(`${at}.source is no text`)
  if (type !== 'code') return found
  if (count !== null && !isCount(count)) found.push(`${at}.execution_count`)
  if (!Array.isArray(outputs)) return [...found, `${at}.outputs is no list`]
  return [...found, ...outputs.flatMap((each, i) => outputMistakes(each, `${at}.outputs[${i}]`))]
}

const OUTPUT_KEYS: Readonly<Record<string, string>> = {
  stream: 'output_type name text',
  display_data: 'output_type data metadata',
  execute_result: 'output_type data metadata execution_count',
  error: 'output_type ename evalue traceback',
}

function outputMistakes(output: unknown, at: string): readonly string[] {
  if (!isJson(output)) return [`${at} is no object`]
  const { output_type: type, data, metadata, name, text } = output
  const keys = OUTPUT_KEYS[String(type)]
  if (keys === undefined) return [`${at}.output_type is ${String(type)}`]
  const found = unknownKeys(output, keys, at)
  if (type === 'stream') {
    if (typeof name !== 'string' || !isMultiline(text)) found.push(`${at} is no stream`)
  } else if (type === 'error') {
    const { ename, evalue, traceback } = output
    const areTexts = typeof ename === 'string' && typeof evalue === 'string'
    if (!areTexts || !isMultiline(traceback)) found.push(`${at} is no error`)
  } else {
    if (!isJson(data) || !isJson(metadata)) found.push(`${at} has no data and metadata`)
    else if (!Object.entries(data).every(isMime)) found.push(`${at}.data is no bundle`)
  }
  return found
}

function isMime([type, value]: [string, unknown]): boolean {
  return /json$/.test(type) || isMultiline(value)
}

function isMultiline(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every(isText))
}

const isText = (value: unknown): boolean => typeof value === 'string'
const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0

function areTags(value: unknown): boolean {
  const isTag = (tag: unknown): boolean => typeof tag === 'string' && /^[^,]+$/.test(tag)
  return Array.isArray(value) && value.every(isTag) && new Set(value).size === value.length
}

function unknownKeys(object: Json, known: string, at: string): string[] {
  const names = known.split(' ')
  const missing = names.filter((name) => !(name in object) && name !== 'attachments')
  const more = Object.keys(object).filter((name) => !names.includes(name))
  return [
    ...missing.map((name) => `${at}.${name} is missing`),
    ...more.map((name) => `${at}.${name} is not known`),
  ]
}
