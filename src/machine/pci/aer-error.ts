// AerError: what Advanced Error Reporting can tell, one row an error.
//
//   bit 14 of UESta  CmpltTO  completion timeout  transaction layer  non-fatal unless UESvrt says
//   so
//
// Holds: lspci's and Linux's names are unique over both registers. Source: PCI Express Base 3.0
// section 6.2 and 7.10; names of Linux as its AER driver prints them; classes of illumos as
// `ereport.io.pciex.*`.

/** The layer in which an error is found. */
export type PcieLayer = 'Physical Layer' | 'Data Link Layer' | 'Transaction Layer'

/** How bad: which message is sent. */
export type PcieSeverity = 'correctable' | 'non-fatal' | 'fatal'

/** One kind of error. */
export interface AerError {
  readonly bit: number
  /** In CESta; else in UESta. */
  readonly correctable: boolean
  /** As lspci prints it. */
  readonly name: string
  /** As Linux prints it. */
  readonly linuxName: string
  /** After `ereport.io.pciex.`; undefined where illumos has none. */
  readonly ereportClass: string | undefined
  readonly layer: PcieLayer
  /** Before anybody changes the severity register. */
  readonly severity: PcieSeverity
  readonly doc: string
}

type Row = readonly [
  bit: number,
  name: string,
  linuxName: string,
  ereportClass: string | undefined,
  doc: string,
]

const FATAL_BITS: readonly number[] = [4, 5, 13, 17, 18, 22]
const LINK_BITS: readonly number[] = [4, 5]

const UNCORRECTABLE: readonly Row[] = [
  [4, 'DLP', 'DLP', 'dl.dllp', 'data link protocol error: acknowledgement of what was never sent'],
  [5, 'SDES', 'SDES', 'dl.sd', 'surprise down: the link went away'],
  [12, 'TLP', 'TLP', 'tl.ptlp', 'poisoned TLP received: the sender knew its data was bad'],
  [13, 'FCP', 'FCP', 'tl.fcp', 'flow control protocol error'],
  [14, 'CmpltTO', 'CmpltTO', 'tl.cto', 'completion timeout: a request was never answered'],
  [
    15,
    'CmpltAbrt',
    'CmpltAbrt',
    'tl.ca',
    'completer abort: a request broke the rules of the device',
  ],
  [16, 'UnxCmplt', 'UnxCmplt', 'tl.uc', 'unexpected completion: an answer to no request'],
  [17, 'RxOF', 'RxOF', 'tl.rof', 'receiver overflow: more came than credit was given for'],
  [18, 'MalfTLP', 'MalfTLP', 'tl.mtlp', 'malformed TLP: its header contradicts itself'],
  [19, 'ECRC', 'ECRC', 'tl.ecrc', 'end-to-end checksum is wrong'],
  [20, 'UnsupReq', 'UnsupReq', 'tl.ur', 'unsupported request: nobody answers at that address'],
  [21, 'ACSViol', 'ACSViol', undefined, 'access control violation: a forbidden path between peers'],
  [22, 'UncorrIntErr', 'UncorrIntErr', undefined, 'uncorrectable internal error of the device'],
  [23, 'BlockedTLP', 'BlockedTLP', undefined, 'multicast TLP blocked'],
  [24, 'AtomicOpBlocked', 'AtomicOpBlocked', undefined, 'atomic operation blocked on its way out'],
  [25, 'TLPBlockedErr', 'TLPBlockedErr', undefined, 'TLP prefix blocked'],
]

const CORRECTABLE: readonly Row[] = [
  [0, 'RxErr', 'RxErr', 'pl.re', 'receiver error: symbols that cannot be decoded'],
  [6, 'BadTLP', 'BadTLP', 'dl.btlp', 'a TLP with a wrong link checksum; it is sent again'],
  [7, 'BadDLLP', 'BadDLLP', 'dl.bdllp', 'a link packet with a wrong checksum; it is dropped'],
  [8, 'Rollover', 'Rollover', 'dl.rnr', 'a TLP was sent four times in vain; the link trains again'],
  [12, 'Timeout', 'Timeout', 'dl.rto', 'a TLP was not acknowledged in time; it is sent again'],
  [
    13,
    'AdvNonFatalErr',
    'NonFatalErr',
    'a-nonfatal',
    'a non-fatal error that somebody else handles',
  ],
  [14, 'CorrIntErr', 'CorrIntErr', undefined, 'internal error that the device corrected'],
  [15, 'HeaderOF', 'HeaderOF', undefined, 'more headers than the log holds'],
]

function uncorrectable([bit, name, linuxName, ereportClass, doc]: Row): AerError {
  const layer = LINK_BITS.includes(bit) ? 'Data Link Layer' : 'Transaction Layer'
  const severity = FATAL_BITS.includes(bit) ? 'fatal' : 'non-fatal'
  return { bit, correctable: false, name, linuxName, ereportClass, layer, severity, doc }
}

function correctable([bit, name, linuxName, ereportClass, doc]: Row): AerError {
  const layer = bit === 0 ? 'Physical Layer' : bit >= 13 ? 'Transaction Layer' : 'Data Link Layer'
  const severity = 'correctable'
  return { bit, correctable: true, name, linuxName, ereportClass, layer, severity, doc }
}

/** All errors: uncorrectable ones first, each in the order of its bits. */
export const AER_ERRORS: readonly AerError[] = [
  ...UNCORRECTABLE.map(uncorrectable),
  ...CORRECTABLE.map(correctable),
]

/** The error of a name of lspci or Linux, in any case; undefined when there is none. */
export function aerErrorNamed(name: string): AerError | undefined {
  const wanted = name.toLowerCase()
  return AER_ERRORS.find(
    (e) => e.name.toLowerCase() === wanted || e.linuxName.toLowerCase() === wanted,
  )
}
