// Stacks as rows show them: a newline, then a frame a line.
//
//   stack()  ->  "\n              xen`do_domctl+0x12\n"
//
// Source: illumos libdtrace dt_consume.c (dt_print_stack, dt_print_ustack).

/** Blanks before a frame where nobody set stackindent. */
export const STACK_INDENT = 14

/** Frames under each other, `indent` blanks in. */
export function stackText(frames: readonly string[], indent: number): string {
  return `\n${frames.map((frame) => `${' '.repeat(indent)}${frame}\n`).join('')}`
}
