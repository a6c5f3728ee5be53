// Value words: the last value in another form, on the screen or in a file.
//
//   .json   .csv slow.csv   .md   .svg heat.svg
import { existsSync, writeFileSync } from 'node:fs'
import { XpvError } from '../base/error.js'
import type { ValueForm } from '../session/value-forms.js'

/** Shows the last value in a form, or writes it to a file: over one that is there with `-f`.
 *  Throws `XpvError` `shell.no-value`, `shell.file-exists`, `session.no-form`. */
export async function valueWord(form: ValueForm, words: string): Promise<string> {
  const value: unknown = Reflect.get(globalThis, '_')
  if (value === undefined)
    throw new XpvError('shell.no-value', 'no cell has had a value yet', `domains, then .${form}`)
  const { valueAs } = await import('../session/value-forms.js')
  const [, force, path = ''] = /^(-f\s+)?(.*)$/.exec(words) ?? []
  if (path === '') return valueAs(value, form)
  if (force === undefined && existsSync(path))
    throw new XpvError('shell.file-exists', `${path} is there already`, `.${form} -f ${path}`)
  const text = valueAs(value, form)
  try {
    writeFileSync(path, text)
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new XpvError('shell.not-written', reason)
  }
  return `${text.length} characters in ${path}\n`
}
