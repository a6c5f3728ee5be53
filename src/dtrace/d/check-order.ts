// What may follow what in a clause: speculate() turns all that is recorded after it to a
// speculation, commit() and discard() end one.
//
//   speculate(id); printf(...)       fine: the record waits
//   printf(...); speculate(id)       D_SPEC_DREC: half of a record cannot wait
//
// Holds: a clause's statements are told in order, those of each branch of an if by themselves,
// since a branch is a clause of its own.
// Source: illumos libdtrace dt_cc.c (dt_stmt_append); DTrace for Linux dt_cg.c (dt_cg_clsflags),
// which lets commit() follow commit() and counts what waits as recorded.
import type { Span } from '../../base/span.js'
import type { OptionDialect } from '../program/options.js'
import type { Statement } from '../program/program.js'
import { isDestructive } from '../program/statements.js'
import type { Diagnostics } from './diagnostics.js'

/** Follows the statements of one clause. */
export class StatementOrder {
  readonly #diagnostics: Diagnostics
  readonly #dialect: OptionDialect
  #committed = false
  #speculating = false
  #recorded = false

  constructor(diagnostics: Diagnostics, dialect: OptionDialect) {
    this.#diagnostics = diagnostics
    this.#dialect = dialect
  }

  /** Adds the next statement. Fails with a `Failure` when it may not be there. */
  follow(statement: Statement, span: Span): void {
    switch (statement.kind) {
      case 'expr':
      case 'discard':
        return
      case 'commit':
        this.#commit(span)
        return
      case 'speculate':
        this.#speculate(span)
        return
      case 'aggregate':
        this.#aggregate(span)
        return
      default:
        this.#record(statement, span)
    }
  }

  #commit(span: Span): void {
    if (this.#committed && this.#dialect === 'illumos')
      this.#fail(span, 'D_COMM_COMM', 'commit( ) may not follow commit( )')
    if (this.#recorded)
      this.#fail(span, 'D_COMM_DREC', 'commit( ) may not follow data-recording action(s)')
    this.#committed = true
  }

  #speculate(span: Span): void {
    if (this.#speculating)
      this.#fail(span, 'D_SPEC_SPEC', 'speculate( ) may not follow speculate( )')
    if (this.#committed) this.#fail(span, 'D_SPEC_COMM', 'speculate( ) may not follow commit( )')
    if (this.#recorded)
      this.#fail(span, 'D_SPEC_DREC', 'speculate( ) may not follow data-recording action(s)')
    this.#speculating = true
  }

  #aggregate(span: Span): void {
    if (this.#committed)
      this.#fail(span, 'D_AGG_COMM', 'aggregating actions may not follow commit( )')
    if (this.#speculating)
      this.#fail(span, 'D_AGG_SPEC', 'aggregating actions may not follow speculate( )')
    this.#recorded = true
  }

  #record(statement: Statement, span: Span): void {
    const destructive = isDestructive(statement)
    if (this.#speculating) {
      if (destructive)
        this.#fail(span, 'D_ACT_SPEC', 'destructive actions may not follow speculate( )')
      if (statement.kind === 'exit')
        this.#fail(span, 'D_EXIT_SPEC', 'exit( ) may not follow speculate( )')
    }
    const linux = this.#dialect === 'linux'
    if (destructive && !linux) return
    if (this.#committed)
      this.#fail(span, 'D_DREC_COMM', 'data-recording actions may not follow commit( )')
    if (linux || !this.#speculating) this.#recorded = true
  }

  #fail(span: Span, tag: string, message: string): never {
    return this.#diagnostics.fail(span, tag, message)
  }
}
