// What stands outside of clauses: variables, types, inlines, translators, providers; and which
// names a program finds defined.
import type { ProbeCatalog } from '../probe/catalog.js'
import type { SourceFile } from './ast.js'
import { checkDeclaration } from './check-declaration.js'
import { checkInline } from './check-inline.js'
import { checkProvider } from './check-provider.js'
import { checkTranslator } from './check-translator.js'
import type { CheckContext } from './checked.js'
import type { Scope } from './scope.js'

/** Checks one item of a source; clauses are left for later. */
export function checkDefinition(
  cx: CheckContext,
  item: SourceFile['items'][number],
  catalog: ProbeCatalog,
): void {
  if (item.kind === 'declaration') checkDeclaration(cx, item.declaration)
  else if (item.kind === 'inline') checkInline(cx, item.inline)
  else if (item.kind === 'translator') checkTranslator(cx, item.translator)
  else if (item.kind === 'provider') checkProvider(cx, item.provider, catalog)
}

/** Whether a program has defined the name by now: a global variable, an inline, a provider, or
 *  translators, which share one name. */
export function isDefined(scope: Scope, name: string): boolean {
  if (name === 'translator') return scope.translators.length > 0
  if (scope.inline(name) !== undefined || scope.provider(name) !== undefined) return true
  return scope.variable('global', name) !== undefined
}
