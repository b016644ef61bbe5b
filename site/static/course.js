// A menu that lies over the page makes way for what was chosen in it; an open "Colab" or "JupyterLab" closes on Escape or a click beside it.
document.addEventListener("click", event => {
  const over = event.target.closest("dialog[open]");
  if (over && event.target.closest("a[href*='#']")) over.close();
  for (const way of document.querySelectorAll(".ways details[open]")) if (!way.contains(event.target)) way.open = false;
});
document.addEventListener("keydown", event => {
  const way = event.key === "Escape" && document.querySelector(".ways details[open]");
  if (way) { way.open = false; way.querySelector("summary").focus(); }
});
