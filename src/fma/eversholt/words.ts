// Words that Eversholt keeps for itself.
//
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/esclex.c.

/** Words that begin a statement. */
export const STATEMENT_WORDS: readonly string[] = 'event engine prop mask asru fru config if'.split(
  ' ',
)

/** Functions of which all arguments are paths, strings or calls. */
export const PATH_FUNCTIONS: readonly string[] =
  'is_connected is_under is_on is_present is_type has_fault confprop confprop_defined'.split(' ')

/** Words that no name, and no step of a path, may be. */
export const RESERVED: ReadonlySet<string> = new Set([
  ...STATEMENT_WORDS,
  ...PATH_FUNCTIONS,
  'count',
  'div',
])
