/** Colours, type and page layout. Contrast in both schemes: text at least 4.5:1, symbols and bars 3:1. */
export const layoutStyle = `
:root {
  color-scheme: light dark;
  --back: #f6f7f9; --card: #ffffff; --line: #d9dde4; --text: #1a2029; --dim: #566072;
  --link: #1a56c4; --strong: #1d5fd1; --on-strong: #ffffff;
  --good: #12703f; --good-back: #e2f5ea; --warn: #7f5300; --warn-back: #fdf1d3; --bad: #b3261e; --bad-back: #fce8e6;
  --accepted: #1f9d5c; --duplicate: #7a8699; --spooled: #2f7de1; --conflicting: #c07a00; --unrecognized: #8b5cd6;
  --malformed: #9a6a4f; --forged: #d6453c; --refused: #b0588f; --unavailable: #7d1410;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #11151b; --card: #191f27; --line: #303947; --text: #e6eaf0; --dim: #a2acbb;
    --link: #86b4ff; --strong: #8fb9ff; --on-strong: #0c1626;
    --good: #6fd8a0; --good-back: #10301f; --warn: #f0c161; --warn-back: #33280f; --bad: #ff9d94; --bad-back: #3d1a18;
    --accepted: #35b973; --duplicate: #8894a7; --spooled: #5a9df5; --conflicting: #e0a030; --unrecognized: #a986ea;
    --malformed: #bd8b6f; --forged: #f06a60; --refused: #d07fb3; --unavailable: #ff5148;
  }
}
*, ::before, ::after { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
a { color: var(--link); text-underline-offset: 2px; }
:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
.skip { position: absolute; left: -999rem; padding: .5rem 1rem; background: var(--card); }
.skip:focus { left: 0; top: 0; z-index: 1; }

header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .75rem; padding: .5rem 1.25rem; background: var(--card); border-bottom: 1px solid var(--line); }
.brand { display: flex; align-items: center; gap: .5rem; color: inherit; font-weight: 650; text-decoration: none; white-space: nowrap; }
nav ul { display: flex; flex-wrap: wrap; gap: .1rem; margin: 0; padding: 0; list-style: none; }
nav li a { display: block; padding: .35rem .5rem; border-radius: 6px; color: var(--dim); text-decoration: none; }
nav li a:hover { color: var(--text); background: var(--back); }
nav li a[aria-current] { color: var(--text); background: var(--back); font-weight: 600; box-shadow: inset 0 -2px var(--strong); }
.search { display: flex; gap: .4rem; margin-left: auto; flex: 1 1 12rem; max-width: 24rem; }
.search input { flex: 1; min-width: 0; width: 0; }

.health { padding: .45rem 1.25rem; border-bottom: 1px solid var(--line); background: var(--good-back); color: var(--good); }
.health ul { margin: .25rem 0 .1rem; padding-left: 1.4rem; }
.h-degraded, .h-stopping { background: var(--warn-back); color: var(--warn); }
.h-not-ready { background: var(--bad-back); color: var(--bad); }

main { max-width: 96rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
h1 { margin: 0 0 .75rem; font-size: 1.3rem; line-height: 1.3; overflow-wrap: anywhere; }
h2 { margin: 0; font-size: 1rem; }
section { margin-bottom: 1rem; padding: .8rem 1rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; min-width: 0; }
section > h2, section > .heading { margin-bottom: .6rem; }
.heading { display: flex; align-items: center; gap: .75rem; }
.heading button { margin-left: auto; }
.columns { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 1rem; align-items: start; }
.wide-left { grid-template-columns: minmax(0, 17fr) minmax(0, 12fr); }

.bare { min-height: 100vh; display: grid; place-items: center; }
.bare main { width: min(26rem, 100%); padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.bare h1 { display: flex; align-items: center; gap: .6rem; }
.login { display: grid; gap: .6rem; }

@media (max-width: 60rem) {
  .columns { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 40rem) {
  header, main, .health { padding-left: .75rem; padding-right: .75rem; }
  nav { order: 3; width: 100%; }
  nav ul { gap: 0; margin: 0 -.4rem; }
  nav li a { white-space: nowrap; padding: .4rem; }
  .search { order: 2; flex: 1 1 100%; max-width: none; margin: 0; }
  .logout { margin-left: auto; }
  section { padding: .7rem .75rem .8rem; }
  svg.chart text { font-size: 19px; }
}
@media (prefers-reduced-motion: no-preference) {
  tr[data-id] { animation: arrive .6s ease-out; }
  @keyframes arrive { from { background: color-mix(in srgb, var(--strong) 18%, transparent); } }
}
@media print { header, .skip, .toolbar, button, .button { display: none; } }
`;
