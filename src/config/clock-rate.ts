// ClockRate: cycles a second of a trace that does not say it, as people write it.
//
//   2.6G   2600M   2599997000   2.6e9   2.6GHz   ->   hertz

/** Reads a clock rate; undefined for a text that is none. */
export function clockRateOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?(?:e\d+)?)([kmg]?)(?:hz)?$/i.exec(text.trim())
  const scale = { k: 1e3, m: 1e6, g: 1e9 }[(match?.[2] ?? '').toLowerCase()] ?? 1
  const hz = match === null ? 0 : Math.round(Number(match[1]) * scale)
  return hz >= 1 && Number.isSafeInteger(hz) ? hz : undefined
}
