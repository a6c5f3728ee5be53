// KnownText: what `explain` and `fma.explain` are given as texts: classes of ereports and faults,
// codes of messages.
//
// Holds: any text will do; the check of types knows these by name (cli/literal-types.ts).

/** A class of ereports or faults, a code of a message, any other text. */
export type KnownText = string

/** A code of a message, or the uuid of a case. */
export type KnownCode = string
