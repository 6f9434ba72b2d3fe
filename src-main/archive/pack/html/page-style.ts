/** Calm on a screen, light or dark, and plain on paper. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --ink: #1d2327; --quiet: #51606b; --paper: #ffffff; --line: #cdd5da; --link: #0b57a4; --mark: #ffe08a; --mark-ink: #1d2327; --bar: #f3f5f6;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaed; --quiet: #a3b0ba; --paper: #15191c; --line: #3a444b; --link: #8cc2ff; --mark: #6b5300; --mark-ink: #fff6d6; --bar: #1d2327; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem 1.25rem 4rem; max-width: 60rem; color: var(--ink); background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.35rem; margin: 0; }
h2 { font-size: 1.25rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
header p { margin: .25rem 0; color: var(--quiet); }
form { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; margin: 1rem 0 0; padding: .75rem; background: var(--bar); border-radius: .5rem; }
input, select, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet); border-radius: .35rem; padding: .4rem .6rem; min-height: 2.5rem; }
input { flex: 1 1 14rem; min-width: 0; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
#status { color: var(--quiet); min-height: 1.5em; margin: .75rem 0; }
ol { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
li { border-bottom: 1px solid var(--line); break-inside: avoid; }
li a { display: block; padding: .6rem .25rem; color: inherit; text-decoration: none; }
li a:hover { background: var(--bar); }
.line { display: flex; gap: 1rem; justify-content: space-between; color: var(--quiet); font-size: .9rem; }
.who, .subject, .part { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.subject { font-weight: 600; }
.part { color: var(--quiet); }
.black { font-size: .85rem; border: 1px solid currentColor; border-radius: .25rem; padding: 0 .35rem; }
mark { background: var(--mark); color: var(--mark-ink); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0 0 1rem; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; border-top: 1px solid var(--line); padding-top: 1rem; max-width: 46rem; }
a { color: var(--link); }
nav { display: flex; gap: 1rem; margin: 1rem 0; }
[hidden] { display: none; }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
@media print {
  :root { --ink: #000; --quiet: #333; --paper: #fff; --line: #999; --bar: #fff; --mark: #fff; --mark-ink: #000; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  form, nav, button, #status { display: none; }
  .who, .subject, .part { white-space: normal; }
  mark { text-decoration: underline; }
}
`
