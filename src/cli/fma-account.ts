// FmaAccount: the walk from what was seen to what was done, whole and part by part.
//
//   fma.explain('GMCA-8000-LF')       ->  all of it        .why .done .tree  ->  one part
//
// Holds: the parts are those of the whole, in its order; it is the case as it was when asked for.
import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import type { Page, ShownAsPage } from '../base/page.js'
import { accountPage, type CaseAccount, caseAccount } from '../fma/explain/explain-case.js'
import type { ReasonOptions } from '../fma/explain/reason-lines.js'
import type { Case } from '../fma/fmd/case.js'
import type { FaultManagement } from '../fma/host/fault-management.js'
import { FmaText, pageText } from './fma-text.js'

/** The account of one case. */
export class FmaAccount implements ShownAsPage, Described {
  readonly #account: CaseAccount
  readonly #case: Case
  readonly #options: ReasonOptions

  constructor(management: FaultManagement, of: Case, options: ReasonOptions) {
    this.#account = caseAccount(management, of, options)
    this.#case = of
    this.#options = options
  }

  get head(): FmaText {
    return new FmaText(this.#account.head)
  }

  get seen(): FmaText {
    return new FmaText(this.#account.seen)
  }

  get why(): FmaText {
    return new FmaText(this.#account.why)
  }

  get dropped(): FmaText {
    return new FmaText(this.#account.dropped)
  }

  get done(): FmaText {
    return new FmaText(this.#account.done)
  }

  get unseen(): FmaText {
    return new FmaText(this.#account.unseen)
  }

  get tree(): FmaText {
    return new FmaText(this.#account.tree)
  }

  toString(): string {
    return pageText(this[DISPLAY]())
  }

  toJSON(): unknown {
    const { head, seen, why, dropped, done, unseen, tree } = this
    return { uuid: this.#case.uuid, head, seen, why, dropped, done, unseen, tree }
  }

  [DESCRIBE](): Description {
    const summary = 'why a case is what it is'
    return { name: 'fma.explain(fma.cases[0])', summary, members: MEMBERS }
  }

  [DISPLAY](): Page {
    return accountPage(this.#account, this.#case, this.#options)
  }
}

const MEMBERS: MembersOf<FmaAccount> = {
  head: 'the case, its suspects, its message',
  seen: 'what was noticed: those of one class from one part together',
  why: 'why that is the diagnosis',
  dropped: 'what else was considered, and why not',
  done: 'what agents asked for, and what became of it',
  unseen: 'what whoever diagnosed could not know',
  tree: 'how it was found, step by step',
  toString: 'all of it as a text',
}
