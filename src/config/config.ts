// Settings: where each value comes from, in one order.
//
//   layers, strongest first (layer.ts)  ->  of each setting the strongest word, judged  ->  Config
//
// Holds: a word that is empty means the default, and takes back what weaker places say. What names
// a program is not taken from files that lie in a folder. A word that is not used is not judged.
import { XpvError } from '../base/error.js'
import { type ConfigPlace, type Given, type Layer, layersAt, type Source } from './layer.js'
import {
  SETTING_NAMES,
  type SETTINGS,
  type SettingName,
  settingNamed,
  valuesText,
} from './setting.js'

export { readDotEnv } from './layer.js'

type ValueOf<Name extends SettingName> = Exclude<
  ReturnType<(typeof SETTINGS)[Name]['read']>,
  undefined
>

/** All settings. What is undefined was chosen by nobody, and whoever knows better decides: a
 *  notebook which machine, a trace its clock rate. */
export interface Config {
  readonly machine: string | undefined
  readonly seed: number | undefined
  /** Cycles a second. */
  readonly hz: number | undefined
  readonly color: ValueOf<'color'>
  readonly types: boolean
  /** What runs cells. */
  readonly evaluator: 'prompt' | 'vm'
  readonly editor: ValueOf<'editor'>
  /** Whether brackets and quotes bring their other half. */
  readonly brackets: boolean
  readonly history: number
  readonly pager: string
  readonly width: number | 'auto'
  readonly unicode: ValueOf<'unicode'>
}

/** One word that was said of a setting, and what became of it. */
export interface Word extends Given {
  readonly source: Source
  /** `used` by at most one; the others are `weaker`, or `refused` where they stand. */
  readonly fate: 'used' | 'weaker' | 'refused'
}

/** One setting with all that was said of it, strongest first. */
export interface SettledSetting {
  readonly name: SettingName
  readonly words: readonly Word[]
}

/** Reads the settings. Throws `XpvError` `config.*` naming what makes no sense. */
export function loadConfig(place: ConfigPlace): Config {
  const settled = settle(layersAt(place))
  const chosen = <Name extends SettingName>(name: Name): ValueOf<Name> | undefined => {
    const words = settled.find((each) => each.name === name)?.words ?? []
    const used = words.find(({ fate }) => fate === 'used')
    if (used === undefined || used.text === '') return undefined
    return judged(name, used) as ValueOf<Name>
  }
  return {
    machine: chosen('machine'),
    seed: chosen('seed'),
    hz: chosen('hz'),
    color: chosen('color') ?? 'auto',
    types: chosen('types') ?? true,
    evaluator: chosen('evaluator') ?? 'prompt',
    editor: chosen('editor') ?? 'emacs',
    brackets: chosen('brackets') ?? true,
    history: chosen('history') ?? 10_000,
    pager: chosen('pager') ?? 'auto',
    width: chosen('width') ?? 'auto',
    unicode: chosen('unicode') ?? 'auto',
  }
}

/** Of each setting, who said what and whose word it is. Judges nothing. */
export function settle(layers: readonly Layer[]): readonly SettledSetting[] {
  return SETTING_NAMES.map((name) => {
    const words: Word[] = []
    for (const { source, given } of layers) {
      const word = given.get(name)
      if (word !== undefined) words.push({ ...word, source, fate: fateOf(name, source, words) })
    }
    return { name, words }
  })
}

function fateOf(name: SettingName, source: Source, before: readonly Word[]): Word['fate'] {
  const isElsewhere = source === '.env' || source === 'project'
  if (settingNamed(name).isOwn === true && isElsewhere) return 'refused'
  return before.some(({ fate }) => fate === 'used') ? 'weaker' : 'used'
}

/** The value of a word. Throws `XpvError` `config.NAME` when it makes no sense. */
export function judged(name: SettingName, { text, shown }: Given): unknown {
  const setting = settingNamed(name)
  const value = setting.read(text)
  if (value !== undefined) return value
  const values = valuesText(setting)
  const hint = shown.includes(' ') ? `${name}: ${values}` : `${shown}=${values}`
  throw new XpvError(`config.${name}`, `${shown} is ${text}`, hint)
}
