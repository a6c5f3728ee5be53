// Versions of the D language's interface: "1.6.3". A program may ask for one, and a name may be
// bound to one.
//
// Source: libdtrace dt_subr.c (dt_version_str2num), dt_open.c (_dtrace_versions).

const MOST: readonly number[] = [0xff, 0xfff, 0xfff]

/** Up to three numbers. Undefined for text that is no version, or has numbers too large for
 *  one. */
export function parseVersion(text: string): readonly [number, number, number] | undefined {
  if (!/^[0-9]*(\.[0-9]*){0,2}$/.test(text)) return undefined
  const [major = 0, minor = 0, micro = 0] = text.split('.').map(Number)
  const parts = [major, minor, micro] as const
  return parts.every((n, i) => n <= (MOST[i] ?? 0)) ? parts : undefined
}

/** Whether text is a version. */
export function isVersionText(text: string): boolean {
  return parseVersion(text) !== undefined
}

/** Names that D did not have from the beginning, by the version they came with. */
const LATER: readonly (readonly [version: string, names: string])[] = [
  ['1.1', 'freopen index rindex strchr strrchr strstr strtok substr'],
  ['1.2', 'func mod setopt sym uaddr ucaller ufunc umod ustackdepth usym'],
  ['1.3', 'htonl htonll htons ntohl ntohll ntohs'],
  ['1.5', 'inet_ntoa inet_ntoa6 inet_ntop link_ntop'],
  ['1.6', 'stddev'],
  ['1.6.4', 'llquantize pcap'],
  ['1.8', 'tolower toupper'],
  ['1.9', 'print'],
  ['1.11', 'json strtoll'],
]

const SINCE: ReadonlyMap<string, string> = new Map(
  LATER.flatMap(([version, names]) => names.split(' ').map((name) => [name, version] as const)),
)

/** Whether a name of D's came after a version: a program that asks for that version does not find
 *  it, and may use it for its own. */
export function cameAfter(name: string, version: string): boolean {
  const since = parseVersion(SINCE.get(name) ?? '')
  const asked = parseVersion(version)
  if (since === undefined || asked === undefined) return false
  const at = since.findIndex((part, i) => part !== asked[i])
  return at >= 0 && (since[at] ?? 0) > (asked[at] ?? 0)
}
