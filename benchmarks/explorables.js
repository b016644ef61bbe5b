// Drags what can be dragged, one movement a frame, and takes the time: frames, drawing, and from input to paint.
(() => {
  const draws = [], paints = [], ask = window.requestAnimationFrame.bind(window);
  let ours = false;   // frames asked for here are not the explorable's
  window.requestAnimationFrame = callback => ours ? ask(callback) : ask(time => { const from = performance.now(); callback(time); draws.push(performance.now() - from); });
  const frame = () => new Promise(done => { ours = true; ask(done); ours = false; });
  const afterFrame = then => { ask(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = then; port2.postMessage(0); }); };

  const view = document.querySelector("canvas[tabindex]"), slider = document.querySelector("input[type=range]");
  const send = (kind, x, y) => view.dispatchEvent(new PointerEvent(kind, { pointerId: 1, bubbles: true, clientX: x, clientY: y, buttons: 1 }));
  const ways = {
    pointer: phase => { const r = view.getBoundingClientRect(); send("pointermove", r.left + r.width * (0.5 + 0.3 * Math.cos(phase)), r.top + r.height * (0.5 + 0.3 * Math.sin(phase))); },
    slider: phase => { slider.value = +slider.min + (slider.max - slider.min) * (0.5 + 0.45 * Math.sin(phase)); slider.dispatchEvent(new Event("input")); },
    buttons: () => { const all = [...document.querySelectorAll(".views button")]; (all[0] ?? document.querySelector(".lx button:not(:disabled)")).click(); },
  };
  window.dragFor = async seconds => {
    const way = view ? ways.pointer : slider ? ways.slider : ways.buttons;
    if (view) { view.setPointerCapture = () => {}; const r = view.getBoundingClientRect(); send("pointerdown", r.left + r.width / 2, r.top + r.height / 2); }
    for (let k = 0; k < 10; k++) { way(k / 20); await frame(); }   // what is computed once
    draws.length = 0;
    const start = performance.now(); let frames = 0;
    while (performance.now() - start < 1000 * seconds) {
      const sent = performance.now();
      way(frames / 20); afterFrame(() => paints.push(performance.now() - sent));
      await frame(); frames += 1;
    }
    return { frames, seconds: (performance.now() - start) / 1000, draws, paints };
  };
})();
