// The style sheet of an exported page: by day, by night, on paper, on a telephone.
//
// Holds: nothing is fetched: fonts are those of the reader's system. The page never scrolls
// sideways: what is wide scrolls in its own box.
import { DATA, DAY, type Ink, NIGHT } from './colours.js'

/** The style sheet. */
export function styleSheet(): string {
  const night = `@media screen and (prefers-color-scheme:dark){${inks(NIGHT)}${charts()}}`
  return `${inks(DAY)}${night}${RULES}`
}

function inks(colours: Readonly<Record<Ink, string>>): string {
  const pairs = Object.entries(colours).map(([ink, colour]) => `--${ink}:${colour}`)
  return `:root{${pairs.join(';')}}\n`
}

/** Colours of charts by night. */
function charts(): string {
  return Object.entries(DATA)
    .map(
      ([day, night]) => `svg [fill="${day}"]{fill:${night}}svg [stroke="${day}"]{stroke:${night}}`,
    )
    .join('')
}

const RULES = `
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.6 Charter,"Bitstream Charter",
"Iowan Old Style","Source Serif 4",Cambria,"Noto Serif","Liberation Serif",Georgia,serif;
overflow-wrap:break-word}
main,footer{max-width:48rem;margin:0 auto;padding:0 1.25rem}
main{padding-top:3.5rem}
h1,h2,h3,h4,nav,summary,footer,th,figcaption{font-family:system-ui,-apple-system,"Segoe UI",
"Noto Sans","Liberation Sans",Helvetica,Arial,sans-serif}
h1,h2,h3,h4{line-height:1.25;letter-spacing:-.01em;margin:2.4em 0 .6em;font-weight:600;
text-wrap:balance}
h1{font-size:2rem;letter-spacing:-.02em;margin:0 0 .8em}
h2{font-size:1.35rem}
h3{font-size:1.1rem}
h4{font-size:1rem}
p,ul,ol,blockquote,table{margin:0 0 1em}
ul,ol{padding-left:1.4em}
li>p{margin:0 0 .4em}
li::marker{color:var(--quiet)}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.18em}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--link);
outline-offset:2px}
blockquote{border-left:3px solid var(--line);padding-left:1em;margin-left:0;color:var(--quiet)}
hr{border:0;border-top:1px solid var(--line);margin:2.5em 0}
img,svg{max-width:100%;height:auto}
code,pre,kbd,.sha{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",
"Liberation Mono",monospace;font-variant-ligatures:none}
:not(pre)>code{font-size:.84em;background:var(--shade);padding:.12em .3em;border-radius:3px}
a>code{color:inherit}
pre{margin:0;font-size:12.8px;line-height:1.5;tab-size:8;overflow-wrap:normal;white-space:pre}
pre,figure,.table{overflow-x:auto;--under:var(--paper);
background:linear-gradient(to right,var(--under) 35%,transparent) 0/2rem 100% local,
linear-gradient(to left,var(--under) 35%,transparent) 100%/2rem 100% local,
linear-gradient(to right,var(--line),transparent) 0/.5rem 100% scroll,
linear-gradient(to left,var(--line),transparent) 100%/.5rem 100% scroll;
background-repeat:no-repeat;background-color:var(--under)}
.cell{margin:1.5em 0}
.cell+.cell{margin-top:2em}
.code>pre,.prose-code{--under:var(--shade);border-radius:5px;padding:.6rem 1rem}
.prose-code{margin:0 0 1em}
summary{cursor:pointer;color:var(--quiet);font-size:.74rem;line-height:1.9;list-style:none;
display:flex;gap:.6em;align-items:baseline}
summary::-webkit-details-marker{display:none}
summary::before{content:"\\25b8";width:.7em;flex:none}
details[open]>summary::before{content:"\\25be"}
summary a{color:inherit;text-decoration:none}
summary a:hover{text-decoration:underline}
.lang{letter-spacing:.02em}
.state{color:var(--mark);margin-left:auto}
.out{padding:.7rem 1rem 0}
.out.error{border-left:3px solid var(--mark);margin-top:.75em;
padding:.1rem 1rem .1rem calc(1rem - 3px)}
.whole{padding:0 1rem}
.whole>pre{padding-top:.4em}
figure{margin:1em 0}
figure svg{display:block;max-width:none}
.answer .code{margin-top:.4em}
.answer>details>summary{font-size:.85rem;color:var(--link)}
table{border-collapse:collapse;font-size:.9em;font-variant-numeric:tabular-nums}
.table{margin-bottom:1em}
.table>table{margin:0}
th,td{text-align:left;padding:.35em .9em .35em 0;border-bottom:1px solid var(--line);
vertical-align:top}
th{font-weight:600;font-size:.85em}
.right{text-align:right}
.center{text-align:center}
.stale{color:var(--mark);margin-bottom:2em}
nav{font-size:.86rem;line-height:1.45;margin:0 0 2.5em}
nav ol{list-style:none;margin:0;padding:0}
nav li{margin:.35em 0}
nav .h3{padding-left:1em}
nav a{color:var(--quiet);text-decoration:none}
nav a:hover{color:var(--link);text-decoration:underline}
.lead{color:var(--quiet);margin-top:-.9em}
.list{list-style:none;padding:0}
.list li{margin:0 0 1.6em}
.list a{font-weight:600;font-family:system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif}
.list p{margin:.2em 0 0}
footer{margin-top:4rem;padding-bottom:3rem;font-size:.78rem;line-height:1.55;color:var(--quiet)}
footer h2{font-size:.85rem;margin:0 0 .8em;padding-top:1.4em;border-top:1px solid var(--line);
letter-spacing:0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15em 1.2em;margin:0}
dt,dd{margin:0;min-width:0}
.sha{font-size:.92em;overflow-wrap:anywhere;display:block}
.k{color:var(--keyword)}.s{color:var(--string)}.n{color:var(--number)}.c{color:var(--comment)}
.b{color:var(--name)}.p{color:var(--probe)}
@media (min-width:82rem){
body.toc main,body.toc footer{margin-left:calc(50vw - 17rem)}
nav{position:fixed;top:3.9rem;right:calc(50vw + 18rem);width:15rem;max-height:calc(100vh - 6rem);
overflow-y:auto;padding:.1rem .2rem}
}
@media (max-width:30rem){
body{font-size:16px}
main{padding-top:1.75rem}
h1{font-size:1.6rem}
pre{font-size:12px}
.code>pre,.prose-code{padding:.6rem .75rem}
.out,.whole{padding-left:.75rem;padding-right:0}
dl{grid-template-columns:1fr;gap:0}
dd{margin-bottom:.5em}
}
@media print{
@page{margin:18mm 16mm}
body{font-size:10.5pt;line-height:1.45}
main,footer{max-width:none;padding:0;margin:0}
nav{position:static;width:auto;max-height:none}
h1,h2,h3,h4,summary{break-after:avoid}
pre{background:none;font-size:8pt;line-height:1.35;white-space:pre-wrap;overflow-wrap:anywhere;
overflow:visible}
.code>pre,.prose-code{border:1px solid var(--line);background:none}
.code,summary{break-after:avoid}
.short,figure,tr,dl>*{break-inside:avoid}
p,li{orphans:3;widows:3}
figure,.table{overflow:visible;background:none}
figure svg{max-width:100%}
details:not([open])::details-content{content-visibility:visible;display:block;height:auto}
summary::before{content:none!important}
.astext{display:none}
a{color:inherit}
main a.far::after{content:" (" attr(href) ")";font-size:.85em;color:var(--quiet);
overflow-wrap:anywhere}
nav a{text-decoration:none}
}
`.trim()
