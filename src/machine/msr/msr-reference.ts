// How somebody writes a register.

/** Its name, with or without the vendor's prefix, or its number. At the prompt types know the
 *  names: `registerNames` in cli/literal-types.ts. */
export type MsrReference = string | number | bigint
