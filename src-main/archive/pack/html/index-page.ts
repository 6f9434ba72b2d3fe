/**
 * The one page. It may load its own scripts and style from beside it and nothing else: `file:` stands there because browsers
 * do not agree on what `'self'` is for a page that was opened from a disk.
 */
const policy =
  "default-src 'none'; script-src 'self' file:; style-src 'self' file:; base-uri 'none'; form-action 'none'; connect-src 'none'"

export const indexPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Evidence pack</title>
<link rel="stylesheet" href="page.css">
</head>
<body>
<noscript><p>This page needs scripts to read the messages, which lie beside it. Without them: <code>data/index.csv</code> lists every record.</p></noscript>
<header>
<h1 id="title"></h1>
<p id="about"></p>
<p id="derived"></p>
<form id="form" role="search">
<label id="label" for="query"></label>
<input id="query" type="search" autocomplete="off" dir="auto">
<label id="language-label" for="language"></label>
<select id="language"></select>
</form>
</header>
<p id="status" role="status"></p>
<main id="main">
<ol id="list"></ol>
<button id="more" type="button" hidden></button>
<article id="message" tabindex="-1" hidden></article>
</main>
<script src="words.js"></script>
<script src="page.js"></script>
<script src="data/index.js"></script>
</body>
</html>
`
