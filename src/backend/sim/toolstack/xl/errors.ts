// Errors: how a C library words them, and libxl's own numbers.

const ERROR_TEXTS: Readonly<Record<number, string>> = {
  0: 'Success',
  1: 'Operation not permitted',
  2: 'No such file or directory',
  3: 'No such process',
  12: 'Cannot allocate memory',
  13: 'Permission denied',
  14: 'Bad address',
  16: 'Device or resource busy',
  17: 'File exists',
  22: 'Invalid argument',
  28: 'No space left on device',
  38: 'Function not implemented',
  61: 'No data available',
  75: 'Value too large for defined data type',
  95: 'Operation not supported',
  110: 'Connection timed out',
}

/** What strerror() says of an error, given with either sign. */
export function errorText(errno: number): string {
  const number = Math.abs(errno)
  return ERROR_TEXTS[number] ?? `Unknown error ${number}`
}

/** ERROR_* of libxl. */
export const LIBXL_FAIL = -3
export const LIBXL_INVAL = -6
export const LIBXL_NOT_FOUND = -21
export const LIBXL_GUEST_TIMED_OUT = -8
export const LIBXL_TIMED_OUT = -9
