// printf formats, parsed: what lies between a format string and its printed bytes.
//
// Source: D language guide, "Output Formatting". Conversions keep their text for messages.

/** One piece of a format: text as it stands, or a conversion. */
export type FormatPiece = { readonly kind: 'text'; readonly text: string } | Conversion

/** A conversion such as `%-10s`, `%*d` or `%@u`. */
export interface Conversion {
  readonly kind: 'conversion'
  /** Takes an aggregation's value (`%@d`) instead of an argument or key. */
  readonly aggregation: boolean
  /** Some of `# 0 - + space ' ?`, in the order written. */
  readonly flags: string
  /** A number, '*' (taken from an argument before), or undefined. */
  readonly width: number | '*' | undefined
  readonly precision: number | '*' | undefined
  /** `h l ll L w`, kept for messages: the size comes from the argument's type. */
  readonly size: string
  /** d i u o x X c C s S p a A Y T e f g k ... */
  readonly letter: string
  /** As written, for messages. */
  readonly text: string
}

/** A whole format. */
export interface PrintfFormat {
  readonly text: string
  readonly pieces: readonly FormatPiece[]
}
