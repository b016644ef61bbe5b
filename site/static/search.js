// The excerpts of a search: from the text, not from menus beside it; formulas typeset, and none that an end of the excerpt cuts in two.
(() => {
  if (typeof Search === "undefined") return;  // Sphinx's own, on the page of a search
  const text = Search.htmlToText, excerpt = Search.makeSearchSummary;
  const BESIDE = "#jb-print-docs-body, .bd-header-article, .bd-sidebar-secondary, dialog, .ways, .lx, footer";
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const part of page.querySelectorAll(BESIDE)) part.remove();
    return text(page.documentElement.outerHTML, anchor);
  };
  let ready = null;  // MathJax is asked for with the first formula
  const mathjax = () => ready ??= new Promise(done => {
    window.MathJax = { options: { enableMenu: false }, startup: { typeset: false } };
    const script = document.createElement("script");
    script.src = "_static/mathjax/tex-chtml.js";
    script.onload = () => window.MathJax.startup.promise.then(() => done(window.MathJax));
    document.head.append(script);
  });
  const whole = text => {
    for (const [opening, closing] of [["\\(", "\\)"], ["\\[", "\\]"]]) {
      const opens = text.indexOf(opening), closes = text.indexOf(closing);
      if (closes >= 0 && (opens < 0 || closes < opens)) text = "…" + text.slice(closes + 2);
      const last = text.lastIndexOf(opening);
      if (last > text.lastIndexOf(closing)) text = text.slice(0, last) + "…";
    }
    return text;
  };
  Search.makeSearchSummary = (...given) => {
    const made = excerpt(...given);
    if (!made) return made;
    made.textContent = whole(made.textContent);
    if (/\\[([]/.test(made.textContent)) mathjax().then(m => m.typesetPromise([made]));
    return made;
  };
})();
