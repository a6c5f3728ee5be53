// Secrets: values that must not be written anywhere, taken out of a text wherever they stand.
//
//   DB_PASSWORD=hunter22 in .env, 'login hunter22'  ->  'login <DB_PASSWORD>'
//
// A value is a secret when it is in .env, or when the name of its variable says so: one of our own
// (XPV_*) only then. As it is, percent-encoded, or in base64.
//
// Holds: what is shorter than SHORTEST, a number or a plain word such as `true` is no secret:
// taking it out would garble everything.

/** The variables of a process, or of a file. */
type Variables = Readonly<Record<string, string | undefined>>

const SHORTEST = 6
const SECRET_WORDS =
  'SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|APIKEY|KEY|PAT|CREDENTIALS?|AUTH|COOKIE|DSN'
const SECRET_NAME = new RegExp(`(^|_)(${SECRET_WORDS})(_|$|\\d)`, 'i')
/** Names that only say where something is, or which one. */
const HARMLESS_NAME = /(^PWD$|^OLDPWD$|_(SOCK|FILE|PATH|DIR|ID|NAME|AGENT|PID)$)/i
const HARMLESS = /^(true|false|null|none|default|localhost|production|development|test|[\d.]+)$/i

/** What takes secrets out of a text. */
export type Redact = (text: string) => string

/** Makes it. `dotEnv` are the variables of .env. */
export function redactor(environment: Variables, dotEnv: Variables): Redact {
  const named = Object.entries(environment).filter(([name]) => SECRET_NAME.test(name))
  const names = new Map<string, string>()
  for (const [name, value = ''] of [...named, ...Object.entries(dotEnv)]) {
    if (isHarmless(name) || value.length < SHORTEST || HARMLESS.test(value)) continue
    for (const form of formsOf(value)) names.set(form, name)
  }
  if (names.size === 0) return (text) => text
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(longestFirst.map(escaped).join('|'), 'g')
  return (text) => text.replace(pattern, (found) => `<${names.get(found) ?? ''}>`)
}

/** A string, or what is made of strings, without the secrets in them. */
export function redacted<T>(value: T, redact: Redact): T {
  if (typeof value === 'string') return redact(value) as T
  if (Array.isArray(value)) return value.map((each) => redacted(each, redact)) as T
  const prototype = value !== null && typeof value === 'object' && Object.getPrototypeOf(value)
  if (prototype !== Object.prototype) return value
  const entries = Object.entries(value as object)
  return Object.fromEntries(entries.map(([name, each]) => [name, redacted(each, redact)])) as T
}

/** A setting of ours tells nothing, unless it is none, by its name. */
function isHarmless(name: string): boolean {
  if (HARMLESS_NAME.test(name)) return true
  return name.startsWith('XPV_') && !SECRET_NAME.test(name)
}

/** A text of several lines may be seen line by line, or as a literal. */
function formsOf(value: string): readonly string[] {
  const lines = value.split('\n').filter((line) => line.length >= 16)
  const literal = JSON.stringify(value).slice(1, -1)
  const base64 = Buffer.from(value).toString('base64').replace(/=+$/, '')
  return [value, literal, encodeURIComponent(value), base64, ...lines]
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
