// A map of a function of two variables: its shading and its level sets.

const N = 121;

// Marching squares, at values whose square roots are evenly spaced: the rings of a bowl lie evenly.
export function levels(f, [x0, x1, y0, y1], px, py, count = 16) {
  const o = new Float64Array(6), V = new Float64Array(N * N), X = i => x0 + (x1 - x0) * i / (N - 1), Y = j => y0 + (y1 - y0) * j / (N - 1);
  for (let j = 0; j < N; j++) for (let i = 0; i < N; i++) V[j * N + i] = f(X(i), Y(j), o)[0];
  const low = V.reduce((a, b) => Math.min(a, b)), high = V.reduce((a, b) => Math.max(a, b)), path = new Path2D();
  for (let l = 1; l < count; l++) {
    const z = low + (high - low) * (l / count) ** 2;
    for (let j = 0; j < N - 1; j++) for (let i = 0; i < N - 1; i++) {
      const a = V[j * N + i], b = V[j * N + i + 1], d = V[(j + 1) * N + i + 1], e = V[(j + 1) * N + i], p = [];
      if ((a < z) !== (b < z)) p.push([X(i + (z - a) / (b - a)), Y(j)]);
      if ((b < z) !== (d < z)) p.push([X(i + 1), Y(j + (z - b) / (d - b))]);
      if ((e < z) !== (d < z)) p.push([X(i + (z - e) / (d - e)), Y(j + 1)]);
      if ((a < z) !== (e < z)) p.push([X(i), Y(j + (z - a) / (e - a))]);
      for (let n = 0; n + 1 < p.length; n += 2) { path.moveTo(px(p[n][0]), py(p[n][1])); path.lineTo(px(p[n + 1][0]), py(p[n + 1][1])); }
    }
  }
  return { path, low, high, values: V };
}

// A small picture of the values, from the colour `low` to the colour `high`; drawn large it is smooth.
export function shade({ values, low, high }, colour) {
  const picture = document.createElement("canvas"); picture.width = picture.height = N;
  const pen = picture.getContext("2d"), image = pen.createImageData(N, N), rgb = text => [1, 3, 5].map(i => parseInt(text.slice(i, i + 2), 16));
  const from = rgb(colour.low), to = rgb(colour.high);
  for (let j = 0; j < N; j++) for (let i = 0; i < N; i++) {
    const t = Math.sqrt(Math.max(0, (values[j * N + i] - low) / (high - low || 1))), at = 4 * ((N - 1 - j) * N + i);
    for (let n = 0; n < 3; n++) image.data[at + n] = from[n] + (to[n] - from[n]) * t;
    image.data[at + 3] = 255;
  }
  pen.putImageData(image, 0, 0);
  return picture;
}
