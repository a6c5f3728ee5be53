// MomentText: times as explanations say them, in UTC. Telemetry that knows no date counts from its
// own beginning, which is put at 1970: then it is said how long after that.
//
//   1197273610000000000  ->  2007-12-10 08:00:10.000       115250000000  ->  after 1 min 55.25 s

/** No machine of today was there before: ten years after 1970. */
const DATED_NS = 315_532_800_000_000_000n

/** A time, nanoseconds since 1970, to the millisecond. */
export function momentText(timeNs: bigint): string {
  if (timeNs < DATED_NS) return `after ${elapsedText(timeNs)}`
  return new Date(Number(timeNs / 1_000_000n)).toISOString().replace('T', ' ').replace('Z', '')
}

/** The same to the second. */
export function secondText(timeNs: bigint): string {
  return timeNs < DATED_NS ? momentText(timeNs) : momentText(timeNs).slice(0, 19)
}

/** From one moment to another: the date once. */
export function betweenText(fromNs: bigint, untilNs: bigint): string {
  const [from, until] = [secondText(fromNs), secondText(untilNs)]
  if (from === until) return from
  const isOneDay = from.slice(0, 11) === until.slice(0, 11) && fromNs >= DATED_NS
  return `${from} to ${isOneDay ? until.slice(11) : until.replace(/^after /, '')}`
}

function elapsedText(ns: bigint): string {
  const seconds = Number(ns / 1_000_000n) / 1000
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = Math.round((seconds % 60) * 1000) / 1000
  const parts = [
    hours > 0 ? `${hours} h` : '',
    minutes > 0 ? `${minutes} min` : '',
    rest > 0 || seconds < 60 ? `${rest} s` : '',
  ]
  return parts.filter((part) => part !== '').join(' ')
}
