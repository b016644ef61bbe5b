// Drags what can be dragged and takes the time: frames and drawing, one movement a frame; from input to paint, for real input.
(() => {
  const draws = [], paints = [], ask = window.requestAnimationFrame.bind(window);
  let ours = false;   // frames asked for here are not the explorable's
  window.requestAnimationFrame = callback => ours ? ask(callback) : ask(time => { const from = performance.now(); callback(time); draws.push(performance.now() - from); });
  const frame = () => new Promise(done => { ours = true; ask(done); ours = false; });
  const afterFrame = then => { ask(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = then; port2.postMessage(0); }); };

  const view = document.querySelector("canvas[tabindex]"), slider = document.querySelector("input[type=range]");
  const buttons = () => { const all = [...document.querySelectorAll(".views button")]; return all[0] ?? document.querySelector(".lx button:not(:disabled)"); };
  const send = (kind, x, y) => view.dispatchEvent(new PointerEvent(kind, { pointerId: 1, bubbles: true, clientX: x, clientY: y, buttons: 1 }));
  const kind = view ? "pointer" : slider ? "slider" : "buttons";
  const ways = {
    pointer: phase => { const r = view.getBoundingClientRect(); send("pointermove", r.left + r.width * (0.5 + 0.3 * Math.cos(phase)), r.top + r.height * (0.5 + 0.3 * Math.sin(phase))); },
    slider: phase => { slider.value = +slider.min + (slider.max - slider.min) * (0.5 + 0.45 * Math.sin(phase)); slider.dispatchEvent(new Event("input")); },
    buttons: () => buttons().click(),
  };
  window.dragFor = async seconds => {
    const way = ways[kind];
    if (view) { view.setPointerCapture = () => {}; const r = view.getBoundingClientRect(); send("pointerdown", r.left + r.width / 2, r.top + r.height / 2); }
    for (let k = 0; k < 10; k++) { way(k / 20); await frame(); }   // what is computed once
    draws.length = 0;
    const start = performance.now(); let frames = 0;
    while (performance.now() - start < 1000 * seconds) { way(frames / 20); await frame(); frames += 1; }
    if (view) { send("pointerup", 0, 0); delete view.setPointerCapture; }
    return { frames, seconds: (performance.now() - start) / 1000, draws };
  };

  // Where a real mouse can take hold; from now on each of its events is timed, from when the browser got it to the task after the frame that shows it.
  window.watch = () => {
    const event = kind === "buttons" ? "click" : "pointermove", target = view ?? slider ?? buttons();
    target.scrollIntoView({ block: "center" });
    addEventListener(event, e => { const sent = (e.getCoalescedEvents?.()[0] ?? e).timeStamp; if (kind === "buttons" || e.buttons) afterFrame(() => paints.push(performance.now() - sent)); }, true);
    const { left, top, width, height } = target.getBoundingClientRect();
    return { kind, left, top, width, height };
  };
  window.watched = () => paints;
})();
