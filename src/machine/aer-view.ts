// AerView: the Advanced Error Reporting registers of one function, by what they are for.
//
//   hostbridge.at('05:00.0').aer  ->  found: CmpltTO (non-fatal); header of: MRd by 05:00.0 ...

import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { type Table, table } from '../base/table.js'
import { AER_ERRORS } from './pci/aer-error.js'
import { HEADER_LOG } from './pci/aer-registers.js'
import { readConfig } from './pci/config-space.js'
import { printRequesterId, type RequesterId } from './pci/requester-id.js'
import { decodeTlp, type HeaderWords, printTlp } from './pci/tlp-header.js'
import type { PciRegisterView } from './pci-register-view.js'

/** What a function's error registers are made of. */
export interface AerParts {
  readonly bytes: Uint8Array
  /** Where the capability begins. */
  readonly at: number
  /** The register of a name of this capability; undefined where it has none. */
  readonly register: (name: string) => PciRegisterView | undefined
}

/** The error registers of one function. */
export class AerView implements ShownAsPage, Described {
  readonly #parts: AerParts

  constructor(parts: AerParts) {
    this.#parts = parts
  }

  get uncorrectableStatus(): PciRegisterView {
    return this.#of('UESta')
  }

  get uncorrectableMask(): PciRegisterView {
    return this.#of('UEMsk')
  }

  get uncorrectableSeverity(): PciRegisterView {
    return this.#of('UESvrt')
  }

  get correctableStatus(): PciRegisterView {
    return this.#of('CESta')
  }

  get correctableMask(): PciRegisterView {
    return this.#of('CEMsk')
  }

  get control(): PciRegisterView {
    return this.#of('AERCap')
  }

  get rootCommand(): PciRegisterView | null {
    return this.#parts.register('RootCmd') ?? null
  }

  get rootStatus(): PciRegisterView | null {
    return this.#parts.register('RootSta') ?? null
  }

  get errorSource(): PciRegisterView | null {
    return this.#parts.register('ErrorSrc') ?? null
  }

  /** The error whose header is logged; null when nothing is latched. */
  get firstError(): string | null {
    const bit = this.control.field('First Error Pointer') ?? 0
    const error = AER_ERRORS.find((each) => !each.correctable && each.bit === bit)
    const isLatched = error !== undefined && this.uncorrectableStatus.set.includes(error.name)
    return isLatched ? error.name : null
  }

  get headerLog(): HeaderWords {
    const { bytes, at } = this.#parts
    const word = (n: number): number => readConfig(bytes, at + HEADER_LOG + 4 * n, 4) ?? 0
    return [word(0), word(1), word(2), word(3)]
  }

  /** No packet's header is all zeros: an error that is about none, such as a timeout, leaves the
   *  log so. */
  get header(): string | null {
    const { firstError, headerLog } = this
    const isLogged = firstError !== null && headerLog.some((word) => word !== 0)
    return isLogged ? headerText(headerLog) : null
  }

  /** Errors that are latched, as a table: what nobody has cleared since they were found. One that
   *  is not masked was told only where DevCtl or SERR of Command let it. */
  get latched(): Table {
    const found = [...this.uncorrectableStatus.set, ...this.correctableStatus.set]
    const rows = found.flatMap((name) => {
      const error = AER_ERRORS.find((each) => each.name === name)
      if (error === undefined) return []
      const masks = error.correctable ? this.correctableMask : this.uncorrectableMask
      const isFatal = !error.correctable && this.uncorrectableSeverity.set.includes(name)
      const severity = error.correctable ? 'correctable' : isFatal ? 'fatal' : 'non-fatal'
      return [[name, severity, masks.set.includes(name) ? 'yes' : 'no', error.doc]]
    })
    return table(['error', 'severity', 'masked', { name: 'meaning', wraps: true }], rows)
  }

  toJSON(): unknown {
    const { uncorrectableStatus, correctableStatus, rootStatus, firstError, headerLog } = this
    return { uncorrectableStatus, correctableStatus, rootStatus, firstError, headerLog }
  }

  [DESCRIBE](): Description {
    return { name: 'aer', summary: 'Advanced Error Reporting of a function', members: AER_MEMBERS }
  }

  [DISPLAY](): Page {
    const { latched, header, firstError, rootStatus } = this
    const isClean = latched.rows.length === 0
    return page(
      [
        isClean ? 'no error is latched' : 'errors latched, not cleared by anybody:',
        isClean ? undefined : latched,
        firstError === null ? undefined : `first was ${firstError}, ${headerNote(header)}`,
        rootStatus === null ? undefined : this.#messages(rootStatus),
      ],
      this.toJSON(),
    )
  }

  /** Messages that came to a root port. */
  #messages(status: PciRegisterView): string {
    if (status.set.length === 0) return 'no message of an error came from below'
    const source = this.errorSource
    const from = (name: string): string =>
      printRequesterId((source?.field(name) ?? 0) as RequesterId)
    const set = status.set
    const said = [
      ...(set.includes('CERcvd') ? [`ERR_COR from ${from('ERR_COR')}`] : []),
      ...(set.includes('UERcvd')
        ? [`an uncorrectable one from ${from('ERR_FATAL/NONFATAL')}`]
        : []),
    ]
    const lost = set.some((name) => name.startsWith('Mult'))
      ? '; more came, and who sent them is lost'
      : ''
    return `messages from below: ${said.join(', ')}${lost} (${set.join(' ')})`
  }

  #of(name: string): PciRegisterView {
    return this.#parts.register(name) as PciRegisterView
  }
}

const headerNote = (header: string | null): string =>
  header === null ? 'which logs no header' : `of ${header}`

/** A packet's header in words, and as it was logged. */
function headerText(words: HeaderWords): string {
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join(' ')
  return `${printTlp(decodeTlp(words))} (${hex})`
}

/** What each property of the error registers says. */
const AER_MEMBERS: MembersOf<AerView> = {
  uncorrectableStatus: 'UESta: uncorrectable errors found, also those not reported',
  uncorrectableMask: 'UEMsk: those that are not reported',
  uncorrectableSeverity: 'UESvrt: those that are fatal',
  correctableStatus: 'CESta: correctable errors found',
  correctableMask: 'CEMsk: those that are not reported',
  control: 'AERCap: which error came first; checksums',
  rootCommand: 'RootCmd: messages that interrupt; null but at a root port',
  rootStatus: 'RootSta: messages that came; null but at a root port',
  errorSource: 'ErrorSrc: who sent the first of each kind; null but at a root port',
  firstError: 'the error whose header is logged; null when none is latched',
  headerLog: 'the four words of that header',
  header: 'the same header in words; null when none is logged',
  latched: 'errors latched, as a table: severity, whether they are told, meaning',
}
