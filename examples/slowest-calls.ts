// The five domctls that took longest during a domain's life, as dom0 saw them.
//   xpv examples/slowest-calls.ts
import { openRecording, queriesOn } from 'xpv'

const { on } = queriesOn(openRecording('examples/recordings/xl-create'))
const slowest = on('privcmd:domctl::').latency('us').by('probefunc').max().top(5)

console.log('domctl                microseconds')
for (const { probefunc, value } of slowest.rows()) {
  console.log(`${String(probefunc).padEnd(20)} ${String(value).padStart(13)}`)
}
