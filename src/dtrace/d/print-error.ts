// Compile errors as text: DTrace's one line for the first, or all of them with their places.
//
//   dtrace: failed to compile script f.d: [D_DIV_ZERO] line 3: expression contains division by zero
//   dtrace: invalid probe specifier BEGIN { x = y }: in action list: failed to resolve y: ...
//
// Source: libdtrace dt_error.c (dt_set_errmsg), cmd/dtrace (compile_str, compile_file).
import { printDiagnostic } from '../../base/diagnostic.js'
import type { CompileErrors } from './compile.js'
import type { DDiagnostic } from './diagnostics.js'

/** The first error as dtrace(8) prints it, without a newline at the end. `errtags` is -x
 *  errtags. */
export function printCompileError(
  errors: CompileErrors,
  options: { readonly errtags?: boolean } = {},
): string {
  const { source, diagnostics } = errors
  const [first] = diagnostics
  const what =
    source.part === 'script'
      ? `failed to compile script ${source.file ?? ''}`
      : `invalid probe specifier ${source.text}`
  if (first === undefined) return `dtrace: ${what}`
  const tag = options.errtags && first.tag !== undefined ? `[${first.tag}] ` : ''
  const where = place(first, source.part === 'script', errors.library?.file)
  return `dtrace: ${what}: ${tag}${where}${first.message}`
}

function place(d: DDiagnostic, isScript: boolean, library?: string): string {
  if (d.placeless) return ''
  const file = d.file ?? library
  if (file !== undefined) return `"${file}", line ${d.line}: `
  if (isScript) return `line ${d.line}: `
  return d.region === undefined ? '' : `in ${d.region}: `
}

/** All errors, each with its line, a caret and a hint, without a newline at the end. Lines count
 *  as `# line` says. */
export function printCompileErrors({ source, library, diagnostics }: CompileErrors): string {
  const { text } = library ?? source
  const isMarked = LINE_MARK.test(text)
  const said = (d: DDiagnostic) =>
    isMarked || library !== undefined ? { file: d.file ?? library?.file, line: d.line } : undefined
  return diagnostics.map((d) => printDiagnostic(text, d, said(d))).join('\n')
}

const LINE_MARK = /^[ \t]*#[ \t]*(line[ \t]+)?[0-9]/m
