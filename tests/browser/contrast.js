// Watches what is painted on every canvas, on the page or laid on one that is, and what lay under it: window.painted gets an entry
// {kind, colour, alpha, grounds: {"r,g,b": pixels}} for each change of style. With ?shades in the address,
// translucent areas are not looked at: there are thousands, and each stands for a number.
(() => {
  const proto = CanvasRenderingContext2D.prototype, raw = {}, layers = (window.painted = []), open = new Map();
  const read = pen => raw.getImageData.call(pen, 0, 0, pen.canvas.width, pen.canvas.height).data;
  const parse = style => {
    if (typeof style !== "string") return null;
    const hex = /^#(\w\w)(\w\w)(\w\w)$/.exec(style), rgb = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(style);
    return hex ? [1, 2, 3].map(i => parseInt(hex[i], 16)) : rgb ? [1, 2, 3].map(i => +rgb[i]) : null;
  };
  raw.getImageData = proto.getImageData;
  function close(pen) {
    const layer = open.get(pen); if (!layer) return; open.delete(pen);
    const after = read(pen), { before, colour, alpha } = layer, grounds = {};
    for (let i = 0; i < after.length; i += 4) {
      if (after[i] === before[i] && after[i + 1] === before[i + 1] && after[i + 2] === before[i + 2]) continue;
      // only where the paint covers the whole pixel: edges are mixtures
      if ([0, 1, 2].some(n => Math.abs(after[i + n] - (before[i + n] + (colour[n] - before[i + n]) * alpha)) > 2)) continue;
      const key = before[i + 3] ? [before[i], before[i + 1], before[i + 2]].join() : "nothing";
      grounds[key] = (grounds[key] ?? 0) + 1;
    }
    layers.push({ kind: layer.kind, colour: colour.join(), alpha, grounds });
  }
  window.closeLayers = () => { for (const pen of [...open.keys()]) close(pen); };
  for (const [name, style] of Object.entries({ stroke: "strokeStyle", fill: "fillStyle", fillRect: "fillStyle", strokeRect: "strokeStyle", fillText: "fillStyle", strokeText: "strokeStyle" })) {
    raw[name] = proto[name];
    proto[name] = function (...given) {
      const colour = parse(this[style]), kind = name === "fillText" ? "text" : name.startsWith("stroke") ? "line" : "area";
      const now = open.get(this);
      if (kind === "area" && this.globalAlpha < 1 && location.search === "?shades") { close(this); return raw[name].apply(this, given); }
      if (colour && !(now && now.kind === kind && now.alpha === this.globalAlpha && now.colour.join() === colour.join())) {
        close(this);
        open.set(this, { before: read(this), kind, colour, alpha: this.globalAlpha });
      }
      return raw[name].apply(this, given);
    };
  }
  for (const name of ["drawImage", "clearRect", "putImageData"]) {
    raw[name] = proto[name];
    proto[name] = function (...given) { close(this); return raw[name].apply(this, given); };
  }
})();
