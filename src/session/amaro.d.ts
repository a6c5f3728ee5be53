// The part of amaro 0.5.3 that strips types; the package ships no declarations of its own.
declare module 'amaro' {
  export interface TransformOptions {
    readonly mode: 'strip-only' | 'transform'
    readonly sourceMap?: boolean
    readonly filename?: string
  }
  export function transformSync(
    source: string,
    options: TransformOptions,
  ): { readonly code: string; readonly map?: string }
}
