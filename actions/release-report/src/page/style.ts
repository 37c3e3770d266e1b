/** The page's only style sheet. Colours are named by meaning; the light and dark themes differ only in colours. */
export const style = `
:root { color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #0d1117); --card: light-dark(#ffffff, #161b22); --line: light-dark(#e3e6ea, #2b323b);
  --ink: light-dark(#1b222c, #e6edf3); --soft: light-dark(#5c6673, #8d98a5); --faint: light-dark(#eef0f3, #1e242c);
  --passed: light-dark(#16794c, #3fb97c); --refused: light-dark(#c02c38, #f4707a); --failed: light-dark(#a15c07, #e0a23c);
  --none: light-dark(#98a1ab, #5d6772); --accent: light-dark(#3557d6, #83a0ff); --canary: light-dark(#c98a04, #e7b33f); }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { margin: 6px 0 10px; font-size: 34px; line-height: 1.2; letter-spacing: -.02em; font-weight: 680 }
h2 { margin: 0 0 14px; font-size: 17px; letter-spacing: -.01em }
h3 { margin: 0 0 6px; font-size: 15px }
p { margin: 0 } code { font: 12.5px/1.4 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; overflow-wrap: anywhere }
.over { color: var(--soft); font-size: 12.5px; letter-spacing: .06em; text-transform: uppercase; font-weight: 600 }
.hero { border-left: 6px solid var(--tone); background: var(--card); border-radius: 12px; padding: 26px 30px; box-shadow: 0 1px 2px rgb(0 0 0 / .06), 0 8px 24px rgb(0 0 0 / .05) }
.hero p { font-size: 17px; color: var(--soft); max-width: 85ch; overflow-wrap: anywhere }
.hero h1 { color: var(--tone) }
.is-passed { --tone: var(--passed) } .is-refused { --tone: var(--refused) } .is-failed { --tone: var(--failed) }
.is-brought-back, .is-missing { --tone: var(--failed) } .is-not-reached, .is-not-planned { --tone: var(--none) }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 16px 0 0 }
.figure { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px }
.figure b { display: block; font-size: 25px; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; line-height: 1.25 }
.figure span { color: var(--soft); font-size: 13px }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 22px 26px; margin-top: 16px }
table { border-collapse: collapse; width: 100% } .wide { overflow-x: auto }
th { text-align: left; font-size: 12.5px; font-weight: 600; color: var(--soft); padding: 0 10px 8px 0; white-space: nowrap }
td { border-top: 1px solid var(--line); padding: 9px 10px 9px 0; vertical-align: top }
.narrow :is(td, th).num { width: 86px; padding-right: 18px } td.num, th.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.narrow td:first-child { white-space: nowrap } .matrix td, .matrix th { text-align: center; width: 12% } .matrix :is(td, th):first-child { text-align: left; width: auto; font-weight: 600 }
.mark { display: inline-grid; place-items: center; width: 26px; height: 26px; border-radius: 50%; vertical-align: middle; color: var(--tone); background: color-mix(in srgb, var(--tone) 14%, transparent) }
.mark svg { width: 14px; height: 14px; display: block } .small.mark { width: 18px; height: 18px } .small.mark svg { width: 10px; height: 10px }
.is-not-reached.mark, .is-not-planned.mark { background: none }
.is-missing.mark { background: none; outline: 1.5px dashed var(--tone); outline-offset: -2px }
.legend { display: flex; flex-wrap: wrap; gap: 6px 18px; margin-top: 14px; color: var(--soft); font-size: 13px } .legend .mark { margin-right: 5px }
.notes { margin: 14px 0 0; padding: 0; list-style: none } .notes li { padding: 8px 12px; border-left: 3px solid var(--tone); background: var(--faint); border-radius: 4px; margin-top: 6px; overflow-wrap: anywhere }
.notes b { color: var(--tone) }
.gantt { display: grid; grid-template-columns: max-content 1fr max-content; gap: 5px 14px; align-items: center }
.gantt .who { font-weight: 600; font-size: 13.5px } .gantt .took { color: var(--soft); font-size: 13px; text-align: right; font-variant-numeric: tabular-nums }
.track { position: relative; height: 24px; background: repeating-linear-gradient(90deg, var(--line) 0 1px, transparent 1px 25%), var(--faint); border-radius: 5px; overflow: hidden }
.bar { position: absolute; top: 3px; bottom: 3px; min-width: 3px; border-radius: 4px; color: #fff; font-size: 11.5px; line-height: 18px; padding: 0 6px; overflow: hidden; white-space: nowrap; background: var(--hue) }
.bar.tight { padding: 0 } .bar.is-refused, .bar.is-failed { background: var(--tone); color: light-dark(#fff, #16110a) }
.axis { position: relative; height: 18px; color: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums } .axis span { position: absolute; transform: translateX(-50%) } .axis span:first-child { transform: none } .axis span:last-child { transform: translateX(-100%) }
.build-image { --hue: light-dark(#4a6fdc, #4b6ac4) } .scan-trivy { --hue: light-dark(#7b57c9, #7553b8) } .push-image { --hue: light-dark(#23859b, #217a8e) }
.canary-deploy { --hue: light-dark(#b07b09, #97690a) } .verify { --hue: light-dark(#1c8a57, #1a7a4d) } .other { --hue: var(--none) }
.swatch { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 6px; background: var(--hue) }
.chart { margin: 6px 0 10px } .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 20px 32px }
.chart { width: 100%; max-width: 640px; height: auto; display: block } .chart.green { --canary: light-dark(#1c8a57, #3fb96f) } .chart text { font: 11px system-ui, sans-serif; fill: var(--soft) }
.chart .name { font-weight: 600; fill: var(--ink) } .chart .grid, .chart .guide { stroke: var(--line); fill: none } .chart .guide { stroke-dasharray: 2 3 }
.chart path.canary { fill: none; stroke: var(--canary); stroke-width: 2; stroke-linejoin: round } .chart :is(circle, tspan).canary { fill: var(--canary) } .chart .area { fill: var(--canary); opacity: .18 }
.chart path.stable { fill: none; stroke: var(--accent); stroke-width: 1.5; stroke-dasharray: 4 3 } .chart circle.stable { fill: var(--card); stroke: var(--accent) } .chart tspan.stable { fill: var(--accent) }
.chart path.limit { fill: none; stroke: var(--refused); stroke-width: 1.2; stroke-dasharray: 6 3 } .chart text.limit { fill: var(--refused); font-weight: 600 } .chart .beyond { fill: var(--refused); opacity: .08 }
.chart .column { fill: transparent } .chart .column:hover { fill: var(--ink); opacity: .07 }
.soft { color: var(--soft) } .ok { color: var(--passed) } .bad { color: var(--refused) }
.count { display: inline-block; min-width: 26px; text-align: center; border-radius: 6px; padding: 1px 7px; font-size: 13px; font-variant-numeric: tabular-nums; color: var(--soft); background: var(--faint) }
.count.hot { color: #fff; background: var(--refused); font-weight: 600 } :root .count.warm { color: var(--failed); font-weight: 600 }
details { border-top: 1px solid var(--line); padding: 10px 0 } details:first-of-type { border-top: 0 } summary { cursor: pointer; font-weight: 600 } summary .soft { font-weight: 400 }
pre { background: var(--faint); border-radius: 8px; padding: 12px 14px; overflow: auto; max-height: 420px; font: 12px/1.5 ui-monospace, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
footer { color: var(--soft); font-size: 13px; margin-top: 22px; text-align: center }
@media (max-width: 640px) { main { padding: 16px 12px } h1 { font-size: 26px } .hero, section { padding: 18px 16px } .gantt { grid-template-columns: 1fr } .gantt .took { text-align: left } }
@media print { body { background: #fff } section, .hero { break-inside: avoid; box-shadow: none } }
`.trim()
