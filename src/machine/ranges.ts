// Ranges: numbers of pcpus or vcpus, as the tools write them.
//
//   [3, 0, 1]  ->  '0-1,3'

/** Numbers as ranges, ascending: `0-3,6`; nothing for none. */
export function rangesText(numbers: readonly unknown[]): string {
  const sorted = numbers.map(Number).sort((a, b) => a - b)
  const runs: [number, number][] = []
  for (const n of sorted) {
    const last = runs.at(-1)
    if (last !== undefined && last[1] + 1 === n) last[1] = n
    else runs.push([n, n])
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}
