// D's options by name: what `#pragma D option` and -x accept, whoever acts on them.
//
// Source: the D language guide, "Options and Tunables"; libdtrace dt_options.c of illumos and
// Linux.

/** Options that take a value, and those that may stand alone. */
const WITH_VALUE =
  'aggrate aggsize aggsortkeypos aggsortpos amin buflimit bufpolicy bufresize bufsize ' +
  'cleanrate core cppargs cpphdrs cpppath cpu ctypes define dialect disasm dtypes ' +
  'dynvarsize encoding evaltime incdir iregs jstackframes jstackstrsize ldpath libdir linkmode ' +
  'linktype maxframes modpath nspec pgmax pcapsize preallocate printsize scratchsize ' +
  'specsize stackframes stackindent statusrate stdc strsize switchrate syslibdir tree undef ' +
  'useruid ustackframes version'
const ALONE =
  'agghist aggpack aggpercpu aggsortkey aggsortrev aggzoom argref cpp debug defaultargs ' +
  'destructive droptags empty errtags flowindent grabanon kdefs knodefs late lazyload ' +
  'lockmem nolibs noresolve pspec quiet quietresize rawbytes stacksymbols strip temporal ' +
  'tregs udefs unodefs verbose zdefs'

const needsValue: ReadonlySet<string> = new Set(WITH_VALUE.split(' '))

/** Every option D knows. */
export const OPTION_NAMES: ReadonlySet<string> = new Set(`${WITH_VALUE} ${ALONE}`.split(' '))

const SIZE = /^(aggsize|buflimit|bufsize|dynvarsize|pcapsize|scratchsize|specsize|strsize)$/
const RATE = /^(aggrate|cleanrate|statusrate|switchrate)$/
const RATE_VALUE = /^[0-9]+(ns|nsec|us|usec|ms|msec|s|sec|m|min|h|hour|d|day|hz)?$/i
const BOOLEAN = /^(y|n|yes|no|enabled?|disabled?|true|false|on|off|set|unset|[0-9]+)$/i
const CHOICES: Readonly<Record<string, RegExp>> = {
  bufpolicy: /^(switch|fill|ring)$/,
  bufresize: /^(auto|manual)$/,
  encoding: /^(ascii|utf8)$/,
  iregs: /^[1-8]$/,
  stdc: /^[acst]$/,
  dialect: /^(illumos|linux)$/,
}

/** DTrace's text for what is wrong with an option, undefined when nothing is. */
export function optionMistake(name: string, value: string): string | undefined {
  const option = name.toLowerCase()
  if (!OPTION_NAMES.has(option)) return 'Invalid option name'
  if (option === 'version' && value !== '') return versionMistake(value)
  return isValue(option, value) ? undefined : 'Invalid value for specified option'
}

/** D's versions, each with the programs it may run: ours is 1.13. */
function versionMistake(value: string): string | undefined {
  const [, major, minor] = /^(\d+)(?:\.(\d+))?(?:\.\d+)?$/.exec(value) ?? []
  if (major === undefined) return 'Version is not properly formatted or is too large'
  if (Number(major) === 1 && Number(minor ?? 0) <= 13) return undefined
  return 'Requested version is not supported by compiler'
}

function isValue(option: string, value: string): boolean {
  const choice = CHOICES[option]
  if (choice !== undefined) return choice.test(value)
  if (SIZE.test(option)) return /^[0-9]+[kmgt]?$/i.test(value)
  if (RATE.test(option)) return RATE_VALUE.test(value)
  if (!needsValue.has(option)) return value === '' || BOOLEAN.test(value)
  return value !== '' || option === 'disasm'
}
