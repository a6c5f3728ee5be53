// Reads the counts out of what `xenalyze --summary` prints.

/** Counts of one summary. Keys: `cpu 0 sched`, `d0v1 hypercall`, `d0v1 op 23`, `d0v1 running`. */
export function parseSummary(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  let place = ''
  let domain = ''
  for (const line of text.split('\n')) {
    const pcpu = /^ - cpu (\d+) -/.exec(line)
    const dom = /^\|-- Domain (\d+) --\|/.exec(line)
    const vcpu = /^-- v(\d+) --/.exec(line)
    if (pcpu !== null) place = `cpu ${pcpu[1]}`
    else if (dom !== null) {
      domain = `d${dom[1]}`
      place = ''
    } else if (vcpu !== null) place = `${domain}v${vcpu[1]}`
    else if (place !== '') addCount(counts, place, line)
  }
  return counts
}

const PATTERNS: readonly (readonly [RegExp, (m: RegExpExecArray) => string])[] = [
  [/^ (\w+) *: +(\d+)$/, (m) => m[1] ?? ''],
  [/^ {2,8}(running|runnable|wake|preempt|other|blocked|offline|lost): +(\d+) /, (m) => m[1] ?? ''],
  [/^ {2}(page_fault|ptwr|hypercall|trap|hypercall \(subcall\)) {2}(\d+)$/, (m) => m[1] ?? ''],
  [/^ {4}\S+ +\[ *(\d+)\]: +(\d+)$/, (m) => `op ${m[1]}`],
]

function addCount(counts: Map<string, number>, place: string, line: string): void {
  for (const [pattern, name] of PATTERNS) {
    const m = pattern.exec(line)
    if (m !== null) counts.set(`${place} ${name(m)}`, Number(m[2]))
  }
}
