/** Parts of pages: forms, tables, badges, the chart. */
export const partsStyle = `
button, .button { vertical-align: middle; display: inline-block; padding: .35rem .8rem; border: 1px solid var(--line); border-radius: 7px; background: var(--card); color: var(--text); font: inherit; line-height: 1.4; text-decoration: none; cursor: pointer; white-space: nowrap; }
button:hover, .button:hover { border-color: var(--dim); }
.strong { background: var(--strong); border-color: var(--strong); color: var(--on-strong); font-weight: 600; }
.quiet { background: transparent; color: var(--dim); }
.small { margin: .1rem .2rem .1rem 0; padding: .1rem .5rem; }
input, select { height: 2.2rem; padding: .35rem .6rem; border: 1px solid var(--dim); border-radius: 7px; background: var(--back); color: var(--text); font: inherit; }
input[type=checkbox] { height: auto; }
input::placeholder { color: var(--dim); opacity: 1; }
.filter { display: flex; flex-wrap: wrap; align-items: end; gap: .6rem; margin-bottom: .8rem; }
.filter label { display: grid; gap: .15rem; color: var(--dim); }
.filter label:first-child { flex: 0 1 22rem; }
.pages { display: flex; gap: 1.25rem; margin-top: .75rem; }
.toolbar { display: flex; align-items: center; gap: .75rem; margin: 0 0 .75rem; }
.toolbar .aside { margin: 0; }

.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
section .scroll { border: 0; border-radius: 0; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .28rem .45rem; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--dim); font-weight: 500; font-size: .85em; white-space: nowrap; }
tbody th { font-weight: 500; white-space: nowrap; }
tbody tr:hover { background: color-mix(in srgb, var(--strong) 6%, transparent); }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.zero { color: var(--dim); }
time { font-variant-numeric: tabular-nums; white-space: nowrap; }
code, pre, td.id, a.id { font-family: var(--mono); font-size: .92em; }
td.id a.id { font-size: 1em; }
td.id.clip { font-size: .84em; }
td.clip { max-width: 11rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
td.id { overflow-wrap: anywhere; min-width: 11.5rem; }
td.id.clip { min-width: 8rem; }

.badge { white-space: nowrap; }
.badge::before { content: ""; display: inline-block; width: .7em; height: .7em; margin-right: .35em; border-radius: 2px; background: var(--c); }
.flag { display: inline-block; padding: 0 .4rem; border-radius: 5px; background: var(--warn-back); color: var(--warn); font-size: .85em; white-space: nowrap; }
.good { color: var(--good); }
.bad { color: var(--bad); }
td.bad { font-weight: 650; }
.o-accepted { --c: var(--accepted); }
.o-duplicate { --c: var(--duplicate); }
.o-spooled { --c: var(--spooled); }
.o-conflicting { --c: var(--conflicting); }
.o-unrecognized { --c: var(--unrecognized); }
.o-malformed { --c: var(--malformed); }
.o-forged { --c: var(--forged); }
.o-refused { --c: var(--refused); }
.o-unavailable { --c: var(--unavailable); }

.notice { margin: 0 0 .7rem; padding: .5rem .75rem; border-radius: 7px; background: var(--warn-back); color: var(--warn); }
.notice.bad { background: var(--bad-back); color: var(--bad); }
.notice.good { background: var(--good-back); color: var(--good); }
.nothing, .aside { color: var(--dim); }
.nothing { margin: .5rem 0; }
.aside { margin: 0 0 .5rem; }
.pulse { color: var(--dim); font-size: .9em; }

.chart { display: block; width: 100%; height: auto; overflow: visible; }
.chart rect, .legend rect { fill: var(--c); }
.chart text { fill: var(--dim); font-size: 11px; }
.chart .grid { stroke: var(--line); }
.legend { display: flex; flex-wrap: wrap; gap: .15rem .9rem; margin: .5rem 0; padding: 0; list-style: none; }
.legend .none { color: var(--dim); }
.legend b { font-variant-numeric: tabular-nums; }
details { margin-top: .5rem; }
summary { cursor: pointer; color: var(--link); width: fit-content; }

dl { margin: 0; }
dl > div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: .5rem; padding: .22rem 0; border-bottom: 1px solid var(--line); }
dl > div:last-child { border-bottom: 0; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0 0 .5rem; padding: .7rem .8rem; max-height: 26rem; overflow: auto; background: var(--back); border: 1px solid var(--line); border-radius: 7px; white-space: pre-wrap; overflow-wrap: anywhere; }
pre.dump { white-space: pre; overflow-wrap: normal; }
.verdict { margin: 0 0 .5rem; font-weight: 650; }
.steps { margin: 0 0 .7rem; padding-left: 1.4rem; }
.steps li { padding: .15rem 0; }
.steps code { overflow-wrap: anywhere; }
.steps b { margin-right: .4rem; font-weight: 600; }
.confirm { max-width: 56rem; }
.confirm form { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem; }
.confirm input { flex: 1 1 16rem; }

.warn { color: var(--warn); }
.offset { color: var(--dim); font-size: .85em; }
.claimed { color: var(--dim); font-style: italic; }
.meaning { margin: 0 0 .5rem; font-size: 1.05rem; }
.toolbar { flex-wrap: wrap; }
.timeline { margin: 0; padding: 0; list-style: none; }
.timeline li { display: grid; grid-template-columns: max-content 1.4rem minmax(0, 1fr); gap: .6rem; padding: .35rem .5rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.timeline li:last-child { border-bottom: 0; }
.timeline .is-bad .symbol, .timeline .is-bad > span:last-child > a, .timeline .is-bad > span:last-child { color: var(--bad); }
.timeline .is-bad .aside { color: var(--dim); }
.timeline .is-unproven { box-shadow: inset 3px 0 var(--bad); font-style: italic; }

@media (max-width: 40rem) {
  .filter { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .filter label:first-child, .filter button { grid-column: 1 / -1; }
  .filter input, .filter select { width: 100%; }
  .cards thead, .feed thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards tbody tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  .cards tbody tr:last-child { border-bottom: 0; }
  .cards tbody td { position: relative; display: block; min-height: 1.7rem; padding: .12rem .5rem .12rem 7.6rem; border: 0; text-align: left; max-width: none; white-space: normal; }
  .cards tbody td::before { content: attr(data-label); position: absolute; left: .5rem; color: var(--dim); font: 12px/1.7 system-ui, sans-serif; }
  .feed tbody tr { display: grid; grid-template-columns: max-content 1fr max-content; padding: .3rem 0; border-bottom: 1px solid var(--line); }
  .feed tbody tr:last-child { border-bottom: 0; }
  .feed tbody td { padding: .1rem .2rem; border: 0; }
  .feed tbody td:nth-child(3) { grid-area: 2 / 1 / 3 / 3; max-width: none; }
  .feed tbody td:nth-child(4) { grid-area: 1 / 3; }
  .feed tbody td:nth-child(5) { grid-area: 2 / 3; text-align: right; }
  .figures .minor { display: none; }
  .timeline li { grid-template-columns: 1.4rem minmax(0, 1fr); }
  .timeline li time { grid-column: 2; grid-row: 1; }
  .timeline li .symbol { grid-column: 1; grid-row: 1; }
  .timeline li > span:last-child { grid-column: 2; }
}
`;
