// Lines of a log, as far as they can be lines of one: what is longer was never written by a kernel,
// and patterns are not made for it.

/** Characters of a line at most: several times what printk or a trace buffer puts into one. */
const LONGEST = 4096

/** The lines of a text, each that is too long as an empty one. */
export function textLines(text: string): readonly string[] {
  return text.split('\n').map((line) => (line.length > LONGEST ? '' : line))
}
