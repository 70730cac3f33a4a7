"""The looks of a saved HTML file: the reading room, in a few lines, for screen and paper."""

STYLE = """\
:root {
  color-scheme: light dark;
  --paper: #fbf9f4; --tint: #f2eee4; --ink: #26221b; --quiet: #6a6252; --line: #ddd6c6;
  --accent: #1d5a3e; --keyword: #7a3268; --string: #2c6240; --number: #8a4a08; --name: #1f5484;
  --warning: #a02c1d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #1b1815; --tint: #252119; --ink: #ebe5d8; --quiet: #a89f8d; --line: #3a342b;
    --accent: #9bcba6; --keyword: #d7a0cb; --string: #9bcba6; --number: #e0ad72;
    --name: #94c0e6; --warning: #f0988a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.6 system-ui, sans-serif;
}
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; overflow-wrap: break-word; }
h1 { font-size: 28px; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 15px; margin: 0 0 .5rem; }
h3, h4, h5, h6 { font-size: 17px; margin: 1.25rem 0 .5rem; }
small, .about, .note, figcaption, summary, .site, .snippet, .media-note, .sources-section, .notes {
  color: var(--quiet); font-size: 13px; font-weight: normal;
}
a { color: var(--accent); }
article { padding: 1rem 0; border-top: 1px solid var(--line); }
article.user { background: var(--tint); padding-inline: 1rem; }
main > details { margin: .5rem 0; }
nav { font-size: 13px; margin-bottom: 1.5rem; }
ol.index { list-style: none; padding: 0; }
ol.index li { padding: .35rem 0; border-top: 1px solid var(--line); }
.plain, .transcript .plain { white-space: pre-wrap; }
pre { overflow-x: auto; margin: 0; padding: .75rem; font: 14px/1.5 ui-monospace, monospace; }
code, samp { font-family: ui-monospace, monospace; font-size: .9em; }
figure { margin: 1rem 0; }
figure.code, figure.output, .canvas, .box, .card, .media-frame {
  border: 1px solid var(--line); border-radius: 4px;
}
figure.code figcaption, figure.output figcaption { padding: .25rem .75rem; }
.canvas, .box, .card, .media-frame { padding: .75rem; margin: 1rem 0; }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 2px solid var(--line); }
.table { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .75rem; text-align: left; }
.align-right { text-align: right; }
.align-center { text-align: center; }
img, video { max-width: 100%; height: auto; }
audio { width: 100%; }
button[data-copy] { display: none; }
button.media-image { all: unset; display: block; }
.media-grid {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: 1rem;
}
.media-frame { color: var(--quiet); border-style: dashed; }
.code-title { margin-left: .75rem; }
.task { list-style: none; }
.task-box::before { content: "\\2610\\00a0"; }
.task-box[data-state="done"]::before { content: "\\2611\\00a0"; }
.cite a, .cite span { margin-left: .15em; text-decoration: none; }
.snippet { display: block; }
math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", math; }
.math.display { display: block; overflow-x: auto; text-align: center; }
mtd[columnalign="left"] { text-align: left; }
mtd[columnalign="right"] { text-align: right; }
menclose[notation~="box"] { border: 1px solid; }
.keyword, .heading { color: var(--keyword); }
.string, .added { color: var(--string); }
.comment { color: var(--quiet); font-style: italic; }
.number, .type { color: var(--number); }
.function, .builtin { color: var(--name); }
.removed, .error, .failed pre, .notice.error { color: var(--warning); }
@media print { body { font-size: 11pt; } article.user { background: none; } }
"""
