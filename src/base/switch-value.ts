// Values of boolean options, as D's options have them.
//
// Source: libdtrace dt_options.c (dt_opt_* with "yes", "no" and their like).

const OFF = /^(n|no|disabled?|false|off|unset|0)$/i

/** Whether a boolean option is on: given without a value, or with one that does not say no. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && !OFF.test(value)
}
