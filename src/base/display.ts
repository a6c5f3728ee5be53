// How a value shows itself: a bundle of MIME types under one well-known symbol.
//
//   terminal: text/plain      notebook: text/plain and image/svg+xml      Jupyter: the whole bundle

/** The property under which a value offers its bundle: `value[DISPLAY](): DisplayBundle`. */
export const DISPLAY: unique symbol = Symbol.for('xpv.display') as never

/** The forms of one value. `text/plain` is always there and ends without a newline. */
export interface DisplayBundle {
  readonly 'text/plain': string
  readonly 'text/markdown'?: string
  readonly 'image/svg+xml'?: string
  /** What a browser shows: tables. */
  readonly 'text/html'?: string
  readonly 'application/json'?: unknown
  /** The text with a terminal's escape sequences for colour. */
  readonly 'text/x-ansi'?: string
}

/** A value that shows itself. */
export interface Displayable {
  [DISPLAY](): DisplayBundle
}

/** Whether `value` shows itself through `Symbol.for('xpv.display')`. */
export function isDisplayable(value: unknown): value is Displayable {
  return typeof value === 'object' && value !== null && DISPLAY in value
}
