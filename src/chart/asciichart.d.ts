// The part of asciichart 1.5.25 that draws; the package ships no declarations of its own.
declare module 'asciichart' {
  export interface PlotConfig {
    readonly height?: number
    readonly offset?: number
    readonly min?: number
    readonly max?: number
    /** `row` counts from 0 at the top. */
    readonly format?: (value: number, row: number) => string
    /** Ten: first value, axis, two unused, flat, down from, up from, up to, down to, upright. */
    readonly symbols?: readonly string[]
  }
  export function plot(series: readonly number[], config?: PlotConfig): string
}
