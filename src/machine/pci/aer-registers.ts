// The registers of Advanced Error Reporting: what was found, what is held back, how bad it is, the
// header of the first, and, at a root port, who sent a message.
//
// Source: PCI Express Base 3.0 section 7.10; offsets are from the start of the capability.
import { AER_ERRORS } from './aer-error.js'
import { type Access, type FieldRow, type PciRegister, plain, register } from './register.js'

const bits = (correctable: boolean, access: Access): readonly FieldRow[] =>
  AER_ERRORS.filter((e) => e.correctable === correctable).map((e) => [
    e.name,
    e.bit,
    1,
    access,
    e.doc,
  ])

/** Uncorrectable errors found since somebody cleared them. */
export const UE_STATUS = register(
  ['UESta', 0x04, 4],
  'uncorrectable errors found, also those not reported',
  bits(false, 'rw1cs'),
)
/** Uncorrectable errors that are not reported. */
export const UE_MASK = register(
  ['UEMsk', 0x08, 4],
  'uncorrectable errors that are not reported and whose header is not logged',
  bits(false, 'rws'),
)
/** Which uncorrectable errors are fatal. */
export const UE_SEVERITY = register(
  ['UESvrt', 0x0c, 4],
  'uncorrectable errors that are fatal: 1 sends ERR_FATAL, 0 ERR_NONFATAL',
  bits(false, 'rws'),
)
/** Correctable errors found since somebody cleared them. */
export const CE_STATUS = register(
  ['CESta', 0x10, 4],
  'correctable errors found, also those not reported',
  bits(true, 'rw1cs'),
)
/** Correctable errors that are not reported. */
export const CE_MASK = register(
  ['CEMsk', 0x14, 4],
  'correctable errors that are not reported',
  bits(true, 'rws'),
)
/** Capabilities and control: the first error, the checksum. */
export const AER_CONTROL = register(['AERCap', 0x18, 4], 'which error came first', [
  ['First Error Pointer', 0, 5, 'ros', 'bit in UESta of the error whose header is logged'],
  ['ECRCGenCap', 5, 1, 'ro', 'can add an end-to-end checksum'],
  ['ECRCGenEn', 6, 1, 'rws', 'adds it'],
  ['ECRCChkCap', 7, 1, 'ro', 'can check it'],
  ['ECRCChkEn', 8, 1, 'rws', 'checks it'],
  ['MultHdrRecCap', 9, 1, 'ro', 'can keep more than one header'],
  ['MultHdrRecEn', 10, 1, 'rws', 'keeps more than one header'],
  ['TLPPfxPres', 11, 1, 'ros', 'the log has a TLP prefix too'],
  ['HdrLogCap', 12, 1, 'ro', 'the header of a completion that timed out can be logged'],
])
/** Header log: the TLP that the first error was about, four words, most significant byte first. */
export const HEADER_LOG = 0x1c

/** Root error command: which messages are an interrupt. */
export const ROOT_COMMAND = register(['RootCmd', 0x2c, 4], 'messages that are an interrupt', [
  ['CERptEn', 0, 1, 'rw', 'interrupt on ERR_COR'],
  ['NFERptEn', 1, 1, 'rw', 'interrupt on ERR_NONFATAL'],
  ['FERptEn', 2, 1, 'rw', 'interrupt on ERR_FATAL'],
])
/** Root error status: which messages came. */
export const ROOT_ERROR_STATUS = register(['RootSta', 0x30, 4], 'messages that came', [
  ['CERcvd', 0, 1, 'rw1cs', 'ERR_COR was received'],
  ['MultCERcvd', 1, 1, 'rw1cs', 'more than one; the sources of the others are lost'],
  ['UERcvd', 2, 1, 'rw1cs', 'ERR_NONFATAL or ERR_FATAL was received'],
  ['MultUERcvd', 3, 1, 'rw1cs', 'more than one; the sources of the others are lost'],
  ['FirstFatal', 4, 1, 'rw1cs', 'the first of these was ERR_FATAL'],
  ['NonFatalMsg', 5, 1, 'rw1cs', 'ERR_NONFATAL was received'],
  ['FatalMsg', 6, 1, 'rw1cs', 'ERR_FATAL was received'],
  ['IntMsg', 27, 5, 'ro', 'which MSI or MSI-X message tells of errors'],
])
/** Error source: who sent the first message of each kind. */
export const ERROR_SOURCE = register(['ErrorSrc', 0x34, 4], 'who sent the first messages', [
  ['ERR_COR', 0, 16, 'ros', 'requester id of the first ERR_COR'],
  ['ERR_FATAL/NONFATAL', 16, 16, 'ros', 'requester id of the first ERR_NONFATAL or ERR_FATAL'],
])

const FOR_ALL: readonly PciRegister[] = [
  UE_STATUS,
  UE_MASK,
  UE_SEVERITY,
  CE_STATUS,
  CE_MASK,
  AER_CONTROL,
  ...[0, 1, 2, 3].map((n) =>
    plain([`HeaderLog ${n}`, HEADER_LOG + 4 * n, 4], 'ros', `word ${n} of the logged header`),
  ),
]
const FOR_ROOTS: readonly PciRegister[] = [ROOT_COMMAND, ROOT_ERROR_STATUS, ERROR_SOURCE]

/** The registers of the capability: of a root port or event collector, or of any other function. */
export function aerRegisters(ofRoot: boolean): readonly PciRegister[] {
  return ofRoot ? [...FOR_ALL, ...FOR_ROOTS] : FOR_ALL
}
