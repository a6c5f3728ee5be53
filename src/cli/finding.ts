// Finding: one thing that `xpv doctor` looked at, how it is, and what to do about it.
//
//   { about: 'live', what: 'machine checks', state: 'absent', text: 'no /dev/mcelog', todo }

/** What was found. `bad` keeps xpv from being used, `absent` only something from being had. */
export interface Finding {
  readonly about: 'xpv' | 'machines' | 'live' | 'terminal' | 'folders' | 'programs'
  readonly what: string
  readonly state: 'good' | 'absent' | 'bad'
  readonly text: string
  /** What to do about it, or with it. */
  readonly todo?: string
}

/** Something that is as it should be. */
export function good(about: Finding['about'], what: string, text: string, todo?: string): Finding {
  return { about, what, state: 'good', text, ...(todo === undefined ? {} : { todo }) }
}

/** Something that is not to be had, or is broken. */
export function lacking(
  about: Finding['about'],
  what: string,
  text: string,
  { todo, isBad = false }: { readonly todo: string; readonly isBad?: boolean },
): Finding {
  return { about, what, state: isBad ? 'bad' : 'absent', text, todo }
}
