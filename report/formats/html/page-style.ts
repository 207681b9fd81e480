import { paletteCss } from "../../plots/palette.ts";
import { plotCss } from "../../plots/style.ts";
import { switchesCss } from "./plot-figure.ts";

/** The style of a report: first for phones, then for wider screens, then for paper. */
export const pageCss = `${paletteCss()}
*{box-sizing:border-box}
body{margin:0;background:var(--surface);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:58rem;margin:0 auto;padding:0 .75rem}
header{padding-top:1.25rem}
a{color:var(--network)}
:focus-visible{outline:3px solid var(--network);outline-offset:2px}
.skip{position:absolute;left:-100rem}
.skip:focus{left:.75rem;top:.5rem;background:var(--surface);padding:.5rem .75rem;z-index:1}
.brand{margin:0;color:var(--muted);font-size:.875rem}
h1,h2,h3{line-height:1.25;text-wrap:balance}
h1{font-size:clamp(1.5rem,5vw,2.2rem);margin:.35rem 0 .75rem}
h2{font-size:1.3rem;margin:2.75rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--rule)}
h3{font-size:1.1rem;margin:2rem 0 .5rem}
.lead{font-size:1.05rem;margin:0 0 1rem}
.alert{border-left:5px solid var(--alert);background:var(--panel);padding:.6rem .9rem;margin:1rem 0}
.alert strong{color:var(--alert)}
.hint,dd.hint{color:var(--muted)}
.hint{margin:.5rem 0;font-size:.9rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(12.5rem,1fr));gap:.75rem;margin:1.25rem 0;padding:0;list-style:none}
.figures li{background:var(--panel);border-radius:.5rem;padding:.7rem .9rem;display:flex;flex-direction:column}
.figures strong{font-size:1.2rem;line-height:1.3}
.figures span{color:var(--muted);font-size:.85rem}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(var(--fact,17rem),100%),1fr));gap:.6rem 1.5rem;margin:1rem 0}
header .facts,.run>.facts{--fact:8.5rem}
.facts .long{grid-column:1/-1}
.facts dt{color:var(--muted);font-size:.8rem}
.facts dd{margin:0;font-size:.95rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:.75rem 0;padding:0;list-style:none;font-size:.9rem}
nav.runs ul{display:block}
nav.runs li{margin:.35rem 0}
figure{margin:1rem 0}
.wide{display:none!important}
.narrow{max-width:30rem;margin:0 auto}
figcaption,.missing{margin-top:.5rem}
.switches{border:1px solid var(--rule);border-radius:.5rem;margin:0 0 1rem;padding:.4rem .8rem .6rem;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.875rem}
.switches legend{color:var(--muted);padding:0 .3rem}
.switches label{display:inline-flex;align-items:center;gap:.35rem;cursor:pointer}
.switches input{width:1.1rem;height:1.1rem;margin:0;accent-color:var(--network)}
.switches .sample{width:30px}
.ablation{display:none}
.sample .line{stroke-width:1.5}
details{margin:1rem 0}
summary{cursor:pointer;color:var(--network);padding:.25rem 0}
.scroll{overflow-x:auto;margin:.75rem 0;overflow-wrap:normal}
table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums;white-space:nowrap}
caption{text-align:left;font-weight:600;padding:.35rem 0}
th,td{padding:.22rem .7rem;text-align:right;border-bottom:1px solid var(--rule);font-weight:400}
thead th{color:var(--muted);font-weight:600}
th[scope=colgroup]{text-align:center}
tbody th,th.left,td.left{text-align:left}
tbody th,thead tr:last-child th:first-child{position:sticky;left:0;background:var(--surface)}
td.note{text-align:left;white-space:normal;color:var(--muted);max-width:20rem}
.warnings,.advice{padding-left:1.2rem}
.warnings li{margin:.4rem 0}
.advice p{margin:.4rem 0}
.advice pre{margin:.4rem 0 1rem;padding:.5rem .75rem;background:var(--panel);border-radius:.4rem;font-size:.85rem;white-space:pre-wrap}
footer{color:var(--muted);font-size:.85rem;padding-top:1.5rem;padding-bottom:2rem}
${plotCss}
${switchesCss}
@media (min-width:46rem){header .facts,.run>.facts{--fact:11rem}.wide{display:block!important}.narrow{display:none!important}header,main,footer{padding-left:1.5rem;padding-right:1.5rem}}
@media print{
@page{size:A4;margin:12mm}
body{font-size:10pt}
.wide{display:block!important}
.narrow,.skip,nav,.switches{display:none!important}
header,main,footer{max-width:none;padding-left:0;padding-right:0}
h2,h3{break-after:avoid}
figure,.figures li,tr{break-inside:avoid}
.run+.run{break-before:page}
.scroll{overflow:visible}
table{font-size:7pt}
th,td{padding:.1rem .3rem}
tbody th,thead tr:last-child th:first-child{position:static}
details::details-content{content-visibility:visible;display:block;height:auto}
summary{list-style:none;color:var(--muted)}
*{print-color-adjust:exact}
}
`;
