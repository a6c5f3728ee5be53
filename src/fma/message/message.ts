// Message: what people are told of a diagnosis: how bad, what, what was done, what that means, what
// to do.
//
// Holds: a message is of a set of classes, and its code follows from the number of that set in a
// dictionary (dictionary.ts). The numbers are public; the words are ours.

/** How urgent it is. */
export type Severity = 'Critical' | 'Major' | 'Minor'

/** What kind of diagnosis it is, in the word that is printed. */
export type MessageType = 'Fault' | 'Defect' | 'Error' | 'Repair' | 'Update' | 'Resolved'

/** What was done, what that means for who uses the host, and what to do. */
export interface MessageAdvice {
  readonly response: string
  readonly impact: string
  readonly action: string
}

/** A message before it has its code: the number that its classes have in a dictionary. */
export interface NumberedMessage extends MessageAdvice {
  readonly value: number
  readonly classes: readonly string[]
  readonly type: MessageType
  readonly severity: Severity
  readonly description: string
}

/** A message with its code. */
export interface Message extends NumberedMessage {
  readonly code: string
}
