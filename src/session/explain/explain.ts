// Explain: whatever is asked about, by how it is written: a number, a register, a probe, a class, a
// code, a resource, a program, a word of D.
//
//   'IA32_MCG_CAP'  '0x9c..9f'  'xpv:::dom-*'  'ereport.cpu...'  'GMCA-8000-LF'  'hc:///...'
//                 ->  the page of it
//
// Holds: no machine is asked and nothing runs: the same question has the same answer everywhere.
import { XpvError } from '../../base/error.js'
import { nearest } from '../../base/nearest.js'
import type { Program } from '../../dtrace/program/program.js'
import { eventKind } from '../../fma/event/event-class.js'
import { MSRS, msrNamed } from '../../machine/msr/msr-table.js'
import { aerErrorNamed } from '../../machine/pci/aer-error.js'
import { ERROR_NAMES, errorPage } from './error-page.js'
import { classPage, fmriPage, messagePage } from './event-page.js'
import type { Explanation } from './explanation.js'
import {
  hypercallNamed,
  hypercallPage,
  subOperationOf,
  subOperationPage,
  subOperationsNamed,
} from './hypercall-page.js'
import type { KnownText } from './known-text.js'
import { isNumberKind, numberPage } from './number-page.js'
import { PCI_REGISTER_NAMES, pciRegisterPage } from './pci-page.js'
import { probePage, wordOfDPage } from './probe-page.js'
import { isProgramText, programPage, programTextPage } from './program-page.js'
import { registerPage } from './register-page.js'
import { tracePage } from './trace-page.js'

/** Something that knows the program it stands for: a query, a piece of D. */
interface HasProgram {
  program(): Program
}

/** The page of a value; of a number `as` says what it is: 'hypercall', 'error', 'msr', 'status',
 *  'pci', 'trace', or the name of the register it was read from. Throws `XpvError` `explain.*`;
 *  `DiagnosticError` for a program with mistakes. */
export function explain(what: KnownText, as?: string): Explanation
export function explain(what: unknown, as?: string): Explanation
export function explain(what: unknown, as?: string): Explanation {
  if (typeof what === 'bigint') return numberPage(what, as)
  if (typeof what === 'number' && Number.isSafeInteger(what)) return numberPage(BigInt(what), as)
  if (typeof what === 'number')
    throw new XpvError(
      'explain.not-exact',
      `${what} has lost digits`,
      'write n behind it: 0x9c...n',
    )
  if (hasProgram(what)) return programPage(what.program())
  if (typeof what === 'string') return explainText(what.trim(), as)
  throw new XpvError('explain.unknown', 'there is nothing to explain in this value', 'help()')
}

/** The page of a text; undefined for one that no table has. Throws for one that is written like
 *  something we know and is not. */
export function explainedText(text: string, as?: string): Explanation | undefined {
  const number = numberIn(text)
  if (number !== undefined) return numberPage(number, as)
  const record = recordIn(text)
  if (record !== undefined) return record
  if (eventKind(text) !== undefined && text.includes('.')) return classPage(text)
  if (/^[a-z][a-z-]*:\/\//.test(text)) return fmriPage(text)
  if (/^[A-Z][A-Z0-9_]*-[0-9A-Y]{4}(-[0-9A-Y]{2,4})+$/.test(text)) return messagePage(text)
  const headed = headedPage(text)
  if (headed !== undefined) return headed
  if (isProgramText(text)) return programTextPage(text)
  if (/^[^\s:]*(:[^\s:]*){1,3}$/.test(text)) return probePage(text)
  return namedPage(text)
}

/** The page of something as pages themselves call it: `hypercall 48`, `domctl 1 createdomain`,
 *  `ESRCH (3)`; undefined for what is not written so. */
function headedPage(text: string): Explanation | undefined {
  const [, named] = /^(\w+) \(-?\w+\)$/.exec(text) ?? []
  if (named !== undefined) return namedPage(named)
  const [, kind = '', what = ''] = /^(\w+) +(-?\w+)(?: \(\w+\))?(?::? +\w+)?$/.exec(text) ?? []
  const number = numberIn(what)
  if (number === undefined) return isNumberKind(kind) ? namedPage(what) : undefined
  if (isNumberKind(kind)) return numberPage(number, kind)
  const op = hypercallNamed(kind)
  return op === undefined ? undefined : subOperationOf({ op, subop: Number(number) })
}

function explainText(text: string, as?: string): Explanation {
  const found = explainedText(text, as)
  if (found !== undefined) return found
  const near = nearest(text, knownNames())
  throw new XpvError(
    'explain.unknown',
    `nothing is known of ${text}`,
    near === undefined ? 'help' : `${near}?`,
  )
}

/** The page of a bare name. */
function namedPage(name: string): Explanation | undefined {
  const errno = ERROR_NAMES.find((each) => each === name)
  if (errno !== undefined) return errorPage(errno)
  const op = hypercallNamed(name)
  if (op !== undefined) return hypercallPage(op)
  const aer = aerErrorNamed(name)?.ereportClass
  const [subOperation] = subOperationsNamed(name)
  return (
    wordOfDPage(name) ??
    pciRegisterPage(name) ??
    (aer === undefined ? undefined : classPage(`ereport.io.pciex.${aer}`)) ??
    (subOperation === undefined ? undefined : subOperationPage(subOperation)) ??
    msrPage(name)
  )
}

function msrPage(name: string): Explanation | undefined {
  const isName = /^[A-Za-z]\w*$/.test(name)
  try {
    return isName ? registerPage(msrNamed(name).name) : undefined
  } catch (thrown) {
    if (thrown instanceof XpvError && thrown.code === 'msr.unknown') return undefined
    throw thrown
  }
}

/** What a misspelt name may have meant. */
function knownNames(): readonly string[] {
  return [...MSRS.map(({ name }) => name), ...ERROR_NAMES, ...PCI_REGISTER_NAMES]
}

function hasProgram(what: unknown): what is HasProgram {
  return (
    typeof what === 'object' && what !== null && typeof Reflect.get(what, 'program') === 'function'
  )
}

/** The page of a trace record that is written as its code and its words. */
function recordIn(text: string): Explanation | undefined {
  const [code, ...words] = text.split(/[\s,]+/).map(numberIn)
  if (code === undefined || words.length === 0 || code > 0xffff_ffffn) return undefined
  const whole = words.flatMap((word) => (word === undefined ? [] : [BigInt.asUintN(32, word)]))
  return whole.length < words.length ? undefined : tracePage(Number(code), whole.map(Number))
}

/** A whole number as it is typed: `0x1f`, `-22`, `36n`, `0b11`, `1_000`. */
function numberIn(text: string): bigint | undefined {
  const [, sign = '', digits = ''] =
    /^(-?)(0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*)n?$/.exec(text) ?? []
  if (digits === '') return undefined
  const value = BigInt(digits.replaceAll('_', ''))
  return sign === '-' ? -value : value
}
